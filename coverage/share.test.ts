import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Usage, usageRecord } from '#chaincode/model/claim.ts';
import { type PlanTerms, planTerms } from '#chaincode/model/plan.ts';
import { countedInstead, noUsage } from '#chaincode/model/usage.ts';
import { partOf } from './rounding.ts';
import { type Account, accountOf, type ItemTerms, shareOut, sumOf } from './share.ts';

const policy = `pol-${'a'.repeat(26)}`;
const item = (change: Partial<ItemTerms> = {}): ItemTerms => ({
  ...{ billed: 10_000, percent: 80, coPay: 0, free: false },
  ...change,
});

describe('one claim', () => {
  it.each<[string, ItemTerms[], Account, object]>([
    ['percent', [item()], { deductible: 0 }, { allowed: 10_000, insurer: 8_000, patient: 2_000 }],
    [
      'halves up, for the insurer to pay',
      [item({ billed: 1, percent: 50 })],
      { deductible: 0 },
      { insurer: 1, patient: 0 },
    ],
    [
      'co-pay before percent',
      [item({ coPay: 500 })],
      { deductible: 0 },
      { insurer: 7_600, patient: 2_400, coPay: 500 },
    ],
    [
      'deductible after the co-pay',
      [item({ coPay: 500 })],
      { deductible: 4_500 },
      { insurer: 4_000, patient: 6_000, deductible: 4_500 },
    ],
    [
      'all of it deductible',
      [item()],
      { deductible: 50_000 },
      { insurer: 0, patient: 10_000, deductible: 10_000, allowed: 10_000 },
    ],
    ['free of the deductible', [item({ free: true })], { deductible: 50_000 }, { insurer: 8_000, deductible: 0 }],
    [
      'no more than the listed price',
      [item({ listed: 6_000 })],
      { deductible: 0 },
      { billed: 10_000, allowed: 6_000, insurer: 4_800 },
    ],
    ['the listed price is no minimum', [item({ listed: 60_000 })], { deductible: 0 }, { allowed: 10_000 }],
    [
      'co-pay above the bill',
      [item({ billed: 300, coPay: 500 })],
      { deductible: 0 },
      { insurer: 0, patient: 300, coPay: 300 },
    ],
    [
      'the co-pay once for a claim',
      [item({ coPay: 500 }), item({ coPay: 800 })],
      { deductible: 0 },
      { coPay: 800, insurer: 15_360 },
    ],
    [
      'the out-of-pocket limit',
      [item()],
      { deductible: 0, patient: 700 },
      { insurer: 9_300, patient: 700, allowed: 10_000 },
    ],
    [
      'out of pocket below the deductible',
      [item()],
      { deductible: 9_000, patient: 100 },
      { patient: 100, deductible: 100, insurer: 9_900 },
    ],
    [
      'a limit of the insurer',
      [item()],
      { deductible: 0, insurer: 5_000 },
      { insurer: 5_000, patient: 2_000, allowed: 7_000 },
    ],
    [
      'the smaller of two limits',
      [item()],
      { deductible: 0, insurer: 5_000, category: 3_000 },
      { insurer: 3_000, allowed: 5_000 },
    ],
    ['a limit over two items', [item(), item()], { deductible: 0, insurer: 9_000 }, { insurer: 9_000, patient: 4_000 }],
  ])('%s', (_, items, account, expected) => {
    expect(sumOf(shareOut(items, account))).toMatchObject(expected);
  });
});

