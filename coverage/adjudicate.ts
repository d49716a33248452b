import type { ClaimDecision } from '#chaincode/model/claim.ts';
import type { ClaimReason } from '#chaincode/model/plan.ts';
import type { Shares } from '#fhir/adjudication.ts';
import type { ClaimStep } from '#fhir/claimStep.ts';
import { findProduct } from '#formulary/products.ts';
import type { ClaimFacts } from './facts.ts';
import { type Grounds, judge } from './judge.ts';
import { Trace } from './trace.ts';

/** What `crypto/claim/evidence.ts` has found of a claim's evidence. */
export interface CheckedEvidence {
  /** What of it is wrong or missing; empty where all of it holds. */
  faults: readonly { reason: ClaimReason; at: string }[];
  /** The prescribed medicine that the commitment shows. */
  prescribed?: { code?: string | undefined; atc?: string | undefined } | undefined;
  /** Whole units, by the dispense that the notaries signed. */
  dispensed?: number | undefined;
}

/** Faults after which nothing is left to ask; of any other a person judges. */
const conclusive: ReadonlySet<ClaimReason> = new Set([
  ...(['EVIDENCE_INVALID', 'TOKEN_INVALID', 'NOT_THE_MEMBER', 'QUANTITY_ABOVE_DISPENSED', 'DUPLICATE'] as const),
]);

export interface Adjudicated extends Grounds {
  facts: ClaimFacts;
  /** In what the ciphertext says something else than the ledger (`disagreements`). */
  disagreements: readonly string[];
  /** Undefined of a claim that carries none. */
  evidence?: CheckedEvidence | undefined;
}

export interface Decision extends Pick<ClaimDecision, 'outcome' | 'allowed' | 'insurer' | 'patient' | 'deductible'> {
  reasons: ClaimReason[];
  items: Shares[];
  total: Shares;
  trace: ClaimStep[];
}
export type Adjudication =
  | (Decision & { review?: undefined })
  /** A person decides; `proposal` is what it would be without what they have to look at. */
  | { review: ClaimReason[]; trace: ClaimStep[]; proposal: Decision };

/**
 * Decides a claim, or hands it to a person: denied where something is conclusive against it, else a person where something is unclear,
 * else shared out by the plan. Pure: the same input always comes to the same.
 */
export function adjudicate(input: Adjudicated): Adjudication {
  const trace = new Trace();
  for (const subject of input.disagreements) trace.add('agreement', 'denied', { subject, reason: 'EVIDENCE_INVALID' });
  if (input.disagreements.length === 0) trace.add('agreement', 'passed');
  checkEvidence(input, trace);
  const judged = judge(input.facts, input, trace);
  const denials = trace.reasons('denied');
  // An item that is not covered takes nothing from the others.
  const isDenied = trace.steps.some(({ verdict, item }) => verdict === 'denied' && item === undefined);
  const reviews = trace.reasons('review');
  const { items, total } = isDenied ? nothingOf(judged.items) : judged;
  const reasons = [...new Set([...denials, ...trace.reasons('reduced')])].slice(0, 8);
  const outcome = total.allowed === 0 ? 'denied' : total.allowed < total.billed ? 'partlyApproved' : 'approved';
  const isForPerson = outcome !== 'denied' && reviews.length > 0;
  trace.add('outcome', isForPerson ? 'review' : 'passed', {
    ...{ subject: outcome, numbers: { ...total } },
    ...(isForPerson && { reason: reviews[0] }),
  });
  const { allowed, insurer, patient, deductible } = total;
  const decision: Decision = {
    ...{ outcome, allowed, insurer, patient, deductible, items, total, trace: trace.steps },
    reasons: outcome === 'approved' ? [] : reasons.length > 0 ? reasons : ['OTHER'],
  };
  return isForPerson ? { review: reviews.slice(0, 8), trace: trace.steps, proposal: decision } : decision;
}

function nothingOf(items: readonly Shares[]): { items: Shares[]; total: Shares } {
  const none = (billed: number): Shares => ({ billed, allowed: 0, insurer: 0, patient: 0, coPay: 0, deductible: 0 });
  const billed = items.reduce((sum, item) => sum + item.billed, 0);
  return { items: items.map((item) => none(item.billed)), total: none(billed) };
}

function checkEvidence({ facts, evidence }: Adjudicated, trace: Trace): void {
  if (evidence === undefined) {
    // Only of a medicine is there something that others have signed.
    const isMissing = facts.category === 'medicine' && facts.use === 'claim';
    const told = { subject: 'none', ...(isMissing && { reason: 'EVIDENCE_MISSING' as const }) };
    trace.add('evidence', isMissing ? 'review' : 'passed', told);
    return;
  }
  for (const { reason, at: subject } of evidence.faults) {
    trace.add('evidence', conclusive.has(reason) ? 'denied' : 'review', { subject, reason });
  }
  if (evidence.faults.length === 0) trace.add('evidence', 'passed');
  dispensedAsBilled(facts, evidence, trace);
}

/** What is billed is what was prescribed, or a product of the same substance in its place, and no more than was handed out. */
function dispensedAsBilled(facts: ClaimFacts, { prescribed, dispensed }: CheckedEvidence, trace: Trace): void {
  const atc = findProduct(prescribed?.code ?? '')?.atc ?? prescribed?.atc;
  for (const item of facts.items) {
    if (prescribed === undefined || item.code === prescribed.code) continue;
    if (atc !== undefined && atc === item.atc) continue;
    trace.add('evidence', 'review', { item: item.sequence, subject: 'otherMedicine', reason: 'EVIDENCE_INVALID' });
  }
  if (dispensed === undefined) return;
  const billed = facts.items.reduce((sum, { quantity }) => sum + quantity, 0);
  const isAbove = billed > dispensed;
  trace.add('quantity', isAbove ? 'denied' : 'passed', {
    ...{ numbers: { billed, dispensed } },
    ...(isAbove && { reason: 'QUANTITY_ABOVE_DISPENSED' }),
  });
}
