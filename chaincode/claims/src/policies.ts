import type { Context } from 'fabric-contract-api';
import { parseJson, parseReason } from '../../ledger/arguments.ts';
import { firstDayOf } from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Policy, policyDecision, policyVerdicts } from '../../model/policy.ts';
import { requireInsurerStaff, requireOwnInsurer } from './callers.ts';
import { parseStatement, statementOfMember } from './member.ts';
import { getPlanHead, getPolicy, putPolicy, putWraps, requireNew } from './storage.ts';
import { takeWraps } from './wraps.ts';

/** Somebody wants to be a member; the key that signs is the policy's from then on. Throws WRONG_STATE where the plan is closed. */
export async function apply(ctx: Context, at: Date, json: string): Promise<void> {
  const { said, requireSignedBy } = parseStatement(ctx, at, 'apply', json);
  requireSignedBy(said.signingKey);
  const { id, insurer, state } = await getPlanHead(ctx, said.plan);
  await requireNew(ctx, 'policy', [said.id]);
  if (state !== 'open') throw new LedgerError('WRONG_STATE', `${id} is ${state}`);
  // The adjudicator compares whom a claim is for with whom the policy insures.
  await putWraps(ctx, said.id, takeWraps(ctx, [insurer, said.id], true));
  await putPolicy(ctx, { ...said, insurer, state: 'applied', by: said.id, version: 1 }, ['claims:apply', at]);
}

/** The insurer takes the member, or refuses with a reason. */
export async function decidePolicy(ctx: Context, at: Date, id: string, verdict: string, json: string): Promise<void> {
  const staff = await requireInsurerStaff(ctx, at);
  const policy = await getPolicy(ctx, id);
  requireOwnInsurer(staff, policy);
  const isAccepted = policyVerdicts.find((known) => known === verdict) === 'accept';
  if (!isAccepted && verdict !== 'refuse') {
    throw new LedgerError('INVALID_ARGUMENT', `verdict: ${policyVerdicts.join(' or ')}`);
  }
  const { from = at.toISOString(), until, reason = '' } = parseJson(policyDecision, json, 'decision');
  if (policy.state !== 'applied') throw new LedgerError('WRONG_STATE', `${policy.id} is ${policy.state}`);
  if (until !== undefined && Date.parse(until) <= Date.parse(from)) {
    throw new LedgerError('INVALID_ARGUMENT', 'decision.until: not after from');
  }
  const change = isAccepted
    ? { state: 'active' as const, from, until }
    : { state: 'refused' as const, reason: parseReason(reason) };
  const decided: Policy = { ...policy, ...change, by: staff.id, version: policy.version + 1 };
  await putPolicy(ctx, decided, ['claims:decidePolicy', at]);
}

/** The insurer ends a policy, now; what was served before stays covered. */
export async function endPolicy(ctx: Context, at: Date, id: string, reason: string): Promise<void> {
  const staff = await requireInsurerStaff(ctx, at);
  const policy = await getPolicy(ctx, id);
  requireOwnInsurer(staff, policy);
  if (policy.state !== 'active') throw new LedgerError('WRONG_STATE', `${policy.id} is ${policy.state}`);
  await putPolicy(ctx, ended(policy, at, staff.id, parseReason(reason)), ['claims:endPolicy', at]);
}

/** The member leaves, now, or takes the application back. */
export async function leave(ctx: Context, at: Date, json: string): Promise<void> {
  const { policy } = await statementOfMember(ctx, at, 'leave', json);
  if (policy.state !== 'active' && policy.state !== 'applied') {
    throw new LedgerError('WRONG_STATE', `${policy.id} is ${policy.state}`);
  }
  await putPolicy(ctx, ended(policy, at, policy.id), ['claims:leave', at]);
}

function ended(policy: Policy, at: Date, by: string, reason?: string): Policy {
  const { until, version } = policy;
  const end = until !== undefined && Date.parse(until) <= at.getTime() ? until : at.toISOString();
  return { ...policy, state: 'ended', until: end, reason, by, version: version + 1 };
}

/** Refuses a service that the policy does not cover by its day: NOT_INSURED. Its first day and its last count whole. Answers since when the policy covers. */
export function requireCovered({ id, state, from, until }: Policy, served: Date): string {
  const wasTaken = state === 'active' || state === 'ended';
  const time = served.getTime();
  if (!wasTaken || from === undefined || time < firstDayOf(from) || (until && time >= Date.parse(until))) {
    throw new LedgerError('NOT_INSURED', `${id} was not in force at ${served.toISOString()}`);
  }
  return from;
}
