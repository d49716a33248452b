import { join } from 'node:path';
import { compileChaincode } from '#chaincode/testing/compile.ts';
import { Consortium } from '../../conformance/consortium.ts';
import { raceOn } from '../../conformance/gatewayRace.ts';
import type { LedgerName } from '../ledger.ts';

export interface RaceFigures {
  raceViolations: number;
  interleavings: number;
  /** Transactions that became valid, lost against another, or were refused. */
  raced: { committed: number; conflicts: number; refused: number; dispenses: number };
}

export interface LedgerRaceFigures {
  raceViolationsOnLedger: number;
  interleavingsOnLedger: number;
  /** Endorsed or not. */
  transactionsOnLedger: number;
  /** `disagreed`: peers at different blocks answered differently, and nothing was ordered. */
  racedOnLedger: { committed: number; conflicts: number; refused: number; disagreed: number; dispenses: number };
}

/** The same on a running network, so long. */
export async function raceOnLedger(ledger: LedgerName, seed: number, seconds: number): Promise<LedgerRaceFigures> {
  const consortium = await Consortium.start(ledger);
  try {
    let end: number | undefined;
    const told = await raceOn(consortium, {
      seed,
      goesOn: () => {
        end ??= performance.now() + seconds * 1_000;
        return performance.now() < end;
      },
    });
    const { violations, interleavings, committed, conflicts, refused, disagreed, dispenses, faults } = told;
    for (const fault of faults) process.stderr.write(`${fault}\n`);
    return {
      raceViolationsOnLedger: violations,
      interleavingsOnLedger: interleavings,
      transactionsOnLedger: committed + conflicts + refused + disagreed,
      racedOnLedger: { committed, conflicts, refused, disagreed, dispenses },
    };
  } finally {
    await consortium.close();
  }
}

/** Ten pharmacies at the same prescriptions, on the contract with simulation, MVCC and commit. */
export async function raceOf(seed: number, rounds: number): Promise<RaceFigures> {
  const compiled = await compileChaincode({ testing: true });
  try {
    const file = join(compiled.folder, 'testing', 'interleave.js');
    const { interleave }: typeof import('#chaincode/testing/interleave.ts') = await import(file);
    const { violations, interleavings, committed, conflicts, refused, dispenses } = await interleave(seed, rounds);
    return { raceViolations: violations, interleavings, raced: { committed, conflicts, refused, dispenses } };
  } finally {
    compiled.remove();
  }
}
