import type { Context } from 'fabric-contract-api';
import { decodeRecord, getRecord, putRecord, readPage } from '../ledger/store.ts';
import type { CareChanged } from '../model/careEvents.ts';
import { LedgerError } from '../model/errors.ts';
import { type Reenrolment, reenrolment } from '../model/patient.ts';
import type { Page } from '../model/registry.ts';
import { announcePatient } from './people.ts';

/** The newest re-enrolment of each patient of a care channel. */
const objectType = 'reenrolment';

export async function findReenrolment(ctx: Context, subject: string): Promise<Reenrolment | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectType, [subject]), reenrolment);
}

/** Throws NOT_FOUND. */
export async function getReenrolment(ctx: Context, subject: string): Promise<Reenrolment> {
  const found = await findReenrolment(ctx, subject);
  if (!found) throw new LedgerError('NOT_FOUND', `there is no re-enrolment of ${subject}`);
  return found;
}

export async function listReenrolments(ctx: Context, pageSize: string, bookmark: string): Promise<Page<Reenrolment>> {
  return readPage(ctx, objectType, [], pageSize, bookmark, (_key, value) => decodeRecord(reenrolment, value));
}

/** Writes a re-enrolment and announces the change, with what else it does. */
export async function putReenrolment(
  ctx: Context,
  record: Reenrolment,
  change: string,
  at: Date,
  also: Pick<CareChanged, 'circle'> = {},
): Promise<void> {
  const { subject, state, version } = record;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectType, [subject]), record);
  announcePatient(ctx, { id: subject, change, state, version, at: at.toISOString(), patient: subject, ...also });
}
