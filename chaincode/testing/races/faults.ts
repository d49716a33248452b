import type { Prescription, PrescriptionHistoryEntry } from '../../model/prescription.ts';
import type { RaceCall } from './calls.ts';

/** What must hold of what stands on the ledger, whoever raced. */

type Rules = Record<string, boolean>;

const broken = (rules: Rules): string[] => Object.keys(rules).filter((rule) => !rules[rule]);

/** Of a prescription alone. */
function ofState(state: Prescription): Rules {
  const total = state.quantity * state.fills;
  const dispensed = state.dispenses.reduce((sum, { quantity }) => sum + quantity, 0);
  const isHeld = state.state === 'accepted' || state.state === 'partial';
  const reserved = state.reservation?.quantity ?? 0;
  return {
    'never more than prescribed': dispensed <= total,
    'what is left is what was not dispensed': state.left === total - dispensed,
    'nothing left is completed': state.left > 0 || state.state === 'completed',
    'a holder where it is held': (state.holder !== undefined) === isHeld,
    'no more reserved than left': reserved <= state.left && (reserved === 0 || isHeld),
    'each dispense once': new Set(state.dispenses.map(({ id }) => id)).size === state.dispenses.length,
    'nothing of a hold without one': isHeld || (state.transfer === undefined && state.holdNotice === undefined),
  };
}

/** Of one version and the next. */
function ofChange(before: Prescription, after: Prescription): Rules {
  const added = after.dispenses.slice(before.dispenses.length);
  return {
    'versions rise by one': after.version === before.version + 1,
    'what was dispensed stays': isSame(after.dispenses.slice(0, before.dispenses.length), before.dispenses),
    'one dispense at a time, by the holder': added.length <= 1 && added.every((each) => isOf(each, before.holder)),
    'what was ended stays so': before.state !== 'completed' && before.state !== 'cancelled',
  };
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const isOf = (made: { institutionId: string }, holder: { institutionId: string } | undefined) =>
  made.institutionId === holder?.institutionId;

/** Of the call that made one version of the other: two pharmacies that are told the same would both believe to hold it. */
function ofCall({ name, args, institution = '' }: RaceCall, before: Prescription, after: Prescription): Rules {
  const own = { institutionId: institution };
  switch (name) {
    case 'accept':
      return { 'taken while nobody held it': before.holder === undefined && isOf(own, after.holder) };
    case 'acceptTransfer':
      return { 'taken as it was offered': before.transfer?.to === institution && isOf(own, after.holder) };
    case 'dispense': {
      const { id, quantity } = JSON.parse(args[1] ?? '{}');
      const added = after.dispenses.at(-1);
      const isThere = added?.id === id && added?.quantity === quantity && after.left === before.left - quantity;
      return { 'dispensed as it was called': isThere && isOf(own, before.holder) };
    }
    default:
      return { 'units leave by a dispense alone': after.left === before.left };
  }
}

export interface Seen {
  state: Prescription;
  /** Oldest first. */
  history: readonly PrescriptionHistoryEntry[];
  /** Versions that were looked at before. */
  known: number;
  /** Calls since then that were told to be valid, by transaction. */
  valid: ReadonlyMap<string, RaceCall>;
  /** Whether all of them were endorsed on the same state. */
  onOneState: boolean;
}

/** The rules that a prescription breaks, each time. */
export function faultsOf({ state, history, known, valid, onOneState }: Seen): string[] {
  const fresh = history.slice(known);
  const whole: Rules = {
    'every version stands in the history': history.every(({ prescription }, at) => prescription.version === at + 1),
    'what is read is the last version': isSame(history.at(-1)?.prescription, state),
    'what was valid is there, and nothing else':
      fresh.length === valid.size && fresh.every(({ transactionId }) => valid.has(transactionId)),
    // Never two holders: of those who were endorsed on the same state, one counts.
    'one of those on the same state': !onOneState || valid.size <= 1,
  };
  const steps = fresh.flatMap(({ transactionId, prescription: after }, at) => {
    const before = history[known + at - 1]?.prescription;
    const call = valid.get(transactionId);
    const rules = { ...ofState(after), ...(before && ofChange(before, after)) };
    return broken({ ...rules, ...(before && call && ofCall(call, before, after)) });
  });
  return [...broken(whole), ...steps];
}
