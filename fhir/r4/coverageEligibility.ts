import type { z } from 'zod';
import { remittanceOutcome, sequences } from './adjudication.ts';
import { financialStatus } from './coverage.ts';
import {
  choice,
  codeableConcept,
  element,
  invariant,
  many,
  money,
  period,
  reference,
  resource,
  simpleQuantity,
} from './datatypes.ts';
import { boolean, boundTo, date, dateTime, text, unsignedInt, uri } from './primitives.ts';

const purposes = many(boundTo(['auth-requirements', 'benefits', 'discovery', 'validation']));
const serviced = { servicedDate: date.optional(), servicedPeriod: period.optional() };

/** https://hl7.org/fhir/R4/coverageeligibilityrequest.html */
export const coverageEligibilityRequest = resource('CoverageEligibilityRequest', {
  status: financialStatus,
  priority: codeableConcept.optional(),
  purpose: purposes,
  patient: reference('Patient'),
  ...serviced,
  created: dateTime,
  enterer: reference('Practitioner', 'PractitionerRole').optional(),
  provider: reference('Practitioner', 'PractitionerRole', 'Organization').optional(),
  insurer: reference('Organization'),
  facility: reference('Location').optional(),
  insurance: many(
    element({
      focal: boolean.optional(),
      coverage: reference('Coverage'),
      businessArrangement: text.optional(),
    }),
  ).optional(),
  item: many(
    element({
      supportingInfoSequence: sequences,
      category: codeableConcept.optional(),
      productOrService: codeableConcept.optional(),
      modifier: many(codeableConcept).optional(),
      provider: reference('Practitioner', 'PractitionerRole').optional(),
      quantity: simpleQuantity.optional(),
      unitPrice: money.optional(),
      facility: reference('Location', 'Organization').optional(),
      diagnosis: many(
        element({
          diagnosisCodeableConcept: codeableConcept.optional(),
          diagnosisReference: reference('Condition').optional(),
        }).check(choice('diagnosis', ['CodeableConcept', 'Reference'])),
      ).optional(),
      detail: many(reference()).optional(),
    }),
  ).optional(),
}).check(choice('serviced', ['Date', 'Period']));
export type CoverageEligibilityRequest = z.infer<typeof coverageEligibilityRequest>;

/** https://hl7.org/fhir/R4/coverageeligibilityresponse.html */
export const coverageEligibilityResponse = resource('CoverageEligibilityResponse', {
  status: financialStatus,
  purpose: purposes,
  patient: reference('Patient'),
  ...serviced,
  created: dateTime,
  requestor: reference('Practitioner', 'PractitionerRole', 'Organization').optional(),
  request: reference('CoverageEligibilityRequest'),
  outcome: remittanceOutcome,
  disposition: text.optional(),
  insurer: reference('Organization'),
  insurance: many(
    element({
      coverage: reference('Coverage'),
      inforce: boolean.optional(),
      benefitPeriod: period.optional(),
      item: many(
        element({
          category: codeableConcept.optional(),
          productOrService: codeableConcept.optional(),
          excluded: boolean.optional(),
          name: text.optional(),
          description: text.optional(),
          network: codeableConcept.optional(),
          unit: codeableConcept.optional(),
          term: codeableConcept.optional(),
          benefit: many(
            element({
              type: codeableConcept,
              allowedUnsignedInt: unsignedInt.optional(),
              allowedString: text.optional(),
              allowedMoney: money.optional(),
              usedUnsignedInt: unsignedInt.optional(),
              usedString: text.optional(),
              usedMoney: money.optional(),
            })
              .check(choice('allowed', ['UnsignedInt', 'String', 'Money']))
              .check(choice('used', ['UnsignedInt', 'String', 'Money'])),
          ).optional(),
          authorizationRequired: boolean.optional(),
          authorizationSupporting: many(codeableConcept).optional(),
          authorizationUrl: uri.optional(),
        }).check(
          invariant(
            'category',
            'must be given, or a code, and not both',
            ({ category, productOrService }) => (category === undefined) !== (productOrService === undefined),
          ),
        ),
      ).optional(),
    }),
  ).optional(),
  preAuthRef: text.optional(),
  form: codeableConcept.optional(),
  error: many(element({ code: codeableConcept })).optional(),
}).check(choice('serviced', ['Date', 'Period']));
export type CoverageEligibilityResponse = z.infer<typeof coverageEligibilityResponse>;
