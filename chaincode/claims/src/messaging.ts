import type { Context } from 'fabric-contract-api';
import { parseJson } from '../../ledger/arguments.ts';
import { LedgerError } from '../../model/errors.ts';
import { sealedContent } from '../../model/policy.ts';
import { decisionInForce } from '../../model/usage.ts';
import { requireInsurerStaff, requireOwnInsurer, requireOwnProvider, requireProviderStaff } from './callers.ts';
import { statementOfMember } from './member.ts';
import { getClaim, getPlan, putClaim } from './storage.ts';
import * as transitions from './transitions.ts';

const day = 24 * 60 * 60 * 1000;

/** The insurer asks the provider back. */
export async function ask(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const message = parseJson(sealedContent, json, 'message');
  const staff = await requireInsurerStaff(ctx, at);
  const claim = await getClaim(ctx, id);
  requireOwnInsurer(staff, claim);
  await putClaim(ctx, transitions.say(claim, 'question', message, { by: staff.id, at }), ['claims:ask', at]);
}

/** The provider answers, or adds what is known meanwhile. */
export async function answer(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const message = parseJson(sealedContent, json, 'message');
  const staff = await requireProviderStaff(ctx, at);
  const claim = await getClaim(ctx, id);
  requireOwnProvider(staff, claim);
  await putClaim(ctx, transitions.say(claim, 'answer', message, { by: staff.id, at }), ['claims:answer', at]);
}

/** The member does not agree, within the plan's days. Throws NOT_AUTHORISED, WRONG_STATE, ALREADY_EXISTS, TOO_LATE. */
export async function appeal(ctx: Context, at: Date, json: string): Promise<void> {
  const { said, policy } = await statementOfMember(ctx, at, 'appeal', json);
  const claim = await getClaim(ctx, said.claim);
  if (claim.policy !== policy.id) throw new LedgerError('NOT_AUTHORISED', `${claim.id} is not of ${policy.id}`);
  const appealed = transitions.appeal(claim, said.message, { by: policy.id, at });
  const { terms } = await getPlan(ctx, claim.plan.id, claim.plan.version);
  const decidedAt = Date.parse(decisionInForce(claim)?.at ?? claim.at);
  if (at.getTime() > decidedAt + terms.appealDays * day) {
    throw new LedgerError('TOO_LATE', `the plan gives ${terms.appealDays} days after the decision`);
  }
  await putClaim(ctx, appealed, ['claims:appeal', at]);
}
