import type { Context } from 'fabric-contract-api';
import { parseNumber, parseValue } from '../../ledger/arguments.ts';
import { decodeRecord, readPage } from '../../ledger/store.ts';
import type { Claim, Usage } from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Plan, type PlanHead, planHead } from '../../model/plan.ts';
import { type ContentWrap, memberStatements, type Policy, policyId, policyRecord } from '../../model/policy.ts';
import type { Page } from '../../model/registry.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { callingDevice, isDevice } from '../../people/devices.ts';
import { statementOfMember } from './member.ts';
import {
  getAuthorisation,
  getClaim,
  getPlan,
  getPlanHead,
  getPolicy,
  getUsage,
  getWraps,
  objectTypes,
} from './storage.ts';

/** What everybody on the channel knows, and the wraps of who reads. */

/** A plan's version, the newest where none is said. Throws NOT_FOUND. */
export async function readPlan(ctx: Context, id: string, version: string): Promise<Plan> {
  const wanted = version === '' ? (await getPlanHead(ctx, id)).version : parseNumber(version, 'version');
  return getPlan(ctx, id, wanted);
}

export function readPlans(ctx: Context, pageSize: string, bookmark: string): Promise<Page<PlanHead>> {
  return readPage(ctx, objectTypes.plan, [], pageSize, bookmark, (_key, value) => decodeRecord(planHead, value));
}

/** All policies, of every insurer on the channel. */
export function readPolicies(ctx: Context, pageSize: string, bookmark: string): Promise<Page<Policy>> {
  return readPage(ctx, objectTypes.policy, [], pageSize, bookmark, (_key, value) => decodeRecord(policyRecord, value));
}

/** What a policy has used in a year of it, from 1; version 0 where nothing was decided yet. */
export async function readUsage(ctx: Context, policy: string, year: string): Promise<Usage> {
  const wanted = parseNumber(year, 'year');
  if (wanted === 0) throw new LedgerError('INVALID_ARGUMENT', 'year: from 1');
  return getUsage(ctx, (await getPolicy(ctx, policy)).id, wanted);
}

export function readClaimsOfPolicy(
  ctx: Context,
  policy: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Claim>> {
  const id = parseValue(policyId, policy, 'policy');
  return readPage(ctx, objectTypes.policyClaim, [id], pageSize, bookmark, (_key, value) =>
    getClaim(ctx, Buffer.from(value).toString('utf8')),
  );
}

/** The data key wrapped for the caller's institution, or for the calling device. Throws NOT_AUTHORISED, NOT_FOUND. */
export async function readWrap(ctx: Context, at: Date, text: string): Promise<ContentWrap> {
  const id = parseValue(memberStatements.read.shape.id, text, 'id');
  const reader = isDevice(ctx)
    ? (await callingDevice(ctx)).device.id
    : (await requirePractitioner(ctx, ['doctor', 'pharmacist', 'insurer'], at)).practitioner.institutionId;
  return wrapFor(ctx, id, reader);
}

/** The data key wrapped for the member who asks, of what is of the member's policy. Throws NOT_AUTHORISED, NOT_FOUND, CLOCK_SKEW. */
export async function readWrapAsMember(ctx: Context, at: Date, json: string): Promise<ContentWrap> {
  const { said, policy } = await statementOfMember(ctx, at, 'read', json);
  if ((await policyOf(ctx, said.id)) !== policy.id) {
    throw new LedgerError('NOT_AUTHORISED', `${said.id} is not of ${policy.id}`);
  }
  return wrapFor(ctx, said.id, policy.id);
}

async function policyOf(ctx: Context, id: string): Promise<string> {
  if (id.startsWith('pol-')) return (await getPolicy(ctx, id)).id;
  return (id.startsWith('aut-') ? await getAuthorisation(ctx, id) : await getClaim(ctx, id)).policy;
}

async function wrapFor(ctx: Context, id: string, reader: string): Promise<ContentWrap> {
  const wrap = (await getWraps(ctx, id))[reader];
  if (wrap === undefined) throw new LedgerError('NOT_AUTHORISED', `${reader} does not read ${id}`);
  return { id, reader, wrap };
}
