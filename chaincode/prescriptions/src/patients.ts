import type { Context } from 'fabric-contract-api';
import { parseJson } from '../../ledger/arguments.ts';
import { requireRegistrar } from '../../ledger/certificate.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Patient } from '../../model/patient.ts';
import { patientRegistration } from '../../model/patient.ts';
import { patientMsp } from './callers.ts';
import { parsePseudonym, requireChannel } from './channel.ts';
import { findPatient, followIndex, getPatient, objectTypes, putIndex, putPatient } from './storage.ts';

/** Records a patient's pseudonym and exact keys on the patient's channel. */
export async function registerPatient(ctx: Context, json: string): Promise<void> {
  requireRegistrar(ctx, patientMsp, 'HospitalMSP');
  const { pseudonym, keys } = parseJson(patientRegistration, json, 'patient');
  requireChannel(ctx, pseudonym);
  if (await findPatient(ctx, pseudonym)) throw new LedgerError('ALREADY_EXISTS', `${pseudonym} is registered already`);
  if (keys) {
    if (await followIndex(ctx, objectTypes.patientKey, keys.signingKeyHash)) {
      throw new LedgerError('KEY_EXISTS', 'this signing key is in use');
    }
    await putIndex(ctx, objectTypes.patientKey, [keys.signingKeyHash], pseudonym);
  }
  await putPatient(ctx, { pseudonym, keys, status: 'active', version: 1 });
}

export async function readPatient(ctx: Context, pseudonym: string): Promise<Patient> {
  return getPatient(ctx, parsePseudonym(ctx, pseudonym));
}