const money = fc.integer({ min: 0, max: 100_000_000_000 });
const some = fc.oneof(fc.integer({ min: 0, max: 30_000 }), money);
const items = fc.array(
  fc.record({
    billed: some,
    listed: fc.option(some, { nil: undefined }),
    percent: fc.integer({ min: 0, max: 100 }),
    coPay: some,
    free: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);
const limit = fc.option(some, { nil: undefined });
const account = fc.record({ deductible: some, insurer: limit, category: limit, patient: limit });

describe('whatever is billed', () => {
  it('shares make what counts, are whole, and none is negative', () => {
    fc.assert(
      fc.property(items, account, (billed, of) => {
        for (const [index, each] of shareOut(billed, of).entries()) {
          for (const amount of Object.values(each)) expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
          expect(each.insurer + each.patient).toBe(each.allowed);
          expect(each.allowed).toBeLessThanOrEqual(Math.min(each.billed, billed[index]?.listed ?? each.billed));
          expect(each.coPay + each.deductible).toBeLessThanOrEqual(each.patient);
        }
      }),
    );
  });

  it('limits hold', () => {
    fc.assert(
      fc.property(items, account, (billed, of) => {
        const { insurer, patient, deductible, coPay } = sumOf(shareOut(billed, of));
        expect(insurer).toBeLessThanOrEqual(Math.min(of.insurer ?? Infinity, of.category ?? Infinity));
        expect(patient).toBeLessThanOrEqual(of.patient ?? Infinity);
        expect(deductible).toBeLessThanOrEqual(of.deductible);
        expect(coPay).toBeLessThanOrEqual(Math.max(...billed.map((each) => each.coPay)));
      }),
    );
  });

  it('more billed makes nobody’s share smaller, and a higher percent not the insurer’s', () => {
    const [one] = [items.map(([first]) => first ?? item())];
    fc.assert(
      fc.property(one, some, fc.integer({ min: 0, max: 100 }), account, (before, more, percent, of) => {
        const [less] = shareOut([before], of);
        const [dearer] = shareOut([{ ...before, billed: before.billed + more }], of);
        const [richer] = shareOut([{ ...before, percent: Math.max(before.percent, percent) }], of);
        if (less === undefined || dearer === undefined || richer === undefined) throw new Error('no share');
        expect(dearer.insurer).toBeGreaterThanOrEqual(less.insurer);
        expect(dearer.patient).toBeGreaterThanOrEqual(less.patient);
        expect(richer.insurer).toBeGreaterThanOrEqual(less.insurer);
        expect(richer.patient).toBeLessThanOrEqual(less.patient);
      }),
    );
  });
});

describe('a year', () => {
  const terms = fc
    .record({ deductible: some, annualLimit: limit, outOfPocketLimit: limit, categoryLimit: limit, share: items })
    .map(({ categoryLimit, share: [share = item()], ...rest }) => ({
      share,
      terms: planTerms.parse({
        ...{ name: 'Plan', currency: 'EUR', tiers: {}, prices: [], filingDays: 30, appealDays: 30, rules: [], ...rest },
        benefits: [
          {
            ...{ category: 'medicine', percent: share.percent, coPay: share.coPay, priorAuthorisation: false },
            ...{ free: share.free, annualLimit: categoryLimit },
          },
        ],
      }),
    }));

  it('keeps its limits over any sequence of claims', () => {
    fc.assert(
      fc.property(terms, fc.array(some, { maxLength: 12 }), ({ terms: plan, share }, bills) => {
        const end = bills.reduce((usage, billed) => decide(plan, usage, { ...share, billed }), noUsage(policy, 1));
        expect(usageRecord.shape.version.parse(end.version)).toBeLessThanOrEqual(bills.length);
        expect(end.insurer).toBeLessThanOrEqual(plan.annualLimit ?? Infinity);
        expect(end.insurer).toBe(end.categories.medicine ?? 0);
        expect(end.insurer).toBeLessThanOrEqual(plan.benefits[0]?.annualLimit ?? Infinity);
        expect(end.patient).toBeLessThanOrEqual(plan.outOfPocketLimit ?? Infinity);
        expect(end.deductible).toBeLessThanOrEqual(plan.deductible);
      }),
    );
  });

  const decide = (plan: PlanTerms, usage: Usage, billed: ItemTerms): Usage =>
    countedInstead(usage, 'medicine', undefined, sumOf(shareOut([billed], accountOf(plan, usage, 'medicine'))));
});

it('parts are exact where numbers are large, and halves go up', () => {
  expect(partOf(100_000_000_000, 1_300_000, 10_000)).toBe(13_000_000_000_000);
  expect([partOf(1, 1, 2), partOf(1, 1, 3), partOf(2, 1, 3), partOf(5, 0, 7)]).toEqual([1, 0, 1, 0]);
});
