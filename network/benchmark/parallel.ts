import { mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { compileChaincode } from '#chaincode/testing/compile.ts';
import { requireFabric } from '../fabric/programs.ts';
import { createProgress, StepError } from '../step.ts';
import { batching } from './carePlan.ts';
import { ensureCaliper } from './install.ts';
import type { LedgerName } from './ledger.ts';
import { measureNetwork } from './measure.ts';
import { type LedgerFigures, type Results, writeResults } from './results.ts';
import { unfinished } from './rounds.ts';
import { round } from './statistics.ts';
import { summarise } from './summary.ts';

/**
 * `npm run bench:parallel`: the same contracts on 1, 2, 4 and 8 care chains, on the devnet and on native Fabric, with Caliper. All
 * on the loopback of this machine. Details go to `.medloom/bench/parallel.json`; the last line is one JSON object.
 */

const optionsSchema = z.object({
  ledger: z.enum(['devnet', 'fabric', 'both']).default('both'),
  seconds: z.coerce.number().min(2).max(120).default(10),
  offered: z.coerce.number().min(1).max(500).default(20),
  chains: z
    .string()
    .default('1,2,4,8')
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.int().min(1).max(8)).min(1).max(8)),
});

const { values } = parseArgs({
  options: {
    ledger: { type: 'string' },
    seconds: { type: 'string' },
    offered: { type: 'string' },
    chains: { type: 'string' },
  },
});
const options = optionsSchema.parse(values);

/** The ledgers that can run here, and why another cannot. A ledger that was asked for alone must be there. */
function choose(): { ledgers: LedgerName[]; missing: Results['missing'] } {
  if (options.ledger === 'devnet') return { ledgers: ['devnet'], missing: {} };
  try {
    requireFabric();
  } catch (error) {
    if (options.ledger === 'fabric' || !(error instanceof StepError)) throw error;
    return { ledgers: ['devnet'], missing: { fabric: error.message } };
  }
  return { ledgers: options.ledger === 'fabric' ? ['fabric'] : ['devnet', 'fabric'], missing: {} };
}

const progress = createProgress();
const folder = mkdtempSync(join(tmpdir(), 'medloom-parallel-'));
const compiled = await compileChaincode();
try {
  const { ledgers, missing } = choose();
  for (const reason of Object.values(missing)) progress.say(`Only the devnet is measured: ${reason}`);
  await ensureCaliper(progress.say);
  const measured: LedgerFigures[] = [];
  for (const ledger of ledgers) {
    const figures: LedgerFigures = { ledger, networks: [] };
    for (const chains of options.chains)
      await progress.step(`${ledger}, ${chains} care ${chains === 1 ? 'chain' : 'chains'}`, async (note) => {
        figures.networks.push(
          await measureNetwork({
            ...{ ledger, chains, note, serveFile: compiled.serveFile, folder: join(folder, 'network') },
            ...{ offered: options.offered, seconds: options.seconds },
          }),
        );
      });
    measured.push(figures);
  }
  const results: Results = {
    measuredAt: new Date().toISOString(),
    machine: {
      ...{ processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGb: round(totalmem() / 1e9) },
      ...{ node: process.versions.node, system: `${platform()} ${release()} ${arch()}` },
    },
    options: { seconds: options.seconds, offered: options.offered, unfinished, ...batching },
    ...{ ledgers: measured, missing },
  };
  writeResults(results);
  progress.close();
  process.stdout.write(`${JSON.stringify(summarise(results))}\n`);
} finally {
  progress.close();
  compiled.remove();
  rmSync(folder, { recursive: true, force: true });
}
