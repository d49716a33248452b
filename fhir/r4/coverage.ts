import type { z } from 'zod';
import {
  choice,
  codeableConcept,
  element,
  many,
  money,
  period,
  reference,
  resource,
  simpleQuantity,
} from './datatypes.ts';
import { boolean, boundTo, positiveInt, text } from './primitives.ts';

/** Status of every financial resource (http://hl7.org/fhir/fm-status). */
export const financialStatus = boundTo(['active', 'cancelled', 'draft', 'entered-in-error']);

/** https://hl7.org/fhir/R4/coverage.html */
export const coverage = resource('Coverage', {
  status: financialStatus,
  type: codeableConcept.optional(),
  policyHolder: reference('Patient', 'RelatedPerson', 'Organization').optional(),
  subscriber: reference('Patient', 'RelatedPerson').optional(),
  subscriberId: text.optional(),
  beneficiary: reference('Patient'),
  dependent: text.optional(),
  relationship: codeableConcept.optional(),
  period: period.optional(),
  payor: many(reference('Organization', 'Patient', 'RelatedPerson')),
  class: many(element({ type: codeableConcept, value: text, name: text.optional() })).optional(),
  order: positiveInt.optional(),
  network: text.optional(),
  costToBeneficiary: many(
    element({
      type: codeableConcept.optional(),
      valueQuantity: simpleQuantity.optional(),
      valueMoney: money.optional(),
      exception: many(element({ type: codeableConcept, period: period.optional() })).optional(),
    }).check(choice('value', ['Quantity', 'Money'], { required: true })),
  ).optional(),
  subrogation: boolean.optional(),
  contract: many(reference('Contract')).optional(),
});
export type Coverage = z.infer<typeof coverage>;
