import type { z } from 'zod';
import {
  annotation,
  choice,
  codeableConcept,
  dosage,
  element,
  many,
  reference,
  resource,
  simpleQuantity,
} from './datatypes.ts';
import { boolean, boundTo, dateTime } from './primitives.ts';

/** https://hl7.org/fhir/R4/medicationdispense.html, as other systems write it; Medloom's own is narrower (`fhir/medicationDispense.ts`). */
export const medicationDispense = resource('MedicationDispense', {
  status: boundTo([
    ...(['preparation', 'in-progress', 'cancelled', 'on-hold', 'completed'] as const),
    ...(['entered-in-error', 'stopped', 'declined', 'unknown'] as const),
  ]),
  category: codeableConcept.optional(),
  medicationCodeableConcept: codeableConcept.optional(),
  medicationReference: reference('Medication').optional(),
  subject: reference('Patient', 'Group').optional(),
  performer: many(element({ function: codeableConcept.optional(), actor: reference() })).optional(),
  location: reference('Location').optional(),
  authorizingPrescription: many(reference('MedicationRequest')).optional(),
  type: codeableConcept.optional(),
  quantity: simpleQuantity.optional(),
  daysSupply: simpleQuantity.optional(),
  whenPrepared: dateTime.optional(),
  whenHandedOver: dateTime.optional(),
  note: many(annotation).optional(),
  dosageInstruction: many(dosage).optional(),
  substitution: element({
    wasSubstituted: boolean,
    type: codeableConcept.optional(),
    reason: many(codeableConcept).optional(),
  }).optional(),
}).check(choice('medication', ['CodeableConcept', 'Reference'], { required: true }));
export type MedicationDispense = z.infer<typeof medicationDispense>;
