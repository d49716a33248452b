import type { z } from 'zod';
import {
  attachment,
  codeableConcept,
  coding,
  element,
  identifier,
  many,
  period,
  reference,
  resource,
} from './datatypes.ts';
import { boundTo, instant, text } from './primitives.ts';

/** https://hl7.org/fhir/R4/documentreference.html */
export const documentReference = resource('DocumentReference', {
  masterIdentifier: identifier.optional(),
  status: boundTo(['current', 'superseded', 'entered-in-error']),
  docStatus: boundTo(['preliminary', 'final', 'amended', 'entered-in-error']).optional(),
  type: codeableConcept.optional(),
  category: many(codeableConcept).optional(),
  subject: reference('Patient').optional(),
  date: instant.optional(),
  author: many(reference()).optional(),
  authenticator: reference().optional(),
  custodian: reference('Organization').optional(),
  relatesTo: many(
    element({
      code: boundTo(['replaces', 'transforms', 'signs', 'appends']),
      target: reference('DocumentReference'),
    }),
  ).optional(),
  description: text.optional(),
  securityLabel: many(codeableConcept).optional(),
  content: many(element({ attachment, format: coding.optional() })),
  context: element({
    encounter: many(reference('Encounter', 'EpisodeOfCare')).optional(),
    event: many(codeableConcept).optional(),
    period: period.optional(),
    facilityType: codeableConcept.optional(),
    practiceSetting: codeableConcept.optional(),
    sourcePatientInfo: reference('Patient').optional(),
    related: many(reference()).optional(),
  }).optional(),
});
export type DocumentReference = z.infer<typeof documentReference>;
