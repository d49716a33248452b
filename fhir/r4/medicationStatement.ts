import type { z } from 'zod';
import { annotation, choice, codeableConcept, dosage, many, period, reference, resource } from './datatypes.ts';
import { boundTo, dateTime } from './primitives.ts';

/** https://hl7.org/fhir/R4/medicationstatement.html */
export const medicationStatement = resource('MedicationStatement', {
  basedOn: many(reference()).optional(),
  partOf: many(reference()).optional(),
  status: boundTo([
    ...(['active', 'completed', 'entered-in-error', 'intended'] as const),
    ...(['stopped', 'on-hold', 'unknown', 'not-taken'] as const),
  ]),
  statusReason: many(codeableConcept).optional(),
  category: codeableConcept.optional(),
  medicationCodeableConcept: codeableConcept.optional(),
  medicationReference: reference('Medication').optional(),
  subject: reference('Patient'),
  context: reference('Encounter', 'EpisodeOfCare').optional(),
  effectiveDateTime: dateTime.optional(),
  effectivePeriod: period.optional(),
  dateAsserted: dateTime.optional(),
  informationSource: reference().optional(),
  derivedFrom: many(reference()).optional(),
  reasonCode: many(codeableConcept).optional(),
  reasonReference: many(reference()).optional(),
  note: many(annotation).optional(),
  dosage: many(dosage).optional(),
})
  .check(choice('medication', ['CodeableConcept', 'Reference'], { required: true }))
  .check(choice('effective', ['DateTime', 'Period']));
export type MedicationStatement = z.infer<typeof medicationStatement>;
