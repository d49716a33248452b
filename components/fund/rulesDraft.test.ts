import { expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import { draftOf, isSame, type RulesDraft, readRules } from './rulesDraft.ts';

const { faults: text } = t.fund.desk.change;
const held = { perGrant: 10_000, perBeneficiary: 50_000, perPeriod: 5_000_000, periodDays: 30, grantLifeDays: 60 };
const read = (change: Partial<RulesDraft>) => readRules({ ...draftOf(held), ...change });

it('reads what holds as it is, and what is typed in its place', () => {
  const { rules } = read({});
  expect(rules).toEqual(held);
  expect(rules && isSame(rules, held)).toBe(true);
  const changed = read({ perGrant: '80.5', periodDays: '7' }).rules;
  expect(changed).toEqual({ ...held, perGrant: 8_050, periodDays: 7 });
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
  ['perPeriod', '10000000000', text.amount],
  ['periodDays', '0', text.days('366')],
  ['periodDays', '1.5', text.days('366')],
  ['periodDays', '367', text.days('366')],
  ['grantLifeDays', '0', text.days('366')],
  ['grantLifeDays', '400', text.days('366')],
])('has no rules where %s is “%s”, and says so at it', (field, typed, words) => {
  const { rules, faults } = read({ [field]: typed });
  expect(rules).toBeUndefined();
  expect(faults).toEqual({ [field]: words });
});

it('takes a limit of a person as of a bill, and a budget as of a person', () => {
  expect(read({ perGrant: '500', perPeriod: '500' }).faults).toEqual({});
});
