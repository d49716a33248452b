import { checkCalls } from './groups/calls.ts';
import { checkChain } from './groups/chain.ts';
import { checkConflicts } from './groups/conflicts.ts';
import { checkDisagreement } from './groups/disagreement.ts';
import { checkEvents } from './groups/events.ts';
import { checkHistories } from './groups/histories.ts';
import { checkIterators } from './groups/iterators.ts';
import { checkKeyEndorsement } from './groups/keyEndorsement.ts';
import { checkKeys } from './groups/keys.ts';
import { checkPrivateData } from './groups/privateData.ts';
import { checkRefusals } from './groups/refusals.ts';
import { checkResults } from './groups/results.ts';
import { checkStatuses } from './groups/statuses.ts';
import { checkTampering } from './groups/tampering.ts';
import type { Ledger } from './ledger.ts';

/** A group of checks; its number stands in docs/conformance.md. */
interface Group {
  number: number;
  title: string;
  check(ledger: () => Ledger): void;
}

export const groups: readonly Group[] = [
  { number: 1, title: 'same transactions', check: checkResults },
  { number: 2, title: 'refusals', check: checkRefusals },
  { number: 3, title: 'conflicts', check: checkConflicts },
  { number: 4, title: 'transaction ids and commit status', check: checkStatuses },
  { number: 5, title: 'tampering', check: checkTampering },
  { number: 6, title: 'disagreement', check: checkDisagreement },
  { number: 7, title: 'keys and values', check: checkKeys },
  { number: 8, title: 'iterators and pages', check: checkIterators },
  { number: 9, title: 'history', check: checkHistories },
  { number: 10, title: 'private data', check: checkPrivateData },
  { number: 11, title: 'endorsement by key', check: checkKeyEndorsement },
  { number: 12, title: 'chaincode to chaincode', check: checkCalls },
  { number: 13, title: 'events', check: checkEvents },
  { number: 14, title: 'chain and recovery', check: checkChain },
];
