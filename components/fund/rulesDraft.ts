import { readAmount, readWhole, writeAmount } from '#components/insurer/amount.ts';
import type { FundLimits } from '#components/settlement/fundCalls.ts';
import { t } from '#messages/en.ts';

const { faults: text } = t.fund.desk.change;

/** The fund's rules as somebody types them. */
export type RulesDraft = Record<keyof FundLimits, string>;

/** Of periods and grants. */
const mostDays = 366;

export const draftOf = ({
  perGrant,
  perBeneficiary,
  perPeriod,
  periodDays,
  grantLifeDays,
}: FundLimits): RulesDraft => ({
  ...{ perGrant: writeAmount(perGrant), perBeneficiary: writeAmount(perBeneficiary) },
  ...{ perPeriod: writeAmount(perPeriod), periodDays: `${periodDays}`, grantLifeDays: `${grantLifeDays}` },
});

/** A draft as rules; undefined where something is wrong with it, which `faults` says in words by the field. */
export function readRules(draft: RulesDraft): {
  rules: FundLimits | undefined;
  faults: Partial<Record<keyof FundLimits, string>>;
} {
  const faults: Partial<Record<keyof FundLimits, string>> = {};
  const amountIn = (field: 'perGrant' | 'perBeneficiary' | 'perPeriod'): number => {
    const amount = readAmount(draft[field]) ?? 0;
    if (amount === 0) faults[field] = text.amount;
    return amount;
  };
  const daysIn = (field: 'periodDays' | 'grantLifeDays'): number => {
    const days = readWhole(draft[field], 1, mostDays) ?? 0;
    if (days === 0) faults[field] = text.days(`${mostDays}`);
    return days;
  };
  const rules = {
    ...{ perGrant: amountIn('perGrant'), perBeneficiary: amountIn('perBeneficiary'), perPeriod: amountIn('perPeriod') },
    ...{ periodDays: daysIn('periodDays'), grantLifeDays: daysIn('grantLifeDays') },
  };
  if (rules.perBeneficiary > 0 && rules.perGrant > rules.perBeneficiary) faults.perGrant = text.perGrant;
  if (rules.perPeriod > 0 && rules.perBeneficiary > rules.perPeriod) faults.perBeneficiary = text.perBeneficiary;
  return { rules: Object.keys(faults).length === 0 ? rules : undefined, faults };
}

export const isSame = (one: FundLimits, other: FundLimits): boolean =>
  one.perGrant === other.perGrant &&
  one.perBeneficiary === other.perBeneficiary &&
  one.perPeriod === other.perPeriod &&
  one.periodDays === other.periodDays &&
  one.grantLifeDays === other.grantLifeDays;
