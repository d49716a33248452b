import { formatUnits } from 'viem';
import { isTooLarge, readAmount, readWhole } from '#components/insurer/amount.ts';
import { t } from '#messages/en.ts';
import type { HeldRules, RuleSetting } from '#server/fund/schema.ts';

const { faults: text } = t.fund.desk.change;

/** The fund's rules as somebody types them: amounts in the coin, times in days. */
export type RulesDraft = Record<keyof HeldRules, string>;
type Held = Pick<RuleSetting, 'rules' | 'unit'>;
type Faults = Partial<Record<keyof HeldRules, string>>;

/** Of periods and grants. */
const mostDays = 366;
const daySeconds = 86_400;

/** Exactly what holds, however the contract came to have it. */
export function draftOf({ rules: { perGrant, perBeneficiary, perPeriod, period, grantLife }, unit }: Held): RulesDraft {
  const amount = (units: string) => {
    // A unit of 1 is the hundredth of a coin.
    const [whole = '', part = ''] = formatUnits(BigInt(units), unit.length + 1).split('.');
    return `${whole}.${part.padEnd(2, '0')}`;
  };
  const days = (seconds: number) => `${seconds / daySeconds}`;
  return {
    ...{ perGrant: amount(perGrant), perBeneficiary: amount(perBeneficiary), perPeriod: amount(perPeriod) },
    ...{ period: days(period), grantLife: days(grantLife) },
  };
}

/**
 * A draft as rules; undefined where something is wrong with it, which `faults` says in words by the field. What is as it began stays what
 * holds, and has no fault, so that anything else can be changed.
 */
export function readRules(draft: RulesDraft, { rules: held, unit }: Held): { rules?: HeldRules; faults: Faults } {
  const faults: Faults = {};
  const begun = draftOf({ rules: held, unit });
  const amountIn = (field: 'perGrant' | 'perBeneficiary' | 'perPeriod'): string => {
    if (draft[field] === begun[field]) return held[field];
    const amount = readAmount(draft[field]) ?? 0;
    if (isTooLarge(draft[field])) faults[field] = text.tooMuch;
    else if (amount === 0) faults[field] = text.amount;
    return `${BigInt(amount) * BigInt(unit)}`;
  };
  const daysIn = (field: 'period' | 'grantLife'): number => {
    // No period at all is what a fund has to which no rules were given yet.
    if (draft[field] === begun[field] && held[field] > 0) return held[field];
    const days = readWhole(draft[field], 1, mostDays) ?? 0;
    if (days === 0) faults[field] = text.days(`${mostDays}`);
    return days * daySeconds;
  };
  const rules: HeldRules = {
    ...{ perGrant: amountIn('perGrant'), perBeneficiary: amountIn('perBeneficiary'), perPeriod: amountIn('perPeriod') },
    ...{ period: daysIn('period'), grantLife: daysIn('grantLife') },
  };
  const isAbove = (field: 'perGrant' | 'perBeneficiary', most: 'perBeneficiary' | 'perPeriod'): boolean =>
    (rules[field] !== held[field] || rules[most] !== held[most]) &&
    faults[field] === undefined &&
    faults[most] === undefined &&
    BigInt(rules[field]) > BigInt(rules[most]);
  const [isBillAbove, isPersonAbove] = [isAbove('perGrant', 'perBeneficiary'), isAbove('perBeneficiary', 'perPeriod')];
  if (isBillAbove) faults.perGrant = text.perGrant;
  if (isPersonAbove) faults.perBeneficiary = text.perBeneficiary;
  return Object.keys(faults).length === 0 ? { rules, faults } : { faults };
}

export const isSame = (one: HeldRules, other: HeldRules): boolean =>
  one.perGrant === other.perGrant &&
  one.perBeneficiary === other.perBeneficiary &&
  one.perPeriod === other.perPeriod &&
  one.period === other.period &&
  one.grantLife === other.grantLife;
