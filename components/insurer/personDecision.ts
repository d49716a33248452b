import type { ClaimReason } from '#chaincode/model/plan.ts';
import { sumOf } from '#coverage/share.ts';
import type { Shares } from '#fhir/adjudication.ts';
import type { Decided } from '#fhir/explanation.ts';
import { readAmount, writeAmount } from './amount.ts';

/** A person's decision while it is made: by item what counts and what the insurer pays of it. */
export interface DecisionDraft {
  outcome: 'approve' | 'deny';
  /** In the claim's order, as they are typed. */
  items: { allowed: string; insurer: string }[];
  reasons: ClaimReason[];
  /** For the patient. */
  note: string;
}
export type DecisionFault = 'amount' | 'aboveBilled' | 'aboveAllowed' | 'nothing' | 'reason' | 'note';
/** By field: `items.0.allowed`, `items.0.insurer`, `items`, `reasons`, `note`. */
export type DecisionFaults = ReadonlyMap<string, DecisionFault>;

const leastNote = 3;

/** What a form begins with: what the rules would pay. */
export const draftDecision = ({ items }: { items: readonly Shares[] }): DecisionDraft => ({
  outcome: 'approve',
  items: items.map(({ allowed, insurer }) => ({ allowed: writeAmount(allowed), insurer: writeAmount(insurer) })),
  ...{ reasons: [], note: '' },
});

/**
 * The decision, or which fields are wrong. `proposed`: the rules' shares of each item, whose co-pay and deductible stay as far as the
 * patient pays so much. What is denied, and what is paid less than it was billed, has a reason and words for the patient.
 */
export function decideBy(
  draft: DecisionDraft,
  proposed: readonly Shares[],
): { decided: Omit<Decided, 'trace'> } | { faults: DecisionFaults } {
  const faults = new Map<string, DecisionFault>();
  const items = proposed.map((item, place): Shares => {
    if (draft.outcome === 'deny') return { ...none, billed: item.billed };
    const field = `items.${place}`;
    const allowed = readAmount(draft.items[place]?.allowed ?? '');
    const insurer = readAmount(draft.items[place]?.insurer ?? '');
    if (allowed === undefined) faults.set(`${field}.allowed`, 'amount');
    else if (allowed > item.billed) faults.set(`${field}.allowed`, 'aboveBilled');
    if (insurer === undefined) faults.set(`${field}.insurer`, 'amount');
    else if (allowed !== undefined && insurer > allowed) faults.set(`${field}.insurer`, 'aboveAllowed');
    const patient = (allowed ?? 0) - (insurer ?? 0);
    const deductible = Math.max(0, Math.min(item.deductible, patient));
    return {
      ...{ billed: item.billed, allowed: allowed ?? 0, insurer: insurer ?? 0, patient, deductible },
      coPay: Math.max(0, Math.min(item.coPay, patient - deductible)),
    };
  });
  const total = sumOf(items);
  if (draft.outcome === 'approve' && total.allowed === 0 && faults.size === 0) faults.set('items', 'nothing');
  const isFull = draft.outcome === 'approve' && total.allowed === total.billed;
  const note = draft.note.trim();
  if (!isFull && draft.reasons.length === 0) faults.set('reasons', 'reason');
  if (!isFull && note.length < leastNote) faults.set('note', 'note');
  if (faults.size > 0) return { faults };
  return {
    decided: {
      outcome: draft.outcome === 'deny' ? 'denied' : isFull ? 'approved' : 'partlyApproved',
      ...{ items, total, reasons: isFull ? [] : draft.reasons },
      ...(note !== '' && { note }),
    },
  };
}

const none = { billed: 0, allowed: 0, insurer: 0, patient: 0, coPay: 0, deductible: 0 };
