import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './processes/replaceFile.ts';
import type { State } from './state.ts';
import { StepError } from './step.ts';

/** Ledgers that a start can bring up itself. */
export const ledgerKinds = ['devnet', 'fabric', 'compose'] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/** One of them, or a network that runs already, by its ledger profile. */
export type LedgerChoice = LedgerKind | { profile: string };

/**
 * Notes which ledger a state folder belongs to. Whoever has begun on one is not given another, which does not have what the
 * database has been told of: throws a StepError then.
 */
export async function keepChoice(state: State, choice: LedgerChoice): Promise<void> {
  const file = state.path('ledger', 'kind');
  const named = typeof choice === 'string' ? choice : 'profile';
  const begun = readLedgerKind(state.dir);
  if (begun === named) return;
  if (begun !== undefined) {
    const goOn = begun === 'profile' ? 'name its profile: --ledger FILE' : `npm start -- --ledger ${begun}`;
    throw new StepError(`${state.dir} was begun on another ledger (${describe(begun)}).`, {
      advice: `go on with that one, ${goOn}, name another folder (--state DIR), or begin anew, which deletes everything: --fresh.`,
    });
  }
  await replaceFile(file, named);
}

/** Which ledger a state folder belongs to, `profile` for a network of its own; undefined where it has none yet. */
export function readLedgerKind(stateDir: string): string | undefined {
  const file = join(stateDir, 'ledger', 'kind');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  // Folders of before this was noted.
  return existsSync(join(stateDir, 'ledger', 'devnet')) ? 'devnet' : undefined;
}

function describe(kind: string): string {
  return kind === 'profile' ? 'a network of its own' : kind;
}
