import type { Actor } from '../people/schema.ts';
import type { PrescriptionSummary } from './schema.ts';
import * as service from './service.ts';

/** Prescriptions of a patient, of an author, or of the actor's pharmacy; newest first. */
export function listPrescriptions(
  actor: Actor,
  input: { scope: 'patient' | 'author' | 'held'; patientPersonId?: string },
): Promise<PrescriptionSummary[]> {
  return service.listPrescriptions(actor, input);
}

/** One prescription, which the actor must be allowed to see. */
export function readPrescription(actor: Actor, id: string): Promise<PrescriptionSummary> {
  return service.readPrescription(actor, id);
}
