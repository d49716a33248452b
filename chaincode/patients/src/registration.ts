import type { Context } from 'fabric-contract-api';
import { patientMsp } from '../../care/callers.ts';
import { parsePseudonym, requireChannel } from '../../care/channel.ts';
import { claimKeys, findPatient, getPatient, putPatient } from '../../care/people.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { requireRegistrar } from '../../ledger/certificate.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Patient, patientRegistration } from '../../model/patient.ts';

/** Records a patient's pseudonym and exact keys on the patient's channel. */
export async function register(ctx: Context, at: Date, json: string): Promise<void> {
  requireRegistrar(ctx, patientMsp, 'HospitalMSP');
  const { pseudonym, keys } = parseJson(patientRegistration, json, 'patient');
  requireChannel(ctx, pseudonym);
  if (await findPatient(ctx, pseudonym)) throw new LedgerError('ALREADY_EXISTS', `${pseudonym} is registered already`);
  if (keys) await claimKeys(ctx, pseudonym, keys);
  await putPatient(ctx, { pseudonym, keys, status: 'active', version: 1 }, 'patients:register', at);
}

export async function read(ctx: Context, pseudonym: string): Promise<Patient> {
  return getPatient(ctx, parsePseudonym(ctx, pseudonym));
}
