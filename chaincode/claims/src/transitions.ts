import {
  appealMessages,
  type Claim,
  type ClaimDecision,
  mostClaimMessages,
  mostDecisionsOfClaim,
} from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import type { SealedContent } from '../../model/policy.ts';
import { decisionInForce } from '../../model/usage.ts';
import { dueOfInsurer, paidBy } from './shares.ts';

/** The state machine of a claim: pure, without storage and without the question who may do it. */

/** Who does it, `prac-…`, `dev-…` or `pol-…`, and when. */
export interface Act {
  by: string;
  at: Date;
}

function requireState(claim: Claim, ...states: Claim['state'][]): void {
  if (!states.includes(claim.state)) throw new LedgerError('WRONG_STATE', `${claim.id} is ${claim.state}`);
}

/** Refuses what was judged on an older version: STALE. */
export function requireVersion(claim: Claim, version: number): void {
  if (claim.version !== version) throw new LedgerError('STALE', `${claim.id} is at version ${claim.version}`);
}

const changed = (claim: Claim, change: Partial<Claim>): Claim => ({ ...claim, ...change, version: claim.version + 1 });

/** The adjudicator leaves it to a person. */
export function review(claim: Claim, reasons: NonNullable<Claim['review']>['reasons'], { by, at }: Act): Claim {
  requireState(claim, 'submitted');
  return changed(claim, { state: 'inReview', review: { reasons, by, at: at.toISOString() } });
}

/** Decides it, or decides it anew after an appeal. Throws WRONG_STATE, INVALID_ARGUMENT. */
export function decide(claim: Claim, decision: ClaimDecision, { by, at }: Act): Claim {
  requireState(claim, 'submitted', 'inReview', 'appealed');
  const { outcome, allowed, insurer } = decision;
  if (allowed > claim.billed) throw new LedgerError('INVALID_ARGUMENT', 'decision.allowed: more than is billed');
  if ((outcome === 'denied') !== (allowed === 0)) {
    throw new LedgerError('INVALID_ARGUMENT', 'decision.allowed: nothing of what is denied, something of what is not');
  }
  // What is approved as billed cannot be appealed.
  if (outcome === 'approved' && allowed < claim.billed) {
    throw new LedgerError('INVALID_ARGUMENT', 'decision.allowed: less than is billed of what is approved');
  }
  if (insurer < paidBy(claim, 'insurer')) {
    throw new LedgerError('WRONG_STATE', `the insurer has paid more of ${claim.id}`);
  }
  const decisions = [...claim.decisions, { ...decision, by, at: at.toISOString() }];
  const decided = changed(claim, { decisions, state: outcome, settlement: undefined });
  return { ...decided, state: payableState(decided) };
}

/** The state of a decided claim that no payment is on its way for. */
function payableState(claim: Claim): Claim['state'] {
  const decision = decisionInForce(claim);
  if (!decision) throw new Error(`${claim.id} is not decided`);
  const isPaid = decision.insurer > 0 && dueOfInsurer(claim) === 0;
  return isPaid ? 'anchored' : decision.outcome;
}

/** The member does not agree; where the insurer has paid, once that is final. Throws WRONG_STATE, ALREADY_EXISTS. */
export function appeal(claim: Claim, message: SealedContent, act: Act): Claim {
  requireState(claim, 'partlyApproved', 'denied', 'anchored');
  requireClaim(claim, 'appealed');
  if (decisionInForce(claim)?.outcome === 'approved') {
    throw new LedgerError('WRONG_STATE', `${claim.id} is approved as billed`);
  }
  if (claim.decisions.length >= mostDecisionsOfClaim) {
    throw new LedgerError('WRONG_STATE', `${claim.id} was decided ${mostDecisionsOfClaim} times`);
  }
  // The same statement, brought again after it was decided anew, appeals nothing.
  if (claim.messages.some(({ contentHash }) => contentHash === message.contentHash)) {
    throw new LedgerError('ALREADY_EXISTS', 'this message is on the claim already');
  }
  return { ...withMessage(claim, 'appeal', message, act), state: 'appealed' };
}

/** A question of the insurer, or the provider's answer, while a person decides. Throws WRONG_STATE. */
export function say(claim: Claim, kind: 'question' | 'answer', message: SealedContent, act: Act): Claim {
  requireState(claim, 'inReview', 'appealed');
  if (claim.messages.length >= mostClaimMessages - appealMessages) {
    throw new LedgerError('WRONG_STATE', 'there are as many messages as may be');
  }
  return withMessage(claim, kind, message, act);
}

function withMessage(claim: Claim, kind: Claim['messages'][number]['kind'], message: SealedContent, { by, at }: Act) {
  return changed(claim, { messages: [...claim.messages, { kind, by, at: at.toISOString(), ...message }] });
}

/** The insurer has sent a payment; a transaction that replaces it is named in its place. Throws WRONG_STATE. */
export function settle(claim: Claim, transactionHash: string, { at }: Act): Claim {
  requireState(claim, 'approved', 'partlyApproved', 'settled');
  requireClaim(claim, 'settled');
  if (dueOfInsurer(claim) <= 0) throw new LedgerError('WRONG_STATE', `the insurer owes nothing of ${claim.id}`);
  if (claim.settlement?.transactionHash === transactionHash) {
    throw new LedgerError('ALREADY_EXISTS', `${transactionHash} is on ${claim.id} already`);
  }
  return changed(claim, { state: 'settled', settlement: { transactionHash, at: at.toISOString() } });
}

/** Nothing is ever paid on a preauthorisation, nor is it appealed. */
export function requireClaim({ id, use }: Claim, what: string): void {
  if (use !== 'claim') throw new LedgerError('WRONG_STATE', `a ${use} is never ${what}: ${id}`);
}

/** What the insurer's final payments and refunds make of the state; a share in two payments is settled until the second. */
export function afterReceipt(claim: Claim): Claim {
  if (claim.state === 'appealed' || claim.state === 'reversed') return claim;
  if (claim.state === 'settled' && dueOfInsurer(claim) > 0) return claim;
  return { ...claim, state: payableState(claim), settlement: dueOfInsurer(claim) > 0 ? undefined : claim.settlement };
}

/** It was billed wrongly, or what it was for was given back. Throws WRONG_STATE. */
export function reverse(claim: Claim, reason: string, { by, at }: Act): Claim {
  if (claim.state === 'denied' || claim.state === 'reversed') requireState(claim);
  return changed(claim, { state: 'reversed', reversal: { by, reason, at: at.toISOString() } });
}
