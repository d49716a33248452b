import type { z } from 'zod';
import {
  annotation,
  choice,
  codeableConcept,
  element,
  many,
  period,
  quantity,
  range,
  reference,
  resource,
} from './datatypes.ts';
import { boundTo, dateTime, text } from './primitives.ts';

/** https://hl7.org/fhir/R4/procedure.html */
export const procedure = resource('Procedure', {
  basedOn: many(reference()).optional(),
  partOf: many(reference()).optional(),
  status: boundTo([
    ...(['preparation', 'in-progress', 'not-done', 'on-hold'] as const),
    ...(['stopped', 'completed', 'entered-in-error', 'unknown'] as const),
  ]),
  statusReason: codeableConcept.optional(),
  category: codeableConcept.optional(),
  code: codeableConcept.optional(),
  subject: reference('Patient'),
  encounter: reference('Encounter').optional(),
  performedDateTime: dateTime.optional(),
  performedPeriod: period.optional(),
  performedString: text.optional(),
  performedAge: quantity.optional(),
  performedRange: range.optional(),
  recorder: reference().optional(),
  asserter: reference().optional(),
  performer: many(
    element({
      function: codeableConcept.optional(),
      actor: reference(),
      onBehalfOf: reference('Organization').optional(),
    }),
  ).optional(),
  location: reference('Location').optional(),
  reasonCode: many(codeableConcept).optional(),
  reasonReference: many(reference()).optional(),
  bodySite: many(codeableConcept).optional(),
  outcome: codeableConcept.optional(),
  report: many(reference()).optional(),
  complication: many(codeableConcept).optional(),
  followUp: many(codeableConcept).optional(),
  note: many(annotation).optional(),
}).check(choice('performed', ['DateTime', 'Period', 'String', 'Age', 'Range']));
export type Procedure = z.infer<typeof procedure>;
