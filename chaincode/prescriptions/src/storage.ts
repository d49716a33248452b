import type { Context } from 'fabric-contract-api';
import { announce, decodeRecord, getRecord, putRecord } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Patient, patientRecord } from '../../model/patient.ts';
import {
  type Prescription,
  type PrescriptionChanged,
  type PrescriptionHistoryEntry,
  prescriptionEvent,
} from '../../model/prescription.ts';
import { prescriptionRecord } from '../../model/records.ts';

/** Keys: one prescription and one patient a key; every index entry is a key of its own, so that nothing unrelated conflicts. */
export const objectTypes = {
  prescription: 'prescription',
  patient: 'patient',
  /** patient → prescription */
  patientPrescription: 'patientPrescription',
  /** hash of a redeeming key → prescription; never removed, so that a replaced code is known as void. */
  redeemHash: 'redeemHash',
  /** dispense → prescription */
  dispense: 'dispense',
  /** hash of a patient's signing key → patient */
  patientKey: 'patientKey',
} as const;

/** Writes that an index leads to an id. */
export async function putIndex(ctx: Context, objectType: string, attributes: string[], id: string): Promise<void> {
  await ctx.stub.putState(ctx.stub.createCompositeKey(objectType, attributes), Buffer.from(id));
}

/** The id that an index leads to. */
export async function followIndex(ctx: Context, objectType: string, attribute: string): Promise<string | undefined> {
  const bytes = await ctx.stub.getState(ctx.stub.createCompositeKey(objectType, [attribute]));
  return bytes.length > 0 ? Buffer.from(bytes).toString('utf8') : undefined;
}

function prescriptionKey(ctx: Context, id: string): string {
  return ctx.stub.createCompositeKey(objectTypes.prescription, [id]);
}

export async function findPrescription(ctx: Context, id: string): Promise<Prescription | undefined> {
  return getRecord(ctx, prescriptionKey(ctx, id), prescriptionRecord);
}

/** Throws NOT_FOUND. */
export async function getPrescription(ctx: Context, id: string): Promise<Prescription> {
  const prescription = await findPrescription(ctx, id);
  if (!prescription) throw new LedgerError('NOT_FOUND', `there is no prescription ${id}`);
  return prescription;
}

/** Writes a prescription and announces the change. */
export async function putPrescription(ctx: Context, prescription: Prescription, change: string, at: Date) {
  await putRecord(ctx, prescriptionKey(ctx, prescription.id), prescription);
  const { id, state, version } = prescription;
  const changed: PrescriptionChanged = { id, change, state, version, at: at.toISOString() };
  announce(ctx, prescriptionEvent, changed);
}

/** All committed versions of a prescription, oldest first. */
export async function readVersions(ctx: Context, id: string): Promise<PrescriptionHistoryEntry[]> {
  const iterator = await ctx.stub.getHistoryForKey(prescriptionKey(ctx, id));
  const entries: PrescriptionHistoryEntry[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    const { txId, timestamp, value, isDelete } = next.value;
    if (isDelete) continue;
    const at = new Date(Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1e6)).toISOString();
    entries.push({ transactionId: txId, at, prescription: decodeRecord(prescriptionRecord, value) });
  }
  await iterator.close();
  return entries.sort((a, b) => a.prescription.version - b.prescription.version);
}

export async function findPatient(ctx: Context, pseudonym: string): Promise<Patient | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.patient, [pseudonym]), patientRecord);
}

/** Throws NOT_FOUND. */
export async function getPatient(ctx: Context, pseudonym: string): Promise<Patient> {
  const patient = await findPatient(ctx, pseudonym);
  if (!patient) throw new LedgerError('NOT_FOUND', `there is no patient ${pseudonym}`);
  return patient;
}

export async function putPatient(ctx: Context, patient: Patient): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.patient, [patient.pseudonym]), patient);
}
