import type { Context } from 'fabric-contract-api';
import { isPatientMember, requireOwner } from '../../care/owner.ts';
import { callingPatient, requirePatientActive } from '../../care/people.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Prescription } from '../../model/prescription.ts';
import type { Practitioner } from '../../model/registry.ts';
import { requireStanding } from '../../model/standing.ts';
import { requirePractitioner, standingOf } from '../../people/callers.ts';
import { parsePrescriptionId } from './ids.ts';
import { getPrescription } from './storage.ts';
import { type PrescriptionAction, refusalIn } from './transitions.ts';

/** The author must still be in good standing when a pharmacy takes hold: SUSPENDED, LICENCE_INVALID. */
export async function requireAuthorStanding(ctx: Context, prescription: Prescription, at: Date): Promise<void> {
  const { practitioner, institution } = await standingOf(ctx, prescription.author);
  requireStanding(practitioner, institution, at);
}

/**
 * Who is concerned by a prescription besides pharmacies: its author, the patient, or who acts for the patient. Answers who
 * calls. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID.
 */
export async function requireConcerned(
  ctx: Context,
  at: Date,
  id: string,
): Promise<{ prescription: Prescription; by: string }> {
  if (isPatientMember(ctx)) {
    const prescription = await getPrescription(ctx, parsePrescriptionId(ctx, id));
    const { person } = await requireOwner(ctx, prescription.patient, at);
    return { prescription, by: person.pseudonym };
  }
  const prescriptionId = parsePrescriptionId(ctx, id);
  const { practitioner } = await requirePractitioner(ctx, 'doctor', at);
  const prescription = await getPrescription(ctx, prescriptionId);
  if (prescription.author !== practitioner.id) throw new LedgerError('NOT_AUTHORISED', 'only its author may do this');
  return { prescription, by: practitioner.id };
}

/** A pharmacist in standing whose institution holds it: the refusals of the state first, then HELD_BY_ANOTHER. */
export async function requireHold(
  ctx: Context,
  at: Date,
  id: string,
  action: PrescriptionAction,
): Promise<{ prescription: Prescription; pharmacist: Practitioner }> {
  const prescriptionId = parsePrescriptionId(ctx, id);
  const { practitioner: pharmacist } = await requirePractitioner(ctx, 'pharmacist', at);
  const prescription = await getPrescription(ctx, prescriptionId);
  const refusal = refusalIn(prescription.state, action);
  if (refusal) throw new LedgerError(refusal, `${prescription.id} is ${prescription.state}`);
  if (prescription.holder?.institutionId !== pharmacist.institutionId) {
    throw new LedgerError('HELD_BY_ANOTHER', `${prescription.id} is held by another pharmacy`);
  }
  return { prescription, pharmacist };
}

/** The prescription of the calling patient, or of whom the caller acts for. */
export async function requireOwn(ctx: Context, at: Date, id: string): Promise<Prescription> {
  const prescription = await getPrescription(ctx, parsePrescriptionId(ctx, id));
  await requireOwner(ctx, prescription.patient, at);
  return prescription;
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
