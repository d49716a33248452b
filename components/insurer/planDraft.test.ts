import { describe, expect, it } from 'vitest';
import type { PlanRule } from '#chaincode/model/plan.ts';
import { termsOf } from '#coverage/testing.ts';
import { readAmount, readWhole } from './amount.ts';
import { type PlanDraft, planDraftOf, withPrice, withRule } from './planDraft.ts';
import { readPlan } from './readPlan.ts';

const now = new Date(2027, 2, 1, 14, 30);
const rule: PlanRule = {
  ...{ id: 'many-tablets', when: 'items.exists(i, i.quantity > 200)', effect: 'review' as const },
  ...{ reason: 'UNUSUAL' as const, words: 'So many tablets are looked at by a person.' },
};
const terms = termsOf({
  ...{ deductible: 10_050, annualLimit: 500_000, reviewAbove: 100_000, rules: [rule] },
  tiers: { tier3: { percent: 50, coPay: 250, priorAuthorisation: true } },
  prices: [{ code: 'MRI-HEAD', price: 40_000, per: 1 }],
});
const draft = (change: Partial<PlanDraft> = {}): PlanDraft => ({ ...planDraftOf(terms, '2027-03-01'), ...change });
const faultsOf = (change: Partial<PlanDraft>) => {
  const read = readPlan(draft(change), now);
  return 'faults' in read ? [...read.faults.keys()] : [];
};

describe('a plan that is written', () => {
  it('is the version before, where nothing is changed', () => {
    expect(readPlan(draft(), now)).toEqual({ terms, validFrom: new Date(2027, 2, 1).toISOString() });
  });

  it('begins empty, and says what is missing', () => {
    const read = readPlan(planDraftOf(undefined, '2027-03-01'), now);
    expect('faults' in read && [...read.faults.keys()]).toEqual(['name', 'benefits']);
  });

  it('names each field that is wrong', () => {
    expect(faultsOf({ deductible: '12,345' })).toEqual(['deductible']);
    expect(faultsOf({ annualLimit: '', reviewAbove: 'much' })).toEqual(['reviewAbove']);
    expect(faultsOf({ currency: 'euro', filingDays: '0', appealDays: '366' })).toEqual([
      ...['currency', 'filingDays', 'appealDays'],
    ]);
    const { benefits } = draft();
    expect(
      faultsOf({ benefits: { ...benefits, medicine: { ...benefits.medicine, percent: '101', coPay: '' } } }),
    ).toEqual(['benefits.medicine.percent', 'benefits.medicine.coPay']);
  });

  it('leaves out shares that are not said, whatever stands in their fields', () => {
    const { benefits } = draft();
    const read = readPlan(
      draft({ benefits: { ...benefits, consultation: { ...benefits.consultation, covered: false, percent: 'x' } } }),
      now,
    );
    expect('terms' in read && read.terms.benefits.map(({ category }) => category)).toEqual(['medicine', 'inpatient']);
  });

  it('has each price and each rule once', () => {
    const [price] = draft().prices;
    if (price === undefined) throw new RangeError('no price');
    expect(faultsOf({ prices: [price, { ...price, key: 7, code: 'mri-head ' }] })).toEqual(['prices.1.code']);
    expect(faultsOf({ prices: withPrice([price]) })).toEqual(['prices.1.code', 'prices.1.price']);
    const [known] = draft().rules;
    if (known === undefined) throw new RangeError('no rule');
    expect(faultsOf({ rules: [known, { ...known, key: 3 }] })).toEqual(['rules.1.id']);
    expect(faultsOf({ rules: withRule([known]) })).toEqual(['rules.1.id', 'rules.1.when', 'rules.1.words']);
  });

  it('has no rule that cannot be asked, and says why in the language’s own words', () => {
    const ruled = (when: string) => {
      const read = readPlan(draft({ rules: [{ key: 0, ...rule, when }] }), now);
      return 'faults' in read ? read.faults.get('rules.0.when') : undefined;
    };
    expect(ruled('claim.billed > 100000')).toBeUndefined();
    expect(ruled('claim.billed')).toContain('true or false');
    expect(ruled('claim.billed >')).toBeTruthy();
    expect(ruled('patient.name == "x"')).toBeTruthy();
  });

  it('never begins in the past, nor before the version before', () => {
    expect(faultsOf({ validFrom: '2027-02-28' })).toEqual(['validFrom']);
    expect(faultsOf({ validFrom: '' })).toEqual(['validFrom']);
    const validFrom = new Date(2027, 2, 1, 9).toISOString();
    expect(readPlan(draft(), now, { validFrom })).toMatchObject({ validFrom });
  });
});

it('reads amounts with point or comma, and whole numbers within bounds', () => {
  expect(['12', '12.5', ' 12,50 ', '0', '-1', '1.234', '1e3', ''].map(readAmount)).toEqual([
    ...[1_200, 1_250, 1_250, 0, undefined, undefined, undefined, undefined],
  ]);
  expect(['7', '0', '8', '1.5', 'x'].map((typed) => readWhole(typed, 1, 7))).toEqual([
    ...[7, undefined, undefined, undefined, undefined],
  ]);
});
