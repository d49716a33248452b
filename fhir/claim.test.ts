import { describe, expect, it } from 'vitest';
import { claimReasons } from '#chaincode/model/plan.ts';
import { findProduct, products } from '#formulary/products.ts';
import { buildClaim, type Claim, type ClaimDraft, parseClaim } from './claim.ts';
import { reasonConcept } from './claimReason.ts';
import { buildCoverage, parseCoverage } from './coverage.ts';
import {
  buildEligibilityRequest,
  buildEligibilityResponse,
  type EligibilityAnswer,
  netOf,
  parseEligibilityRequest,
  parseEligibilityResponse,
  readEligibilityResponse,
} from './eligibility.ts';
import { buildExplanation, claimResponseOf, type Decided, parseExplanation, readExplanation } from './explanation.ts';
import { amountOf, moneyOf } from './money.ts';
import { encodeResource } from './parse.ts';
import { claim as claimOfR4 } from './r4/claim.ts';
import { claimResponse } from './r4/claimResponse.ts';
import { coverage as coverageOfR4 } from './r4/coverage.ts';
import { coverageEligibilityRequest, coverageEligibilityResponse } from './r4/coverageEligibility.ts';
import { explanationOfBenefit } from './r4/explanationOfBenefit.ts';

const id = (prefix: string, letter = 'a') => `${prefix}-${letter.repeat(26)}`;
const at = '2026-11-27T09:00:00.000Z';
const insurer = { id: 'inst-first-insurer', name: 'First Insurer' };
const provider = { id: 'inst-city-pharmacy' };
const [product] = products;
if (product === undefined) throw new Error('the formulary is empty');

const draft: ClaimDraft = {
  ...{ id: id('clm'), use: 'claim', category: 'medicine', policy: id('pol'), insurer, provider },
  practitioner: { id: id('prac') },
  ...{ servedAt: at, created: at, currency: 'EUR', prescription: `rx-0-${'b'.repeat(26)}` },
  items: [{ of: product, quantity: 30, unit: product.unit, net: 1299 }],
};
const visit: ClaimDraft = {
  ...draft,
  ...{ category: 'consultation', use: 'preauthorisation' },
  items: [
    { of: { code: 'GP-VISIT', name: 'Visit of a general practitioner' }, quantity: 1, unit: 'service', net: 4_000 },
    { of: { code: 'GP-ECG', name: 'ECG' }, quantity: 2, unit: 'service', net: 3_001 },
  ],
};
const shares = { billed: 1299, allowed: 1200, insurer: 560, patient: 640, coPay: 500, deductible: 0 };
const decided: Decided = {
  outcome: 'partlyApproved',
  items: [shares],
  total: shares,
  reasons: ['PRICE_ABOVE_LIST', 'OTHER'],
  trace: [
    { code: 'price', verdict: 'reduced', item: 1, reason: 'PRICE_ABOVE_LIST', numbers: { billed: 1299, price: 1200 } },
    { code: 'rule', verdict: 'passed', subject: 'no-repeats', words: 'Not twice in a week.', numbers: {} },
  ],
  note: 'Please ask again\nnext year.',
};
const refused = (change: (claim: Claim) => object) => () =>
  parseClaim(encodeResource(change(structuredClone(buildClaim(draft)))));

describe('a claim', () => {
  it('is a Claim of FHIR R4, and is read as it was written', () => {
    for (const each of [draft, visit]) {
      const built = buildClaim(each);
      expect(claimOfR4.safeParse(built).error).toBeUndefined();
      expect(parseClaim(encodeResource(built))).toEqual(built);
    }
    expect(amountOf(buildClaim(visit).total)).toBe(7_001);
    expect(buildClaim(visit).use).toBe('preauthorization');
  });

  it('names a product or a service that a plan can price', () => {
    expect(findProduct(buildClaim(draft).item[0]?.productOrService.coding?.[0]?.code ?? '')).toEqual(product);
    const other = { of: { code: 'lower', name: 'Something' }, quantity: 1, unit: 'service', net: 1 };
    expect(() => buildClaim({ ...draft, items: [other] })).toThrow('must name a product or a service');
  });

  it.each<[string, (claim: Claim) => object]>([
    ['total', (claim) => ({ ...claim, total: { value: 13, currency: 'EUR' } })],
    ['total.value', (claim) => ({ ...claim, total: { value: 12.995, currency: 'EUR' } })],
    ['item', (claim) => ({ ...claim, total: { ...claim.total, currency: 'CHF' } })],
    ['item', (claim) => ({ ...claim, item: claim.item.map((item) => ({ ...item, sequence: 2 })) })],
    ['identifier', (claim) => ({ ...claim, id: id('clm', 'c') })],
    [
      'insurance',
      (claim) => ({ ...claim, patient: { identifier: { system: 'urn:medloom:policy', value: id('pol', 'c') } } }),
    ],
    ['(all)', (claim) => ({ ...claim, related: [] })],
    [
      'item.0.quantity.value',
      (claim) => ({
        ...claim,
        item: claim.item.map((item) => ({ ...item, quantity: { ...item.quantity, value: 0.5 } })),
      }),
    ],
  ])('whose %s is wrong is refused', (path, change) => {
    expect(refused(change)).toThrow(
      expect.objectContaining({ code: 'FHIR_MALFORMED', detail: expect.stringContaining(path) }),
    );
  });
});

