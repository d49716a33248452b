import type { Context } from 'fabric-contract-api';
import { callerKeyHash } from '../ledger/certificate.ts';
import { announce, followIndex, getRecord, putIndex, putRecord } from '../ledger/store.ts';
import { type CareChanged, careEvents } from '../model/careEvents.ts';
import { LedgerError } from '../model/errors.ts';
import { type Patient, patientRecord } from '../model/patient.ts';
import type { PublicKeys } from '../model/registry.ts';

/** The patients of a care channel, as all of its contracts know them. */

export const objectTypes = {
  patient: 'patient',
  /** hash of a patient's signing key → patient; never removed, so that a key once used is never recorded again. */
  patientKey: 'patientKey',
} as const;

export async function findPatient(ctx: Context, pseudonym: string): Promise<Patient | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.patient, [pseudonym]), patientRecord);
}

/** Throws NOT_FOUND. */
export async function getPatient(ctx: Context, pseudonym: string): Promise<Patient> {
  const patient = await findPatient(ctx, pseudonym);
  if (!patient) throw new LedgerError('NOT_FOUND', `there is no patient ${pseudonym}`);
  return patient;
}

/** Throws SUSPENDED. */
export function requirePatientActive(patient: Patient): void {
  if (patient.status !== 'active') throw new LedgerError('SUSPENDED', `${patient.pseudonym} is ${patient.status}`);
}

/** Pseudonym of whom a signing key is or was of. */
export async function findKeyOwner(ctx: Context, signingKeyHash: string): Promise<string | undefined> {
  return followIndex(ctx, objectTypes.patientKey, signingKeyHash);
}

/** The patient of this channel whose exact key the caller has. */
export async function callingPatient(ctx: Context): Promise<Patient | undefined> {
  const keyHash = callerKeyHash(ctx);
  const pseudonym = await findKeyOwner(ctx, keyHash);
  const patient = pseudonym === undefined ? undefined : await findPatient(ctx, pseudonym);
  return patient?.keys?.signingKeyHash === keyHash ? patient : undefined;
}

/** Notes that a signing key is this patient's for good: KEY_EXISTS where it is or was anybody's. */
export async function claimKeys(ctx: Context, pseudonym: string, { signingKeyHash }: PublicKeys): Promise<void> {
  if (await findKeyOwner(ctx, signingKeyHash)) {
    throw new LedgerError('KEY_EXISTS', 'this signing key is or was in use');
  }
  await putIndex(ctx, objectTypes.patientKey, [signingKeyHash], pseudonym);
}

/** Writes a patient and announces the change, with what else it does. */
export async function putPatient(
  ctx: Context,
  patient: Patient,
  change: string,
  at: Date,
  also: Pick<CareChanged, 'circle'> = {},
): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.patient, [patient.pseudonym]), patient);
  const { pseudonym: id, status: state, version } = patient;
  announcePatient(ctx, { id, change, state, version, at: at.toISOString(), patient: id, ...also });
}

export function announcePatient(ctx: Context, changed: CareChanged): void {
  announce(ctx, careEvents.patients, changed);
}
