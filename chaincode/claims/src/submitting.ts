import type { Context } from 'fabric-contract-api';
import { parseJson } from '../../ledger/arguments.ts';
import { maxSkewMs } from '../../ledger/clock.ts';
import { type Claim, type ClaimSubmission, claimSubmission } from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { requireAuthorisation } from './authorising.ts';
import { requireProviderStaff } from './callers.ts';
import { planInForce } from './plans.ts';
import { requireCovered } from './policies.ts';
import { getClaim, getPolicy, putClaim, putClaimIndex, putWraps, requireNew } from './storage.ts';
import { takeWraps } from './wraps.ts';

const day = 24 * 60 * 60 * 1000;
/** So far ahead is asked whether a service would be paid. */
const mostAhead = 366 * day;

/** A provider bills a member's insurer, or asks whether it would pay. */
export async function submit(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parseJson(claimSubmission, json, 'claim');
  const staff = await requireProviderStaff(ctx, at);
  await requireAuthorisation(ctx, at, given, staff.institution);
  await requireNew(ctx, 'claim', [given.id]);
  await requireNew(ctx, 'reference', [given.reference]);
  const served = new Date(given.servedAt);
  const policy = await getPolicy(ctx, given.policy);
  requireCovered(policy, served);
  const plan = await planInForce(ctx, policy.plan, served);
  requireTimely(given, plan, at);
  if (given.currency !== plan.terms.currency) {
    throw new LedgerError('INVALID_ARGUMENT', `claim.currency: the plan is in ${plan.terms.currency}`);
  }
  await requirePreauthorisation(ctx, given);
  if (given.use === 'claim') {
    await requireNew(ctx, 'service', [given.service], 'ALREADY_CLAIMED');
    await putClaimIndex(ctx, 'service', [given.service], given.id);
  }
  await putWraps(ctx, given.id, takeWraps(ctx, [staff.institution, policy.insurer, policy.id], true));
  await putClaimIndex(ctx, 'reference', [given.reference], given.id);
  await putClaimIndex(ctx, 'policyClaim', [policy.id, given.id], given.id);
  const claim: Claim = {
    ...given,
    plan: { id: plan.id, version: plan.version },
    ...{ insurer: policy.insurer, provider: staff.institution, by: staff.id, at: at.toISOString() },
    ...{ state: 'submitted', decisions: [], messages: [], receipts: [], version: 1 },
  };
  await putClaim(ctx, claim, ['claims:submit', at]);
}

/** Throws INVALID_ARGUMENT for what is still to be served, TOO_LATE. */
function requireTimely({ use, servedAt }: ClaimSubmission, { terms }: Plan, at: Date): void {
  const age = at.getTime() - Date.parse(servedAt);
  if (age < -(use === 'claim' ? maxSkewMs : mostAhead)) {
    throw new LedgerError('INVALID_ARGUMENT', 'claim.servedAt: in the future');
  }
  // Whole days, as the service is.
  if (Math.floor(age / day) > terms.filingDays) {
    throw new LedgerError('TOO_LATE', `the plan gives ${terms.filingDays} days after the service`);
  }
}

/** What the insurer has agreed to before, for this member. Throws NOT_FOUND, NOT_AUTHORISED, WRONG_STATE, INVALID_ARGUMENT. */
async function requirePreauthorisation(ctx: Context, given: ClaimSubmission): Promise<void> {
  if (given.preauthorisation === undefined) return;
  if (given.use !== 'claim') throw new LedgerError('INVALID_ARGUMENT', 'claim.preauthorisation: only of a claim');
  const { id, use, policy, category, state } = await getClaim(ctx, given.preauthorisation);
  if (policy !== given.policy) throw new LedgerError('NOT_AUTHORISED', `${id} is not of ${given.policy}`);
  if (use !== 'preauthorisation' || category !== given.category) {
    throw new LedgerError('INVALID_ARGUMENT', `claim.preauthorisation: ${id} agrees to no such service`);
  }
  if (state !== 'approved' && state !== 'partlyApproved') throw new LedgerError('WRONG_STATE', `${id} is ${state}`);
}
