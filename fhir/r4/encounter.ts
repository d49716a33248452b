import type { z } from 'zod';
import { codeableConcept, coding, element, many, period, quantity, reference, resource } from './datatypes.ts';
import { boundTo, positiveInt } from './primitives.ts';

const statuses = [
  ...(['planned', 'arrived', 'triaged', 'in-progress', 'onleave'] as const),
  ...(['finished', 'cancelled', 'entered-in-error', 'unknown'] as const),
] as const;

/** https://hl7.org/fhir/R4/encounter.html */
export const encounter = resource('Encounter', {
  status: boundTo(statuses),
  statusHistory: many(element({ status: boundTo(statuses), period })).optional(),
  class: coding,
  classHistory: many(element({ class: coding, period })).optional(),
  type: many(codeableConcept).optional(),
  serviceType: codeableConcept.optional(),
  priority: codeableConcept.optional(),
  subject: reference('Patient').optional(),
  participant: many(
    element({
      type: many(codeableConcept).optional(),
      period: period.optional(),
      individual: reference().optional(),
    }),
  ).optional(),
  period: period.optional(),
  length: quantity.optional(),
  reasonCode: many(codeableConcept).optional(),
  reasonReference: many(reference()).optional(),
  diagnosis: many(
    element({
      condition: reference('Condition', 'Procedure'),
      use: codeableConcept.optional(),
      rank: positiveInt.optional(),
    }),
  ).optional(),
  hospitalization: element({
    admitSource: codeableConcept.optional(),
    reAdmission: codeableConcept.optional(),
    dischargeDisposition: codeableConcept.optional(),
  }).optional(),
  location: many(
    element({
      location: reference('Location'),
      status: boundTo(['planned', 'active', 'reserved', 'completed']).optional(),
      period: period.optional(),
    }),
  ).optional(),
  serviceProvider: reference('Organization').optional(),
  partOf: reference('Encounter').optional(),
});
export type Encounter = z.infer<typeof encounter>;
