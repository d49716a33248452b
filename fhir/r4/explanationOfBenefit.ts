import type { z } from 'zod';
import {
  adjudication,
  careTeam,
  claimUse,
  payee,
  processNote,
  related,
  remittanceOutcome,
  sequences,
  total,
} from './adjudication.ts';
import { financialStatus } from './coverage.ts';
import {
  choice,
  codeableConcept,
  element,
  identifier,
  many,
  money,
  period,
  reference,
  resource,
  simpleQuantity,
} from './datatypes.ts';
import { boolean, date, dateTime, decimal, positiveInt, text, unsignedInt } from './primitives.ts';

/** https://hl7.org/fhir/R4/explanationofbenefit.html */
export const explanationOfBenefit = resource('ExplanationOfBenefit', {
  status: financialStatus,
  type: codeableConcept,
  subType: codeableConcept.optional(),
  use: claimUse,
  patient: reference('Patient'),
  billablePeriod: period.optional(),
  created: dateTime,
  insurer: reference('Organization'),
  provider: reference('Practitioner', 'PractitionerRole', 'Organization'),
  priority: codeableConcept.optional(),
  related: many(related).optional(),
  prescription: reference('MedicationRequest', 'VisionPrescription').optional(),
  payee: payee.optional(),
  claim: reference('Claim').optional(),
  claimResponse: reference('ClaimResponse').optional(),
  outcome: remittanceOutcome,
  disposition: text.optional(),
  preAuthRef: many(text).optional(),
  careTeam: many(careTeam).optional(),
  precedence: positiveInt.optional(),
  insurance: many(element({ focal: boolean, coverage: reference('Coverage'), preAuthRef: many(text).optional() })),
  item: many(
    element({
      sequence: positiveInt,
      category: codeableConcept.optional(),
      productOrService: codeableConcept,
      servicedDate: date.optional(),
      servicedPeriod: period.optional(),
      quantity: simpleQuantity.optional(),
      unitPrice: money.optional(),
      factor: decimal.optional(),
      net: money.optional(),
      noteNumber: sequences,
      adjudication: many(adjudication).optional(),
    }).check(choice('serviced', ['Date', 'Period'])),
  ).optional(),
  adjudication: many(adjudication).optional(),
  total: many(total).optional(),
  payment: element({
    type: codeableConcept.optional(),
    adjustment: money.optional(),
    adjustmentReason: codeableConcept.optional(),
    date: date.optional(),
    amount: money.optional(),
    identifier: identifier.optional(),
  }).optional(),
  processNote: many(processNote).optional(),
  benefitPeriod: period.optional(),
  benefitBalance: many(
    element({
      category: codeableConcept,
      excluded: boolean.optional(),
      name: text.optional(),
      financial: many(
        element({
          type: codeableConcept,
          allowedUnsignedInt: unsignedInt.optional(),
          allowedMoney: money.optional(),
          usedUnsignedInt: unsignedInt.optional(),
          usedMoney: money.optional(),
        })
          .check(choice('allowed', ['UnsignedInt', 'String', 'Money']))
          .check(choice('used', ['UnsignedInt', 'Money'])),
      ).optional(),
    }),
  ).optional(),
});
export type ExplanationOfBenefit = z.infer<typeof explanationOfBenefit>;
