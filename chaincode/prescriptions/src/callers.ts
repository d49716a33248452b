import type { Context } from 'fabric-contract-api';
import { callerKeyHash } from '../../ledger/certificate.ts';
import { decodeRecord } from '../../ledger/store.ts';
import { LedgerError, parseLedgerError } from '../../model/errors.ts';
import type { Patient } from '../../model/patient.ts';
import type { Prescription } from '../../model/prescription.ts';
import { standing } from '../../model/records.ts';
import type { Practitioner, PractitionerRole, Standing } from '../../model/registry.ts';
import { requireStanding } from '../../model/standing.ts';
import { findPatient, followIndex, objectTypes } from './storage.ts';

/** Organisation of the patients: nobody in it is a practitioner, and it is not on the channel `registry`. */
export const patientMsp = 'PatientMSP';

/** Asks the registry, on its own channel. Its refusals keep their codes. */
async function askRegistry(ctx: Context, name: string, argument: string): Promise<Standing> {
  let message: string;
  try {
    const response = await ctx.stub.invokeChaincode('registry', [name, argument], 'registry');
    if (response.status < 400 && response.payload) return decodeRecord(standing, response.payload);
    message = response.message ?? '';
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  const refusal = parseLedgerError(message);
  if (refusal) throw new LedgerError(refusal.code, refusal.detail);
  throw new Error(`the registry did not answer: ${message}`);
}

/** Who the caller's exact key belongs to. Throws NOT_REGISTERED, NOT_AUTHORISED (a key used under another organisation). */
export async function callingStanding(ctx: Context): Promise<Standing> {
  const mspId = ctx.clientIdentity.getMSPID();
  if (mspId === patientMsp) throw new LedgerError('NOT_REGISTERED', 'the caller is no practitioner');
  const caller = await askRegistry(ctx, 'readPractitionerByKey', callerKeyHash(ctx));
  if (caller.practitioner.mspId !== mspId) {
    throw new LedgerError('NOT_AUTHORISED', `${caller.practitioner.id} acts for ${caller.practitioner.mspId}`);
  }
  return caller;
}

/** The calling practitioner, in the role that the registry records, active and licensed at the instant `at`. */
export async function requirePractitioner(ctx: Context, role: PractitionerRole, at: Date): Promise<Practitioner> {
  const { practitioner, institution } = await callingStanding(ctx);
  if (practitioner.role !== role) {
    throw new LedgerError('NOT_AUTHORISED', `a ${practitioner.role} may not do what a ${role} does`);
  }
  requireStanding(practitioner, institution, at);
  return practitioner;
}

/** The author must still be in good standing when a pharmacy takes hold: SUSPENDED, LICENCE_INVALID. */
export async function requireAuthorStanding(ctx: Context, prescription: Prescription, at: Date): Promise<void> {
  const { practitioner, institution } = await askRegistry(ctx, 'readStanding', prescription.author);
  requireStanding(practitioner, institution, at);
}

/** The patient of this channel whose exact key the caller has. */
export async function callingPatient(ctx: Context): Promise<Patient | undefined> {
  const keyHash = callerKeyHash(ctx);
  const pseudonym = await followIndex(ctx, objectTypes.patientKey, keyHash);
  const patient = pseudonym === undefined ? undefined : await findPatient(ctx, pseudonym);
  return patient?.keys?.signingKeyHash === keyHash ? patient : undefined;
}

/** The calling patient must be the one of the prescription: NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED. */
export async function requirePatientOf(ctx: Context, prescription: Prescription): Promise<void> {
  const patient = await callingPatient(ctx);
  if (!patient) throw new LedgerError('NOT_REGISTERED', 'the channel records no patient with this key');
  if (patient.pseudonym !== prescription.patient) {
    throw new LedgerError('NOT_AUTHORISED', 'the prescription is of another patient');
  }
  requirePatientActive(patient);
}

export function requirePatientActive(patient: Patient): void {
  if (patient.status !== 'active') throw new LedgerError('SUSPENDED', `${patient.pseudonym} is ${patient.status}`);
}
