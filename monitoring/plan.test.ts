import { expect, test } from 'vitest';
import { plan, planStatement, planTerms } from './plan.ts';
import { defaultTerms, saturationOfScale } from './planDefaults.ts';

const responder = `prac-${'a'.repeat(26)}`;
const terms = defaultTerms(responder);
const heartRate = { hysteresis: 3, forSeconds: 60 };

test('the defaults are terms', () => {
  expect(planTerms.parse(terms)).toEqual(terms);
  expect(planTerms.parse({ ...terms, limits: { saturation: saturationOfScale[2] } }).limits.saturation?.low).toBe(86);
});

test.each([
  { low: 110, high: 50 },
  { criticalLow: 60, low: 50 },
  { high: 120, criticalHigh: 110 },
  { high: 900 },
  { low: 1 },
])('limits that contradict each other or cannot be measured are refused: %o', (given) => {
  expect(planTerms.safeParse({ ...terms, limits: { heartRate: { ...heartRate, ...given } } }).success).toBe(false);
});

test('a score is asked for only with both statements about the patient', () => {
  const scoring = { scale: 1, aged16OrMore: true, notPregnant: true, windowSeconds: 3_600, forSeconds: 60 };
  expect(planTerms.safeParse({ ...terms, news2: scoring }).success).toBe(true);
  expect(planTerms.safeParse({ ...terms, news2: { ...scoring, notPregnant: false } }).success).toBe(false);
  expect(planTerms.safeParse({ ...terms, news2: { ...scoring, aged16OrMore: undefined } }).success).toBe(false);
  expect(planTerms.safeParse({ ...terms, news2: { ...scoring, scale: 3 } }).success).toBe(false);
});

test('what is signed changes with each term, and not with the order of members', () => {
  const written = plan.parse({
    ...{ v: 1, patient: `pt-0-${'b'.repeat(26)}`, version: 1, terms, by: responder, at: '2026-06-01T08:00:00.000Z' },
  });
  const said = Buffer.from(planStatement(written)).toString();
  const reordered = plan.parse(Object.fromEntries(Object.entries(written).reverse()));
  expect(Buffer.from(planStatement(reordered)).toString()).toBe(said);
  const other = { ...written, terms: { ...terms, settleSeconds: 301 } };
  expect(Buffer.from(planStatement(other)).toString()).not.toBe(said);
});
