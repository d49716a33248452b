import { codeableConcept, element, many, money, reference } from './datatypes.ts';
import { boundTo, decimal, positiveInt, text } from './primitives.ts';

/** What Claim, ClaimResponse and ExplanationOfBenefit share (https://hl7.org/fhir/R4/financial-module.html). */

export const claimUse = boundTo(['claim', 'preauthorization', 'predetermination']);
/** http://hl7.org/fhir/remittance-outcome */
export const remittanceOutcome = boundTo(['queued', 'complete', 'error', 'partial']);

/** One step by which an item is judged: an amount, or a factor. */
export const adjudication = element({
  category: codeableConcept,
  reason: codeableConcept.optional(),
  amount: money.optional(),
  value: decimal.optional(),
});
export const total = element({ category: codeableConcept, amount: money });
export const processNote = element({
  number: positiveInt.optional(),
  type: boundTo(['display', 'print', 'printoper']).optional(),
  text: text.optional(),
  language: codeableConcept.optional(),
});
export const payee = element({ type: codeableConcept.optional(), party: reference().optional() });
export const related = element({
  claim: reference('Claim').optional(),
  relationship: codeableConcept.optional(),
});
export const careTeam = element({
  sequence: positiveInt,
  provider: reference('Practitioner', 'PractitionerRole', 'Organization'),
  role: codeableConcept.optional(),
});
/** Places of other members that an item names, by their sequences. */
export const sequences = many(positiveInt).optional();
