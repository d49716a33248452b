import type { PlanTerms } from '#chaincode/model/plan.ts';

/** What the demonstration's insurer covers. Names, shares and prices are invented; amounts are cents. */

const prices: PlanTerms['prices'] = [
  { code: 'MP-10020', price: 460, per: 28 },
  { code: 'MP-10220', price: 224, per: 56 },
  { code: 'MP-12080', price: 6_240, per: 60 },
  { code: 'MP-14181', price: 310, per: 28 },
  { code: 'MP-14301', price: 196, per: 28 },
  { code: 'MP-14303', price: 196, per: 28 },
  { code: 'MP-14391', price: 510, per: 30 },
  { code: 'MP-22051', price: 420, per: 84 },
  { code: 'MP-24021', price: 690, per: 21 },
  { code: 'MP-30031', price: 180, per: 15 },
  { code: 'MP-30032', price: 390, per: 100 },
  { code: 'MP-32050', price: 510, per: 30 },
  { code: 'MP-32090', price: 1_480, per: 6 },
  { code: 'MP-32350', price: 640, per: 28 },
  { code: 'CONSULT-10', price: 2_500, per: 1 },
  { code: 'CONSULT-20', price: 4_200, per: 1 },
  { code: 'EMERGENCY-1', price: 9_800, per: 1 },
  { code: 'LAB-BASIC', price: 1_800, per: 1 },
  { code: 'ECG', price: 2_900, per: 1 },
];

/** The plan that most are insured by. */
export const everyday: PlanTerms = {
  name: 'Northern Everyday',
  currency: 'EUR',
  deductible: 1_500,
  annualLimit: 1_200_000,
  outOfPocketLimit: 60_000,
  benefits: [
    { category: 'medicine', percent: 80, coPay: 100, priorAuthorisation: false, free: false },
    { category: 'consultation', percent: 90, coPay: 500, priorAuthorisation: false, free: true },
    { category: 'emergency', percent: 100, coPay: 1_000, priorAuthorisation: false, free: true },
    { category: 'diagnostics', percent: 90, coPay: 0, priorAuthorisation: false, free: false, annualLimit: 80_000 },
    { category: 'inpatient', percent: 100, coPay: 2_000, priorAuthorisation: true, free: true },
  ],
  tiers: {
    tier1: { percent: 100, coPay: 100, priorAuthorisation: false },
    tier2: { percent: 80, coPay: 200, priorAuthorisation: false },
    tier3: { percent: 60, coPay: 300, priorAuthorisation: false },
    tier4: { percent: 50, coPay: 500, priorAuthorisation: true },
    notCovered: { percent: 0, coPay: 0, priorAuthorisation: false },
  },
  prices,
  filingDays: 90,
  appealDays: 60,
  reviewAbove: 15_000,
  rules: [],
};

/** No deductible, and less to pay each time. */
export const complete: PlanTerms = {
  ...everyday,
  name: 'Northern Complete',
  deductible: 0,
  outOfPocketLimit: 30_000,
  tiers: {
    tier1: { percent: 100, coPay: 0, priorAuthorisation: false },
    tier2: { percent: 100, coPay: 100, priorAuthorisation: false },
    tier3: { percent: 80, coPay: 200, priorAuthorisation: false },
    tier4: { percent: 70, coPay: 300, priorAuthorisation: true },
    notCovered: { percent: 0, coPay: 0, priorAuthorisation: false },
  },
};
