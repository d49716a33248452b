import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import * as renewals from './renewals.ts';
import type { PrescriptionSummary, RenewalSummary } from './schema.ts';
import { prescriptionId } from './schema.ts';
import * as service from './service.ts';

/** Prescriptions of a patient, of an author, or of the actor's pharmacy; newest first. */
export function listPrescriptions(
  actor: Actor,
  input: { scope: 'patient' | 'author' | 'held'; patientPersonId?: string },
): Promise<PrescriptionSummary[]> {
  return service.listPrescriptions(actor, input);
}

/** One prescription; undefined where there is none, or none that the actor may see. */
export async function findPrescription(actor: Actor, id: string): Promise<PrescriptionSummary | undefined> {
  const parsed = prescriptionId.safeParse(id);
  if (!parsed.success) return undefined;
  try {
    return await service.readPrescription(actor, parsed.data);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Requests for renewals that concern the actor, newest first. */
export function listRenewals(actor: Actor): Promise<RenewalSummary[]> {
  return renewals.listRenewals(actor);
}
