import { type PlanTerms, planTerms } from '#chaincode/model/plan.ts';
import { noUsage } from '#chaincode/model/usage.ts';
import type { Product } from '#formulary/product.ts';
import { products } from '#formulary/products.ts';
import type { Adjudicated } from './adjudicate.ts';
import type { ClaimItem } from './claimItem.ts';
import type { ClaimFacts } from './facts.ts';
import { ClaimHistory, type PastClaim } from './history.ts';

/** Claims, plans and pasts of the tests. */

export const id = (prefix: string, letter = 'a') => `${prefix}-${letter.repeat(26)}`;
export const servedAt = '2026-11-20T10:00:00.000Z';
export const policy = { state: 'active', from: '2025-03-01T00:00:00.000Z' } as const;

export function productOf(unit: string, nth = 0): Product {
  const found = products.filter((product) => product.unit === unit)[nth];
  if (found === undefined) throw new Error(`the formulary has no ${unit}`);
  return found;
}
export const tablets = productOf('tablet');

export const termsOf = (change: Partial<PlanTerms> = {}): PlanTerms =>
  planTerms.parse({
    ...{
      name: 'Basic',
      currency: 'EUR',
      deductible: 0,
      tiers: {},
      prices: [],
      filingDays: 30,
      appealDays: 30,
      rules: [],
    },
    benefits: [
      { category: 'medicine', percent: 80, coPay: 500, priorAuthorisation: false, free: false },
      { category: 'consultation', percent: 100, coPay: 1_000, priorAuthorisation: false, free: true },
      { category: 'inpatient', percent: 90, coPay: 0, priorAuthorisation: true, free: false },
    ],
    ...change,
  });

export const itemOf = (change: Partial<ClaimItem> = {}): ClaimItem => ({
  ...{ sequence: 1, category: 'medicine', code: tablets.code, atc: tablets.atc, tier: 'tier1' },
  ...{ quantity: 30, unit: tablets.unit, net: 3_000 },
  ...change,
});

export function factsOf(change: Partial<ClaimFacts> = {}): ClaimFacts {
  const { items = [itemOf()] } = change;
  return {
    ...{ id: id('clm'), use: 'claim', category: 'medicine', policy: id('pol'), provider: 'inst-city-pharmacy' },
    ...{ service: 'ab'.repeat(32), servedAt, filedAt: servedAt, currency: 'EUR' },
    ...{ billed: items.reduce((sum, { net }) => sum + net, 0), items },
    ...change,
  };
}

/** A claim that is in order in every way, but for what a test changes. */
export const inputOf = (change: Partial<Adjudicated> = {}): Adjudicated => ({
  ...{
    facts: factsOf(),
    disagreements: [],
    evidence: { faults: [], prescribed: { code: tablets.code }, dispensed: 30 },
  },
  ...{ terms: termsOf(), policy, birthDate: '1980-05-05', usage: noUsage(id('pol'), 2), history: new ClaimHistory() },
  ...change,
});

let made = 0;
/** A claim of the past, of which each has its own id and service. */
export function pastOf(change: Partial<PastClaim> = {}): PastClaim {
  made += 1;
  const own = { id: `clm-past-${made}`, service: made.toString(16).padStart(64, '0') };
  return { ...factsOf(), ...own, filedAt: '2026-11-20T09:59:00.000Z', result: 'approved', ...change };
}
export function historyOf(...claims: PastClaim[]): ClaimHistory {
  const history = new ClaimHistory();
  for (const claim of claims) history.add(claim);
  return history;
}
