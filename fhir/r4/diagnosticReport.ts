import type { z } from 'zod';
import { attachment, choice, codeableConcept, element, many, period, reference, resource } from './datatypes.ts';
import { boundTo, dateTime, instant, text } from './primitives.ts';

/** https://hl7.org/fhir/R4/diagnosticreport.html */
export const diagnosticReport = resource('DiagnosticReport', {
  basedOn: many(reference()).optional(),
  status: boundTo([
    ...(['registered', 'partial', 'preliminary', 'final', 'amended'] as const),
    ...(['corrected', 'appended', 'cancelled', 'entered-in-error', 'unknown'] as const),
  ]),
  category: many(codeableConcept).optional(),
  code: codeableConcept,
  subject: reference('Patient'),
  encounter: reference('Encounter').optional(),
  effectiveDateTime: dateTime.optional(),
  effectivePeriod: period.optional(),
  issued: instant.optional(),
  performer: many(reference()).optional(),
  resultsInterpreter: many(reference()).optional(),
  specimen: many(reference('Specimen')).optional(),
  result: many(reference('Observation')).optional(),
  imagingStudy: many(reference()).optional(),
  media: many(element({ comment: text.optional(), link: reference('Media') })).optional(),
  conclusion: text.optional(),
  conclusionCode: many(codeableConcept).optional(),
  presentedForm: many(attachment).optional(),
}).check(choice('effective', ['DateTime', 'Period']));
export type DiagnosticReport = z.infer<typeof diagnosticReport>;