describe('a decision', () => {
  const built = buildExplanation(buildClaim(draft), decided, at);

  it('is an ExplanationOfBenefit and a ClaimResponse of FHIR R4, and is read as it was written', () => {
    expect(explanationOfBenefit.safeParse(built).error).toBeUndefined();
    expect(claimResponse.safeParse(claimResponseOf(built)).error).toBeUndefined();
    expect(readExplanation(parseExplanation(encodeResource(built)))).toEqual(decided);
    const plain: Decided = { ...decided, outcome: 'approved', reasons: [], trace: [] };
    expect(readExplanation(buildExplanation(buildClaim(draft), plain, at))).toEqual(plain);
  });

  it('is refused with a step that says something twice, or shares in another order', () => {
    const twice = structuredClone(built);
    twice.extension[1]?.extension.push({ url: 'code', valueCode: 'tier' });
    expect(() => parseExplanation(encodeResource(twice))).toThrow('not in the expected format');
    const turned = structuredClone(built);
    turned.total.reverse();
    expect(() => parseExplanation(encodeResource(turned))).toThrow('not in the expected format');
  });

  it('gives each reason its own code first, and a published one but for what has none', () => {
    for (const reason of claimReasons) {
      const [own, published] = reasonConcept(reason).coding;
      expect(own).toEqual({ system: 'urn:medloom:claim-reason', code: reason });
      expect(published?.code).toEqual(reason === 'OTHER' ? undefined : expect.stringMatching(/^\d{1,3}$/));
    }
  });
});

it('a policy is a Coverage of FHIR R4', () => {
  const of = { policy: id('pol'), insurer, plan: { id: id('plan'), name: 'Basic' } };
  const active = buildCoverage({ ...of, state: 'active', from: at });
  expect(coverageOfR4.safeParse(active).error).toBeUndefined();
  expect(parseCoverage(encodeResource(active))).toEqual(active);
  expect(buildCoverage({ ...of, state: 'applied' })).toMatchObject({ status: 'draft' });
});

it('a question of eligibility and its answer are of FHIR R4, and are read as they were written', () => {
  const { category, policy, created, currency, items } = draft;
  const asked = {
    id: id('elq'),
    category,
    policy,
    authorisation: id('aut'),
    insurer,
    provider,
    created,
    currency,
    items,
  };
  const request = buildEligibilityRequest(asked);
  expect(coverageEligibilityRequest.safeParse(request).error).toBeUndefined();
  expect(parseEligibilityRequest(encodeResource(request))).toEqual(request);
  expect(request.item.map(netOf)).toEqual([1299]);
  const answer: EligibilityAnswer = {
    ...{ verdict: 'covered', inForce: true, trace: decided.trace },
    items: [{ shares, needsAuthorisation: false }],
  };
  const response = buildEligibilityResponse(request, answer, at);
  expect(coverageEligibilityResponse.safeParse(response).error).toBeUndefined();
  expect(readEligibilityResponse(parseEligibilityResponse(encodeResource(response)))).toEqual(answer);
});

it('money is whole minor units in both directions', () => {
  for (const minor of [0, 1, 29, 1_005, 57_029, 100_000_000_000]) expect(amountOf(moneyOf(minor, 'EUR'))).toBe(minor);
  expect(() => moneyOf(0.5, 'EUR')).toThrow();
  expect(() => moneyOf(-1, 'EUR')).toThrow();
});
