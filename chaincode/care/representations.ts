import type { Context } from 'fabric-contract-api';
import { followIndex, getRecord, putIndex, putRecord } from '../ledger/store.ts';
import type { CareChanged } from '../model/careEvents.ts';
import { LedgerError } from '../model/errors.ts';
import { type Representation, representation } from '../model/patient.ts';
import { announcePatient } from './people.ts';

/** Who acts for whom, as all contracts of a care channel know it. */

export const objectTypes = {
  representation: 'representation',
  /** patient, representative → the newest representation between them; so that one key answers, in writes too. */
  representative: 'representative',
  /** patient, representation → representation; all that there ever were, to be listed. */
  patientRepresentation: 'patientRepresentation',
} as const;

export async function findRepresentation(ctx: Context, id: string): Promise<Representation | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.representation, [id]), representation);
}

/** Throws NOT_FOUND. */
export async function getRepresentation(ctx: Context, id: string): Promise<Representation> {
  const found = await findRepresentation(ctx, id);
  if (!found) throw new LedgerError('NOT_FOUND', `there is no representation ${id}`);
  return found;
}

/** Writes a representation, new or changed, and announces the change, with what else it does. */
export async function putRepresentation(
  ctx: Context,
  record: Representation,
  change: string,
  at: Date,
  also: Pick<CareChanged, 'circle'> = {},
): Promise<void> {
  const { id, patient, representative, state, version } = record;
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.representation, [id]), record);
  if (version === 1) {
    await putIndex(ctx, objectTypes.representative, [patient, representative], id);
    await putIndex(ctx, objectTypes.patientRepresentation, [patient, id], id);
  }
  announcePatient(ctx, { id, change, state, version, at: at.toISOString(), patient, ...also });
}

/** By what somebody acts for a patient at an instant; undefined where nothing, or what has ended, says so. */
export async function representationOf(
  ctx: Context,
  patient: string,
  representative: string,
  at: Date,
): Promise<Representation | undefined> {
  const found = await newestRepresentation(ctx, patient, representative);
  return found && isInForce(found, at) ? found : undefined;
}

/** What was last agreed between somebody and a patient, in force or not. */
export async function newestRepresentation(
  ctx: Context,
  patient: string,
  representative: string,
): Promise<Representation | undefined> {
  const id = await followIndex(ctx, objectTypes.representative, patient, representative);
  return id === undefined ? undefined : findRepresentation(ctx, id);
}

export function isInForce({ state, until }: Representation, at: Date): boolean {
  return state === 'active' && (until === undefined || at.getTime() < Date.parse(until));
}
