import { expect, it } from 'vitest';
import { noUsage } from '#chaincode/model/usage.ts';
import type { Billed } from '#fhir/claim.ts';
import { buildEligibilityRequest } from '#fhir/eligibility.ts';
import { FormularyList } from '#formulary/coverage.ts';
import { estimate } from './estimate.ts';
import { ClaimHistory } from './history.ts';
import type { Grounds } from './judge.ts';
import { id, policy, servedAt, tablets, termsOf } from './testing.ts';

const list = new FormularyList(
  [{ scope: 'national', state: 'inForce', code: tablets.code, atc: tablets.atc, tier: 'tier3' }],
  null,
);
const grounds: Grounds = { terms: termsOf(), policy, usage: noUsage(id('pol'), 2), history: new ClaimHistory() };
const asked = (category: 'medicine' | 'inpatient' | 'emergency', ...items: Billed[]) =>
  buildEligibilityRequest({
    ...{
      id: id('elq'),
      category,
      policy: id('pol'),
      authorisation: id('aut'),
      created: servedAt,
      currency: 'EUR',
      items,
    },
    ...{ insurer: { id: 'inst-first-insurer' }, provider: { id: 'inst-city-pharmacy' } },
  });
const medicine = asked('medicine', { of: tablets, quantity: 30, unit: tablets.unit, net: 3_000 });
const stay = asked('inpatient', { of: { code: 'STAY-DAY', name: 'A day' }, quantity: 2, unit: 'day', net: 80_000 });
const answer = (request = medicine, change: Partial<Grounds> = {}) =>
  estimate(request, { ...grounds, ...change }, list, servedAt);

it('says what would be paid, by the tier that the formulary has', () => {
  const shares = { billed: 3_000, allowed: 3_000, insurer: 2_000, patient: 1_000, coPay: 500, deductible: 0 };
  expect(answer()).toMatchObject({ verdict: 'covered', inForce: true, items: [{ shares, needsAuthorisation: false }] });
  const terms = termsOf({ tiers: { tier3: { percent: 40, coPay: 0, priorAuthorisation: false } } });
  expect(answer(medicine, { terms })).toMatchObject({ items: [{ shares: { insurer: 1_200 } }] });
});

it('counts what of the year is used', () => {
  const terms = termsOf({ deductible: 2_000, annualLimit: 100_000 });
  const usage = { ...noUsage(id('pol'), 2), deductible: 1_900, insurer: 99_000, version: 4 };
  expect(answer(medicine, { terms, usage })).toMatchObject({
    ...{ verdict: 'covered', items: [{ shares: { deductible: 100, insurer: 1_000, allowed: 2_080 } }] },
  });
});

it('says that it is not covered, and why', () => {
  const ended = answer(medicine, { policy: { ...policy, state: 'ended', until: '2026-01-01T00:00:00.000Z' } });
  expect(ended).toMatchObject({
    verdict: 'notCovered',
    inForce: false,
    items: [{ shares: { insurer: 0, allowed: 0 } }],
  });
  expect(ended.trace).toContainEqual(expect.objectContaining({ code: 'policy', reason: 'NOT_INSURED_THEN' }));
  const without = answer(
    asked('emergency', { of: { code: 'ER-VISIT', name: 'Visit' }, quantity: 1, unit: 'visit', net: 1 }),
  );
  expect(without.trace).toContainEqual(expect.objectContaining({ code: 'benefit', reason: 'NOT_COVERED' }));
  expect(without.verdict).toBe('notCovered');
});

it('says that the insurer has to agree before, and what would then be paid', () => {
  expect(answer(stay)).toMatchObject({
    ...{ verdict: 'person', items: [{ needsAuthorisation: true, shares: { insurer: 72_000, patient: 8_000 } }] },
  });
  const agreed = answer(stay, { preauthorisation: { allowed: 90_000, codes: ['STAY-DAY'] } });
  expect(agreed).toMatchObject({ verdict: 'covered', items: [{ needsAuthorisation: false }] });
});

it('says that a person would have to look', () => {
  expect(answer(medicine, { terms: termsOf({ reviewAbove: 100 }) })).toMatchObject({ verdict: 'person' });
});
