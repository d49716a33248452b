import { z } from 'zod';
import { codeableConcept, element, identifier, many, narrative, period, reference, resource } from './datatypes.ts';
import { boundTo, code, dateTime, text } from './primitives.ts';

const mode = boundTo(['working', 'snapshot', 'changes']).optional();
const section = element({
  title: text.optional(),
  code: codeableConcept.optional(),
  author: many(reference()).optional(),
  focus: reference().optional(),
  text: narrative.optional(),
  mode,
  orderedBy: codeableConcept.optional(),
  /** As many as a record has of a kind. */
  entry: z.array(reference()).min(1, 'must not be an empty list').optional(),
  emptyReason: codeableConcept.optional(),
});

/** https://hl7.org/fhir/R4/composition.html; sections of sections are kept as they came. */
export const composition = resource('Composition', {
  identifier: identifier.optional(),
  status: boundTo(['preliminary', 'final', 'amended', 'entered-in-error']),
  type: codeableConcept,
  category: many(codeableConcept).optional(),
  subject: reference().optional(),
  encounter: reference('Encounter').optional(),
  date: dateTime,
  author: many(reference()),
  title: text,
  confidentiality: code.optional(),
  attester: many(
    element({ mode: boundTo(['personal', 'professional', 'legal', 'official']), time: dateTime.optional() }),
  ).optional(),
  custodian: reference('Organization').optional(),
  event: many(element({ code: many(codeableConcept).optional(), period: period.optional() })).optional(),
  section: many(section).optional(),
});
export type Composition = z.infer<typeof composition>;
