import type { Context } from 'fabric-contract-api';
import { callingPatient, requirePatientActive } from '../../care/people.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Prescription } from '../../model/prescription.ts';
import { requireStanding } from '../../model/standing.ts';
import { standingOf } from '../../people/callers.ts';

/** The author must still be in good standing when a pharmacy takes hold: SUSPENDED, LICENCE_INVALID. */
export async function requireAuthorStanding(ctx: Context, prescription: Prescription, at: Date): Promise<void> {
  const { practitioner, institution } = await standingOf(ctx, prescription.author);
  requireStanding(practitioner, institution, at);
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
