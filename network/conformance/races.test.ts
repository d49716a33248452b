import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findFabric } from '../fabric/programs.ts';
import { Consortium } from './consortium.ts';
import { raceOn } from './gatewayRace.ts';
import { ledgerVariable } from './ledgers/variable.ts';

/** The property of `interleave.test.ts` where clients, peers and orderers run: what is there is what was answered, whoever races. */

const { RACE_SEED: seed, RACE_INTERLEAVINGS: interleavings } = z
  .object({
    RACE_SEED: z.coerce
      .number()
      .int()
      .default(Math.floor(Math.random() * 2 ** 32)),
    RACE_INTERLEAVINGS: z.coerce.number().int().min(40).max(100_000).default(80),
  })
  .parse(process.env);
const chosen = process.env[ledgerVariable];
const ledgers = chosen === undefined ? ['devnet', 'fabric'] : [chosen];
const isMissing = (name: string) => name === 'fabric' && findFabric() === undefined;
if (ledgers.some(isMissing))
  console.info('skipped: no Fabric binaries (set FABRIC_BIN, or npm run network:get-fabric)');

/** Two minutes for the network, and as long as a slow machine may take. */
const timeout = 120_000 + interleavings * 3_000;

describe.each(ledgers)('%s', (name) => {
  it.skipIf(isMissing(name))(
    `ten pharmacies at once never dispense more than is prescribed, RACE_SEED=${seed}`,
    async () => {
      const consortium = await Consortium.start(name);
      try {
        const told = await raceOn(consortium, { seed, goesOn: (so) => so.interleavings < interleavings });
        console.info(`${name}, RACE_SEED=${seed}: ${JSON.stringify(told)}`);
        expect(told).toMatchObject({ violations: 0, faults: [] });
        // The claim is empty unless they do get in each other's way.
        for (const count of ['committed', 'conflicts', 'refused'] as const)
          expect(told[count], count).toBeGreaterThan(interleavings / 20);
        expect(told.dispenses).toBeGreaterThan(interleavings / 40);
      } finally {
        await consortium.close();
      }
    },
    timeout,
  );
});
