import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { callerKeyHash } from '../../ledger/certificate.ts';
import { requireSecondFactor } from '../../ledger/secondFactor.ts';
import { getRecord, putIndex, putRecord, readPage } from '../../ledger/store.ts';
import {
  type Delegated,
  type Delegation,
  delegableFunctions,
  delegationId,
  delegationRecord,
  isDelegatingRole,
  longestDelegationMs,
  newDelegation,
} from '../../model/delegation.ts';
import { LedgerError } from '../../model/errors.ts';
import { deviceId, practitionerId } from '../../model/identifiers.ts';
import type { Device, Page, Practitioner } from '../../model/registry.ts';
import { requireStanding } from '../../model/standing.ts';
import { requireKeeper } from './authority.ts';
import {
  announceChange,
  getDevice,
  getInstitution,
  getPractitioner,
  getStanding,
  getStandingByKey,
} from './storage.ts';

const objectTypes = {
  delegation: 'delegation',
  /** practitioner or device → delegation */
  delegationOf: 'delegationOf',
} as const;

/** The calling doctor or pharmacist lets a system of the own institution sign, confirmed with a second factor. */
export async function delegate(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parseJson(newDelegation, json, 'delegation');
  const { practitioner, institution } = await getStandingByKey(ctx, callerKeyHash(ctx));
  if (ctx.clientIdentity.getMSPID() !== practitioner.mspId) {
    throw new LedgerError('NOT_AUTHORISED', `${practitioner.id} acts for ${practitioner.mspId}`);
  }
  requireDelegable(practitioner, given.functions);
  requireStanding(practitioner, institution, at);
  requireSecondFactor(ctx, practitioner.credentials);
  const ahead = Date.parse(given.until) - at.getTime();
  if (!(ahead > 0 && ahead <= longestDelegationMs)) {
    throw new LedgerError('INVALID_ARGUMENT', 'delegation.until: ahead, by at most 366 days');
  }
  requireSystemOf(await getDevice(ctx, given.device), practitioner);
  if (await findDelegation(ctx, given.id)) throw new LedgerError('ALREADY_EXISTS', `${given.id} is given already`);
  const record: Delegation = {
    ...given,
    practitioner: practitioner.id,
    givenAt: at.toISOString(),
    status: 'active',
    version: 1,
  };
  for (const of of [practitioner.id, given.device]) {
    await putIndex(ctx, objectTypes.delegationOf, [of, given.id], given.id);
  }
  await putDelegation(ctx, record, 'delegate', at);
}

function requireDelegable({ role }: Practitioner, functions: readonly string[]): void {
  const may: readonly string[] = isDelegatingRole(role) ? delegableFunctions[role] : [];
  const other = functions.find((name) => !may.includes(name));
  if (other !== undefined) throw new LedgerError('NOT_AUTHORISED', `a ${role} may not delegate ${other}`);
}

function requireSystemOf(device: Device, practitioner: Practitioner): void {
  if (device.institutionId !== practitioner.institutionId) {
    throw new LedgerError('NOT_AUTHORISED', `${device.id} is not of ${practitioner.institutionId}`);
  }
  if ((device.purpose ?? 'system') !== 'system') {
    throw new LedgerError('NOT_AUTHORISED', `${device.id} is a ${device.purpose}`);
  }
  if (device.status !== 'active') throw new LedgerError('SUSPENDED', `${device.id} is ${device.status}`);
}

/** Ends a delegation at once and for good: the practitioner, or who answers for the institution's people. */
export async function endDelegation(ctx: Context, at: Date, id: string): Promise<void> {
  const delegation = await readDelegation(ctx, id);
  const { practitioner, institution } = await getStanding(ctx, delegation.practitioner);
  const isOwn =
    practitioner.keys?.signingKeyHash === callerKeyHash(ctx) && ctx.clientIdentity.getMSPID() === practitioner.mspId;
  if (!isOwn) await requireKeeper(ctx, at, institution);
  if (delegation.status !== 'active') throw new LedgerError('WRONG_STATE', `${delegation.id} has ended`);
  const ended = { ...delegation, status: 'revoked' as const, endedAt: at.toISOString() };
  await putDelegation(ctx, { ...ended, version: delegation.version + 1 }, 'endDelegation', at);
}

async function findDelegation(ctx: Context, id: string): Promise<Delegation | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.delegation, [id]), delegationRecord);
}

async function putDelegation(ctx: Context, record: Delegation, change: string, at: Date): Promise<void> {
  const { id, status, version } = record;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.delegation, [id]), record);
  announceChange(ctx, { kind: 'delegation', id, change, status, version, at: at.toISOString() });
}

/** Throws NOT_FOUND. */
export async function readDelegation(ctx: Context, id: string): Promise<Delegation> {
  const found = await findDelegation(ctx, parseValue(delegationId, id, 'id'));
  if (!found) throw new LedgerError('NOT_FOUND', `there is no delegation ${id}`);
  return found;
}

/** A delegation with whom it is about, in one answer: other channels' contracts ask for it with every call. Throws NOT_FOUND. */
export async function readDelegated(ctx: Context, id: string): Promise<Delegated> {
  const delegation = await readDelegation(ctx, id);
  const practitioner = await getPractitioner(ctx, delegation.practitioner);
  const institution = await getInstitution(ctx, practitioner.institutionId);
  return { delegation, device: await getDevice(ctx, delegation.device), standing: { practitioner, institution } };
}

/** What a practitioner has given, or a device was given, those that have ended among them. */
export async function listDelegations(
  ctx: Context,
  subject: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Delegation>> {
  const of = parseValue(z.union([practitionerId, deviceId]), subject, 'subject');
  return readPage(ctx, objectTypes.delegationOf, [of], pageSize, bookmark, (_key, value) =>
    readDelegation(ctx, Buffer.from(value).toString('utf8')),
  );
}
