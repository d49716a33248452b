import type { z } from 'zod';
import {
  annotation,
  choice,
  codeableConcept,
  element,
  invariant,
  many,
  period,
  quantity,
  range,
  reference,
  resource,
} from './datatypes.ts';
import { boundTo, dateTime, text } from './primitives.ts';
import { statusConcept, statusOf, statusSystems } from './statusConcept.ts';

const { allergyClinical, allergyVerification } = statusSystems;

/** https://hl7.org/fhir/R4/allergyintolerance.html */
export const allergyIntolerance = resource('AllergyIntolerance', {
  clinicalStatus: statusConcept(allergyClinical, ['active', 'inactive', 'resolved']).optional(),
  verificationStatus: statusConcept(allergyVerification, [
    'unconfirmed',
    'confirmed',
    'refuted',
    'entered-in-error',
  ]).optional(),
  type: boundTo(['allergy', 'intolerance']).optional(),
  category: many(boundTo(['food', 'medication', 'environment', 'biologic']).nullable()).optional(),
  criticality: boundTo(['low', 'high', 'unable-to-assess']).optional(),
  code: codeableConcept.optional(),
  patient: reference('Patient'),
  encounter: reference('Encounter').optional(),
  onsetDateTime: dateTime.optional(),
  onsetAge: quantity.optional(),
  onsetPeriod: period.optional(),
  onsetRange: range.optional(),
  onsetString: text.optional(),
  recordedDate: dateTime.optional(),
  recorder: reference().optional(),
  asserter: reference().optional(),
  lastOccurrence: dateTime.optional(),
  note: many(annotation).optional(),
  reaction: many(
    element({
      substance: codeableConcept.optional(),
      manifestation: many(codeableConcept),
      description: text.optional(),
      onset: dateTime.optional(),
      severity: boundTo(['mild', 'moderate', 'severe']).optional(),
      exposureRoute: codeableConcept.optional(),
      note: many(annotation).optional(),
    }),
  ).optional(),
})
  .check(choice('onset', ['DateTime', 'Age', 'Period', 'Range', 'String']))
  .check(
    invariant('clinicalStatus', 'must be given unless entered in error (ait-1)', (value) => {
      return isError(value.verificationStatus) || value.clinicalStatus !== undefined;
    }),
  )
  .check(
    invariant('clinicalStatus', 'must not be given where entered in error (ait-2)', (value) => {
      return !(isError(value.verificationStatus) && value.clinicalStatus !== undefined);
    }),
  );
export type AllergyIntolerance = z.infer<typeof allergyIntolerance>;

function isError(status: z.infer<typeof codeableConcept> | undefined): boolean {
  return statusOf(status, allergyVerification) === 'entered-in-error';
}
