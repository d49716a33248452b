import type { Context } from 'fabric-contract-api';
import { getRecord, hasKey, putRecord } from '../ledger/store.ts';
import type { CareChanged } from '../model/careEvents.ts';
import { type Circle, type CirclePlace, circle, earliest, type Seat, seat } from '../model/circle.ts';
import { LedgerError } from '../model/errors.ts';

/** Circles of the patients of a care channel, as all of its contracts know them. One record a patient, a seat, an epoch. */

export const objectTypes = {
  /** patient → the present epoch of the circle */
  circle: 'circle',
  /** patient, generation, epoch → an epoch; eight digits each, so that they are in order */
  circleEpoch: 'circleEpoch',
  /** patient, subject → seat */
  seat: 'seat',
  /** subject, patient → patient */
  seatOf: 'seatOf',
} as const;

export async function findCircle(ctx: Context, patient: string): Promise<Circle | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.circle, [patient]), circle);
}

/** Throws NOT_FOUND. */
export async function getCircle(ctx: Context, patient: string): Promise<Circle> {
  const found = await findCircle(ctx, patient);
  if (!found) throw new LedgerError('NOT_FOUND', `${patient} has no circle`);
  return found;
}

export async function putCircle(ctx: Context, record: Circle): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.circle, [record.patient]), record);
}

export async function findSeat(ctx: Context, patient: string, subject: string): Promise<Seat | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.seat, [patient, subject]), seat);
}

/** An epoch's part of a key. */
export function epochParts({ generation, epoch }: Pick<Circle, 'generation' | 'epoch'>): [string, string] {
  return [String(generation).padStart(8, '0'), String(epoch).padStart(8, '0')];
}

/** Throws NOT_FOUND for an epoch that the ledger does not have. */
export async function requireEpoch(ctx: Context, { patient, generation, epoch }: CirclePlace): Promise<void> {
  const parts = [patient, ...epochParts({ generation, epoch })];
  if (await hasKey(ctx, ctx.stub.createCompositeKey(objectTypes.circleEpoch, parts))) return;
  throw new LedgerError('NOT_FOUND', `the circle of ${patient} has had no epoch ${generation}/${epoch}`);
}

/**
 * Makes the present epoch stale where an owner has a leaf in it that is worth nothing any more: the representation has ended,
 * or the key was replaced. Answers what the event of that change says of it.
 */
export async function markStale(
  ctx: Context,
  patient: string,
  owner: string,
  at: Date,
): Promise<Pick<CareChanged, 'circle'>> {
  const found = await findCircle(ctx, patient);
  if (!found?.leaves.some(({ subject }) => subject === owner)) return {};
  const version = found.version + 1;
  await putCircle(ctx, { ...found, staleSince: earliest(found.staleSince, at.toISOString()), version });
  return { circle: version };
}
