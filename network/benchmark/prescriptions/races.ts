import { join } from 'node:path';
import { compileChaincode } from '#chaincode/testing/compile.ts';

export interface RaceFigures {
  raceViolations: number;
  interleavings: number;
  /** Transactions that became valid, lost against another, or were refused. */
  raced: { committed: number; conflicts: number; refused: number };
}

/** Ten pharmacies at the same prescriptions, on the contract with simulation, MVCC and commit. */
export async function raceOf(seed: number, rounds: number): Promise<RaceFigures> {
  const compiled = await compileChaincode({ testing: true });
  try {
    const file = join(compiled.folder, 'testing', 'interleave.js');
    const { interleave }: typeof import('#chaincode/testing/interleave.ts') = await import(file);
    const { violations, interleavings, committed, conflicts, refused } = await interleave(seed, rounds);
    return { raceViolations: violations, interleavings, raced: { committed, conflicts, refused } };
  } finally {
    compiled.remove();
  }
}
