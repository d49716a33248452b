import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { parseValue } from '../../ledger/arguments.ts';
import { highestFirst } from '../../ledger/order.ts';
import { announce, decodeRecord, getRecord, hasKey, putIndex, putRecord } from '../../ledger/store.ts';
import {
  type Claim,
  type ClaimsChanged,
  claimId,
  claimRecord,
  claimsEvent,
  type Usage,
  usageRecord,
} from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Plan, type PlanHead, planHead, planId, planRecord } from '../../model/plan.ts';
import {
  authorisationId,
  authorisationRecord,
  type ContentWraps,
  claimCollection,
  contentWraps,
  type Policy,
  policyId,
  policyRecord,
  type StoredAuthorisation,
} from '../../model/policy.ts';
import { stateBytes } from '../../model/state.ts';
import { noUsage } from '../../model/usage.ts';

/** Keys of the contract; wraps lie in private data under the id of what they open. */
export const objectTypes = {
  /** plan → whether it is open, and its newest version */
  plan: 'plan',
  /** plan, version from the highest → the version */
  planVersion: 'planVersion',
  policy: 'policy',
  authorisation: 'authorisation',
  claim: 'claim',
  /** policy, claim → claim */
  policyClaim: 'policyClaim',
  /** blinded service → the claim that claims it, for good */
  service: 'service',
  /** reference on Ethereum → claim */
  reference: 'reference',
  /** policy, year → what is used */
  usage: 'usage',
  /** insurer, contract, transaction, chain, index → the claim on which the log entry is anchored */
  logEntry: 'logEntry',
  wraps: 'wraps',
} as const;
type ObjectType = keyof typeof objectTypes;

const keyOf = (ctx: Context, type: ObjectType, ...parts: string[]) =>
  ctx.stub.createCompositeKey(objectTypes[type], parts);

/** Throws NOT_FOUND. */
async function get<T>(ctx: Context, type: ObjectType, schema: z.ZodType<T>, ...parts: string[]): Promise<T> {
  const found = await getRecord(ctx, keyOf(ctx, type, ...parts), schema);
  if (!found) throw new LedgerError('NOT_FOUND', `there is no ${type} ${parts.join(' ')}`);
  return found;
}

/** Refuses what there is already: ALREADY_EXISTS, or as is said. */
export async function requireNew(
  ctx: Context,
  type: ObjectType,
  parts: string[],
  code: 'ALREADY_EXISTS' | 'ALREADY_CLAIMED' = 'ALREADY_EXISTS',
): Promise<void> {
  if (await hasKey(ctx, keyOf(ctx, type, ...parts))) {
    throw new LedgerError(code, `there is a ${type} ${parts.join(' ')} already`);
  }
}

/** Writes that an index leads to a claim. */
export const putClaimIndex = (
  ctx: Context,
  type: 'service' | 'reference' | 'policyClaim' | 'logEntry',
  parts: string[],
  id: string,
) => putIndex(ctx, objectTypes[type], parts, id);

/** Throws INVALID_ARGUMENT, NOT_FOUND; so do those below. */
export const getPlanHead = (ctx: Context, id: string): Promise<PlanHead> =>
  get(ctx, 'plan', planHead, parseValue(planId, id, 'plan'));
export const getPlan = (ctx: Context, id: string, version: number): Promise<Plan> =>
  get(ctx, 'planVersion', planRecord, parseValue(planId, id, 'plan'), highestFirst(version));
export const getPolicy = (ctx: Context, id: string): Promise<Policy> =>
  get(ctx, 'policy', policyRecord, parseValue(policyId, id, 'policy'));
export const getAuthorisation = (ctx: Context, id: string): Promise<StoredAuthorisation> =>
  get(ctx, 'authorisation', authorisationRecord, parseValue(authorisationId, id, 'authorisation'));
export const getClaim = (ctx: Context, id: string): Promise<Claim> =>
  get(ctx, 'claim', claimRecord, parseValue(claimId, id, 'claim'));

export async function getUsage(ctx: Context, policy: string, year: number): Promise<Usage> {
  return (await getRecord(ctx, keyOf(ctx, 'usage', policy, String(year)), usageRecord)) ?? noUsage(policy, year);
}

export const findPlanHead = (ctx: Context, id: string) => getRecord(ctx, keyOf(ctx, 'plan', id), planHead);

export async function putPlanHead(ctx: Context, head: PlanHead): Promise<void> {
  await putRecord(ctx, keyOf(ctx, 'plan', head.id), head);
}

export async function putPlanVersion(ctx: Context, plan: Plan): Promise<void> {
  await putRecord(ctx, keyOf(ctx, 'planVersion', plan.id, highestFirst(plan.version)), plan);
}

export async function putUsage(ctx: Context, usage: Usage): Promise<void> {
  await putRecord(ctx, keyOf(ctx, 'usage', usage.policy, String(usage.year)), usage);
}

/** Writes a record under its id and announces the change. */
async function putAnnounced(
  ctx: Context,
  kind: 'policy' | 'authorisation' | 'claim',
  record: { id: string; state: string; version: number },
  [change, at]: Change,
): Promise<void> {
  await putRecord(ctx, keyOf(ctx, kind, record.id), record);
  announceChanges(ctx, kind, [record], [change, at]);
}

/** The function, with its contract, and when. */
export type Change = readonly [change: `claims:${string}`, at: Date];
export const putPolicy = (ctx: Context, policy: Policy, change: Change) => putAnnounced(ctx, 'policy', policy, change);
export const putAuthorisation = (ctx: Context, given: StoredAuthorisation, change: Change) =>
  putAnnounced(ctx, 'authorisation', given, change);
export const putClaim = (ctx: Context, claim: Claim, change: Change) => putAnnounced(ctx, 'claim', claim, change);

export function announceChanges(
  ctx: Context,
  kind: ClaimsChanged['kind'],
  records: readonly { id: string; state: string; version: number }[],
  [change, at]: Change,
): void {
  const changed = records.map(({ id, state, version }) => ({ id, state, version }));
  const payload: ClaimsChanged = { kind, changed, change, at: at.toISOString() };
  announce(ctx, claimsEvent, payload);
}

export async function putWraps(ctx: Context, id: string, wraps: ContentWraps): Promise<void> {
  await ctx.stub.putPrivateData(claimCollection, keyOf(ctx, 'wraps', id), stateBytes(wraps));
}

/** Throws NOT_FOUND. */
export async function getWraps(ctx: Context, id: string): Promise<ContentWraps> {
  const bytes = await ctx.stub.getPrivateData(claimCollection, keyOf(ctx, 'wraps', id));
  if (bytes.length === 0) throw new LedgerError('NOT_FOUND', `there is no key of ${id}`);
  return decodeRecord(contentWraps, bytes);
}
