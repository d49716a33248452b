import { z } from 'zod';
import {
  attachment,
  choice,
  codeableConcept,
  coding,
  element,
  many,
  period,
  reference,
  resource,
} from './datatypes.ts';
import { boundTo, dateTime, uri } from './primitives.ts';

const provision = element({
  type: boundTo(['deny', 'permit']).optional(),
  period: period.optional(),
  actor: many(element({ role: codeableConcept, reference: reference() })).optional(),
  action: many(codeableConcept).optional(),
  securityLabel: many(coding).optional(),
  purpose: many(coding).optional(),
  class: many(coding).optional(),
  code: many(codeableConcept).optional(),
  dataPeriod: period.optional(),
  data: many(
    element({
      meaning: boundTo(['instance', 'related', 'dependents', 'authoredby']),
      reference: reference(),
    }),
  ).optional(),
  provision: many(z.looseObject({})).optional(),
});

/** https://hl7.org/fhir/R4/consent.html */
export const consent = resource('Consent', {
  status: boundTo(['draft', 'proposed', 'active', 'rejected', 'inactive', 'entered-in-error']),
  scope: codeableConcept,
  category: many(codeableConcept),
  patient: reference('Patient').optional(),
  dateTime: dateTime.optional(),
  performer: many(reference()).optional(),
  organization: many(reference('Organization')).optional(),
  sourceAttachment: attachment.optional(),
  sourceReference: reference().optional(),
  policy: many(element({ authority: uri.optional(), uri: uri.optional() })).optional(),
  policyRule: codeableConcept.optional(),
  provision: provision.optional(),
}).check(choice('source', ['Attachment', 'Reference']));
export type Consent = z.infer<typeof consent>;
