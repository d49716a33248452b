import type { z } from 'zod';
import { careTeam, claimUse, payee, related, sequences } from './adjudication.ts';
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
import { boolean, date, dateTime, decimal, positiveInt, text } from './primitives.ts';

const amounts = {
  quantity: simpleQuantity.optional(),
  unitPrice: money.optional(),
  factor: decimal.optional(),
  net: money.optional(),
};
/** An item and each of its details. */
const product = { sequence: positiveInt, category: codeableConcept.optional(), productOrService: codeableConcept };

/** https://hl7.org/fhir/R4/claim.html */
export const claim = resource('Claim', {
  status: financialStatus,
  type: codeableConcept,
  subType: codeableConcept.optional(),
  use: claimUse,
  patient: reference('Patient'),
  billablePeriod: period.optional(),
  created: dateTime,
  enterer: reference('Practitioner', 'PractitionerRole').optional(),
  insurer: reference('Organization').optional(),
  provider: reference('Practitioner', 'PractitionerRole', 'Organization'),
  priority: codeableConcept,
  related: many(related).optional(),
  prescription: reference('DeviceRequest', 'MedicationRequest', 'VisionPrescription').optional(),
  payee: payee.optional(),
  referral: reference('ServiceRequest').optional(),
  facility: reference('Location').optional(),
  careTeam: many(careTeam).optional(),
  supportingInfo: many(
    element({ sequence: positiveInt, category: codeableConcept, code: codeableConcept.optional() })
      .check(choice('timing', ['Date', 'Period']))
      .check(choice('value', ['Boolean', 'String', 'Quantity', 'Attachment', 'Reference'])),
  ).optional(),
  diagnosis: many(
    element({
      sequence: positiveInt,
      diagnosisCodeableConcept: codeableConcept.optional(),
      diagnosisReference: reference('Condition').optional(),
    }).check(choice('diagnosis', ['CodeableConcept', 'Reference'], { required: true })),
  ).optional(),
  insurance: many(
    element({
      sequence: positiveInt,
      focal: boolean,
      identifier: identifier.optional(),
      coverage: reference('Coverage'),
      businessArrangement: text.optional(),
      preAuthRef: many(text).optional(),
      claimResponse: reference('ClaimResponse').optional(),
    }),
  ),
  item: many(
    element({
      ...product,
      careTeamSequence: sequences,
      diagnosisSequence: sequences,
      informationSequence: sequences,
      modifier: many(codeableConcept).optional(),
      servicedDate: date.optional(),
      servicedPeriod: period.optional(),
      ...amounts,
      encounter: many(reference('Encounter')).optional(),
      detail: many(element({ ...product, ...amounts })).optional(),
    }).check(choice('serviced', ['Date', 'Period'])),
  ).optional(),
  total: money.optional(),
});
export type Claim = z.infer<typeof claim>;
