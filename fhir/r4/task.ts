import type { z } from 'zod';
import { annotation, codeableConcept, element, identifier, many, period, reference, resource } from './datatypes.ts';
import { boundTo, dateTime, positiveInt, text } from './primitives.ts';

const value = element({
  type: codeableConcept,
  valueString: text.optional(),
  valueIdentifier: identifier.optional(),
});

/** https://hl7.org/fhir/R4/task.html */
export const task = resource('Task', {
  basedOn: many(reference()).optional(),
  status: boundTo([
    ...(['draft', 'requested', 'received', 'accepted', 'rejected', 'ready'] as const),
    ...(['cancelled', 'in-progress', 'on-hold', 'failed', 'completed', 'entered-in-error'] as const),
  ]),
  statusReason: codeableConcept.optional(),
  businessStatus: codeableConcept.optional(),
  intent: boundTo([
    ...(['unknown', 'proposal', 'plan', 'order', 'original-order'] as const),
    ...(['reflex-order', 'filler-order', 'instance-order', 'option'] as const),
  ]),
  code: codeableConcept.optional(),
  description: text.optional(),
  focus: reference().optional(),
  for: reference().optional(),
  executionPeriod: period.optional(),
  authoredOn: dateTime.optional(),
  lastModified: dateTime.optional(),
  requester: reference().optional(),
  owner: reference().optional(),
  reasonCode: codeableConcept.optional(),
  note: many(annotation).optional(),
  restriction: element({ repetitions: positiveInt.optional(), period: period.optional() }).optional(),
  input: many(value).optional(),
  output: many(value).optional(),
});
export type Task = z.infer<typeof task>;
