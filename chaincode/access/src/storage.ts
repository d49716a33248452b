import type { Context } from 'fabric-contract-api';
import { newestFirst } from '../../ledger/order.ts';
import { announce, followIndex, getRecord, putIndex, putRecord } from '../../ledger/store.ts';
import { type Access, accessRecord, type Emergency, emergency as emergencyRecord } from '../../model/access.ts';
import { careEvents } from '../../model/careEvents.ts';
import { LedgerError } from '../../model/errors.ts';

/** Public: who reads whose record, and emergencies. What was released lies in the patient's folder. */
export const objectTypes = {
  access: 'access',
  /** patient, time from the newest, access → access */
  patientAccess: 'patientAccess',
  /** patient, emergency or else reader → the newest access by it */
  newestAccess: 'newestAccess',
  emergency: 'emergency',
  /** time from the newest, emergency → emergency */
  emergencyByTime: 'emergencyByTime',
  /** patient, time from the newest, emergency → emergency */
  patientEmergency: 'patientEmergency',
  /** patient, actor → the actor's newest emergency */
  actorEmergency: 'actorEmergency',
} as const;

export async function findAccess(ctx: Context, id: string): Promise<Access | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.access, [id]), accessRecord);
}

/** Throws NOT_FOUND. */
export async function getAccess(ctx: Context, id: string): Promise<Access> {
  const access = await findAccess(ctx, id);
  if (!access) throw new LedgerError('NOT_FOUND', `there is no access ${id}`);
  return access;
}

/** Writes an access, which never changes, and announces it. */
export async function putAccess(ctx: Context, access: Access): Promise<void> {
  const { id, patient, reader, emergency, at } = access;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.access, [id]), access);
  await putIndex(ctx, objectTypes.patientAccess, [patient, newestFirst(new Date(at)), id], id);
  await putIndex(ctx, objectTypes.newestAccess, [patient, emergency ?? reader], id);
  announce(ctx, careEvents.access, { id, change: 'access:request', state: 'released', version: 1, at, patient });
}

/** The newest access by an emergency, or by a reader without one. */
export async function newestAccess(ctx: Context, patient: string, by: string): Promise<Access | undefined> {
  const id = await followIndex(ctx, objectTypes.newestAccess, patient, by);
  return id === undefined ? undefined : getAccess(ctx, id);
}

export async function findEmergency(ctx: Context, id: string): Promise<Emergency | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.emergency, [id]), emergencyRecord);
}

/** Throws NOT_FOUND. */
export async function getEmergency(ctx: Context, id: string): Promise<Emergency> {
  const emergency = await findEmergency(ctx, id);
  if (!emergency) throw new LedgerError('NOT_FOUND', `there is no emergency ${id}`);
  return emergency;
}

/** Writes an emergency and announces the change. */
export async function putEmergency(ctx: Context, emergency: Emergency, change: string, at: Date): Promise<void> {
  const { id, patient, actor, level, review, version } = emergency;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.emergency, [id]), emergency);
  if (version === 1) {
    const order = newestFirst(at);
    await putIndex(ctx, objectTypes.emergencyByTime, [order, id], id);
    await putIndex(ctx, objectTypes.patientEmergency, [patient, order, id], id);
    await putIndex(ctx, objectTypes.actorEmergency, [patient, actor], id);
  }
  const state = review?.outcome ?? level;
  announce(ctx, careEvents.access, { id, change, state, version, at: at.toISOString(), patient });
}

export async function newestEmergency(ctx: Context, patient: string, actor: string): Promise<Emergency | undefined> {
  const id = await followIndex(ctx, objectTypes.actorEmergency, patient, actor);
  return id === undefined ? undefined : getEmergency(ctx, id);
}
