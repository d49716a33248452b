import type { ClaimReason } from '#chaincode/model/plan.ts';
import { systems } from './coding.ts';

/** X12's Claim Adjustment Reason Codes (external code list 139): numbers that payers publish; the words are X12's and not repeated here. */
export const carcSystem = 'https://x12.org/codes/claim-adjustment-reason-codes';
/** http://terminology.hl7.org/CodeSystem/adjudication: what an amount of a decision is. */
export const adjudicationSystem = 'http://terminology.hl7.org/CodeSystem/adjudication';

/** The published code that comes nearest; `OTHER` has none. `docs/states.md` has the table. */
const carc: Partial<Record<ClaimReason, string>> = {
  NOT_COVERED: '96',
  NO_PRIOR_AUTHORISATION: '197',
  ANNUAL_LIMIT: '119',
  DEDUCTIBLE: '1',
  PRICE_ABOVE_LIST: '45',
  QUANTITY_ABOVE_DISPENSED: '151',
  NOT_THE_MEMBER: '31',
  NOT_INSURED_THEN: '200',
  TOO_LATE: '29',
  EVIDENCE_INVALID: '250',
  EVIDENCE_MISSING: '252',
  TOKEN_INVALID: '173',
  DUPLICATE: '18',
  UNUSUAL: '133',
  LARGE_AMOUNT: '133',
  NOT_NECESSARY: '50',
  RULE: '272',
};

/** A reason as a CodeableConcept: Medloom's code first, then the published one. */
export const reasonConcept = (reason: ClaimReason) => ({
  coding: [
    { system: systems.claimReason, code: reason },
    ...(carc[reason] === undefined ? [] : [{ system: carcSystem, code: carc[reason] }]),
  ],
});
