import { describe, expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import type { HeldRules } from '#server/fund/schema.ts';
import { draftOf, isSame, type RulesDraft, readRules } from './rulesDraft.ts';

const { faults: text } = t.fund.desk.change;
const unit = '10000';
const coins = (count: number) => `${count * 1_000_000}`;
const held: HeldRules = {
  ...{ perGrant: coins(100), perBeneficiary: coins(500), perPeriod: coins(50_000) },
  ...{ period: 30 * 86_400, grantLife: 60 * 86_400 },
};
const read = (change: Partial<RulesDraft>, rules = held) =>
  readRules({ ...draftOf({ rules, unit }), ...change }, { rules, unit });

it('reads what holds as it is, and what is typed in its place', () => {
  expect(draftOf({ rules: held, unit })).toEqual({
    ...{ perGrant: '100.00', perBeneficiary: '500.00', perPeriod: '50000.00', period: '30', grantLife: '60' },
  });
  const { rules } = read({});
  expect(rules).toEqual(held);
  expect(rules && isSame(rules, held)).toBe(true);
  expect(read({ perGrant: '100' }).rules).toEqual(held);
  const changed = read({ perGrant: '80.5', period: '7' }).rules;
  expect(changed).toEqual({ ...held, perGrant: coins(80.5), period: 7 * 86_400 });
  expect(changed && isSame(changed, held)).toBe(false);
});

it.each<[keyof RulesDraft, string, string]>([
  ['perGrant', '0', text.amount],
  ['perGrant', '1.005', text.amount],
  ['perGrant', '-5', text.amount],
  ['perGrant', '500.01', text.perGrant],
  ['perBeneficiary', '', text.amount],
  ['perBeneficiary', '50000.01', text.perBeneficiary],
  ['perPeriod', 'much', text.amount],
  ['perPeriod', '10000000000', text.tooMuch],
  ['perPeriod', '1000000000.00', text.tooMuch],
  ['period', '0', text.days('366')],
  ['period', '1.5', text.days('366')],
  ['period', '367', text.days('366')],
  ['grantLife', '0', text.days('366')],
  ['grantLife', '400', text.days('366')],
])('has no rules where %s is “%s”, and says so at it', (field, typed, words) => {
  const { rules, faults } = read({ [field]: typed });
  expect(rules).toBeUndefined();
  expect(faults).toEqual({ [field]: words });
});

it('takes a limit of a person as of a bill, and a budget as of a person', () => {
  expect(read({ perGrant: '500', perPeriod: '500' }).faults).toEqual({});
});

describe('what holds and nobody could type', () => {
  const odd: HeldRules = {
    ...{ perGrant: '100000001', perBeneficiary: coins(50), perPeriod: `${2n ** 128n - 1n}` },
    ...{ period: 36 * 3_600, grantLife: 400 * 86_400 },
  };

  it('is no fault, and stays exactly as it is where something else is changed', () => {
    expect(read({}, odd)).toEqual({ rules: odd, faults: {} });
    expect(read({ grantLife: '60' }, odd)).toEqual({ rules: { ...odd, grantLife: 60 * 86_400 }, faults: {} });
    expect(read({ perPeriod: '900' }, odd)).toEqual({ rules: { ...odd, perPeriod: coins(900) }, faults: {} });
  });

  it('is a fault once something is changed beside which it cannot be', () => {
    expect(read({ perBeneficiary: '60' }, odd).faults).toEqual({ perGrant: text.perGrant });
    const none = { perGrant: '0', perBeneficiary: '0', perPeriod: '0', period: 0, grantLife: 0 };
    const days = text.days('366');
    expect(read({}, none).faults).toEqual({ period: days, grantLife: days });
  });
});
