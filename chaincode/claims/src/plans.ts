import type { Context } from 'fabric-contract-api';
import { parseJson } from '../../ledger/arguments.ts';
import { firstDayOf } from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Plan, planPublication } from '../../model/plan.ts';
import { requireInsurerStaff, requireOwnInsurer } from './callers.ts';
import { announceChanges, findPlanHead, getPlan, getPlanHead, putPlanHead, putPlanVersion } from './storage.ts';

/** Terms have up to 20 rules and 100 prices. */
const mostPlanBytes = 48 * 1024;
/** A version counts from a day before it is published on at the earliest: what was served earlier was served by the one before. */
const mostBackdatedMs = 24 * 60 * 60 * 1000;

/** A new plan of the insurer, or the next version of one. */
export async function publishPlan(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parseJson(planPublication, json, 'plan', mostPlanBytes);
  const { id, version, validFrom } = given;
  const staff = await requireInsurerStaff(ctx, at);
  const head = await findPlanHead(ctx, id);
  if (head) {
    requireOwnInsurer(staff, head);
    if (version <= head.version) throw new LedgerError('ALREADY_EXISTS', `${id} has version ${version} already`);
  }
  const due = (head?.version ?? 0) + 1;
  if (version !== due) throw new LedgerError('STALE', `version ${due} of ${id} is due`);
  if (Date.parse(validFrom) < at.getTime() - mostBackdatedMs) {
    throw new LedgerError('INVALID_ARGUMENT', 'plan.validFrom: more than a day ago');
  }
  if (head) requireFollowing(await getPlan(ctx, id, head.version), given);
  const insurer = staff.institution;
  await putPlanVersion(ctx, { ...given, insurer, by: staff.id, at: at.toISOString() });
  const published = { id, insurer, state: head?.state ?? ('open' as const), version };
  await putPlanHead(ctx, published);
  announceChanges(ctx, 'plan', [published], ['claims:publishPlan', at]);
}

/** Accounts of a year add amounts up, so that a plan keeps its currency. */
function requireFollowing(before: Plan, next: Pick<Plan, 'validFrom' | 'terms'>): void {
  if (Date.parse(next.validFrom) < Date.parse(before.validFrom)) {
    throw new LedgerError('INVALID_ARGUMENT', 'plan.validFrom: before that of the version before');
  }
  if (next.terms.currency !== before.terms.currency) {
    throw new LedgerError('INVALID_ARGUMENT', `plan.terms.currency: the plan is in ${before.terms.currency}`);
  }
}

/** The plan takes no new members; its members stay. */
export async function closePlan(ctx: Context, at: Date, id: string): Promise<void> {
  const staff = await requireInsurerStaff(ctx, at);
  const head = await getPlanHead(ctx, id);
  requireOwnInsurer(staff, head);
  if (head.state !== 'open') throw new LedgerError('WRONG_STATE', `${id} is ${head.state}`);
  const closed = { ...head, state: 'closed' as const };
  await putPlanHead(ctx, closed);
  announceChanges(ctx, 'plan', [closed], ['claims:closePlan', at]);
}

/** The version by which a service of a day is decided: the newest that has begun on it. Throws NOT_INSURED before the first. */
export async function planInForce(ctx: Context, id: string, day: Date): Promise<Plan> {
  const { version: newest } = await getPlanHead(ctx, id);
  // Instants from which versions count never go back, so that the first from the newest that has begun is it.
  for (let version = newest; version >= 1; version -= 1) {
    const plan = await getPlan(ctx, id, version);
    if (firstDayOf(plan.validFrom) <= day.getTime()) return plan;
  }
  throw new LedgerError('NOT_INSURED', `${id} has no version at ${day.toISOString()}`);
}
