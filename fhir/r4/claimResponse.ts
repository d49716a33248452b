import type { z } from 'zod';
import { adjudication, claimUse, processNote, remittanceOutcome, sequences, total } from './adjudication.ts';
import { financialStatus } from './coverage.ts';
import { codeableConcept, element, identifier, many, money, period, reference, resource } from './datatypes.ts';
import { boolean, date, dateTime, positiveInt, text } from './primitives.ts';

/** https://hl7.org/fhir/R4/claimresponse.html */
export const claimResponse = resource('ClaimResponse', {
  status: financialStatus,
  type: codeableConcept,
  subType: codeableConcept.optional(),
  use: claimUse,
  patient: reference('Patient'),
  created: dateTime,
  insurer: reference('Organization'),
  requestor: reference('Practitioner', 'PractitionerRole', 'Organization').optional(),
  request: reference('Claim').optional(),
  outcome: remittanceOutcome,
  disposition: text.optional(),
  preAuthRef: text.optional(),
  preAuthPeriod: period.optional(),
  payeeType: codeableConcept.optional(),
  item: many(
    element({
      itemSequence: positiveInt,
      noteNumber: sequences,
      adjudication: many(adjudication),
    }),
  ).optional(),
  adjudication: many(adjudication).optional(),
  total: many(total).optional(),
  payment: element({
    type: codeableConcept,
    adjustment: money.optional(),
    adjustmentReason: codeableConcept.optional(),
    date: date.optional(),
    amount: money,
    identifier: identifier.optional(),
  }).optional(),
  processNote: many(processNote.extend({ text })).optional(),
  insurance: many(
    element({
      sequence: positiveInt,
      focal: boolean,
      coverage: reference('Coverage'),
      businessArrangement: text.optional(),
      claimResponse: reference('ClaimResponse').optional(),
    }),
  ).optional(),
  error: many(
    element({
      itemSequence: positiveInt.optional(),
      detailSequence: positiveInt.optional(),
      subDetailSequence: positiveInt.optional(),
      code: codeableConcept,
    }),
  ).optional(),
});
export type ClaimResponse = z.infer<typeof claimResponse>;
