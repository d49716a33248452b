import type { Context } from 'fabric-contract-api';
import { parsePseudonym, requireChannel } from '../../care/channel.ts';
import { requireAuthority } from '../../care/officers.ts';
import { claimKeys, findKeyOwner, findPatient, getPatient, putPatient } from '../../care/people.ts';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { requireRegistrar } from '../../ledger/certificate.ts';
import { LedgerError } from '../../model/errors.ts';
import { hex32 } from '../../model/identifiers.ts';
import { type Patient, patientRecord, patientRegistration } from '../../model/patient.ts';
import { type KeyOwner, patientMsp } from '../../model/registry.ts';

/** Records a patient's pseudonym and exact keys on the patient's channel. */
export async function register(ctx: Context, at: Date, json: string): Promise<void> {
  requireRegistrar(ctx, patientMsp, 'HospitalMSP');
  const { pseudonym, keys } = parseJson(patientRegistration, json, 'patient');
  requireChannel(ctx, pseudonym);
  if (await findPatient(ctx, pseudonym)) throw new LedgerError('ALREADY_EXISTS', `${pseudonym} is registered already`);
  if (keys) await claimKeys(ctx, pseudonym, keys);
  await putPatient(ctx, { pseudonym, keys, status: 'active', version: 1 }, 'patients:register', at);
}

/** Suspends or restores a patient. */
export async function setStatus(ctx: Context, at: Date, pseudonym: string, status: string): Promise<void> {
  const next = parseValue(patientRecord.shape.status, status, 'status');
  const id = parsePseudonym(ctx, pseudonym);
  await requireAuthority(ctx, at);
  const patient = await getPatient(ctx, id);
  if (patient.status === next) throw new LedgerError('WRONG_STATE', `${id} is ${next}`);
  await putPatient(ctx, { ...patient, status: next, version: patient.version + 1 }, 'patients:setStatus', at);
}

export async function read(ctx: Context, pseudonym: string): Promise<Patient> {
  return getPatient(ctx, parsePseudonym(ctx, pseudonym));
}

/** Whose a signing key is, or was before it was replaced. Throws NOT_FOUND. */
export async function readKeyOwner(ctx: Context, signingKeyHash: string): Promise<KeyOwner> {
  const hash = parseValue(hex32, signingKeyHash, 'signingKeyHash');
  const subject = await findKeyOwner(ctx, hash);
  if (subject === undefined) throw new LedgerError('NOT_FOUND', 'this key is and was nobody’s');
  const { keys } = await getPatient(ctx, subject);
  return { subject, current: keys?.signingKeyHash === hash };
}
