import type { z } from 'zod';
import {
  annotation,
  choice,
  codeableConcept,
  dosage,
  element,
  many,
  period,
  quantity,
  reference,
  resource,
} from './datatypes.ts';
import { boolean, boundTo, dateTime, unsignedInt } from './primitives.ts';

/**
 * https://hl7.org/fhir/R4/medicationrequest.html, as other systems write it: an order that the record remembers. Medloom's own
 * prescriptions have the narrower `fhir/medicationRequest.ts` and live on the ledger.
 */
export const medicationRequest = resource('MedicationRequest', {
  status: boundTo([
    ...(['active', 'on-hold', 'cancelled', 'completed'] as const),
    ...(['entered-in-error', 'stopped', 'draft', 'unknown'] as const),
  ]),
  statusReason: codeableConcept.optional(),
  intent: boundTo([
    ...(['proposal', 'plan', 'order', 'original-order'] as const),
    ...(['reflex-order', 'filler-order', 'instance-order', 'option'] as const),
  ]),
  category: many(codeableConcept).optional(),
  priority: boundTo(['routine', 'urgent', 'asap', 'stat']).optional(),
  doNotPerform: boolean.optional(),
  reportedBoolean: boolean.optional(),
  reportedReference: reference().optional(),
  medicationCodeableConcept: codeableConcept.optional(),
  medicationReference: reference('Medication').optional(),
  subject: reference('Patient'),
  encounter: reference('Encounter').optional(),
  authoredOn: dateTime.optional(),
  requester: reference().optional(),
  reasonCode: many(codeableConcept).optional(),
  reasonReference: many(reference()).optional(),
  note: many(annotation).optional(),
  dosageInstruction: many(dosage).optional(),
  dispenseRequest: element({
    validityPeriod: period.optional(),
    numberOfRepeatsAllowed: unsignedInt.optional(),
    quantity: quantity.optional(),
    expectedSupplyDuration: quantity.optional(),
  }).optional(),
})
  .check(choice('medication', ['CodeableConcept', 'Reference'], { required: true }))
  .check(choice('reported', ['Boolean', 'Reference']));
export type MedicationRequest = z.infer<typeof medicationRequest>;
