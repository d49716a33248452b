import type { CoverageTier } from '#chaincode/model/formulary.ts';
import { coverageTiers } from '#chaincode/model/formulary.ts';
import {
  type BenefitCategory,
  benefitCategories,
  type ClaimReason,
  type PlanRule,
  type PlanTerms,
} from '#chaincode/model/plan.ts';
import { writeAmount } from './amount.ts';

/** A plan while it is written: everything as it is typed. */

export interface ShareDraft {
  percent: string;
  coPay: string;
  priorAuthorisation: boolean;
}
export interface BenefitDraft extends ShareDraft {
  covered: boolean;
  free: boolean;
  annualLimit: string;
}
export interface TierDraft extends ShareDraft {
  /** Whether it has a share of its own. */
  own: boolean;
}
export interface PriceDraft {
  /** Of this form alone, so that lines keep their fields. */
  key: number;
  code: string;
  price: string;
  per: string;
}
export interface RuleDraft {
  key: number;
  id: string;
  when: string;
  effect: PlanRule['effect'];
  reason: ClaimReason;
  words: string;
}
export interface PlanDraft {
  name: string;
  currency: string;
  /** `YYYY-MM-DD` */
  validFrom: string;
  filingDays: string;
  appealDays: string;
  deductible: string;
  annualLimit: string;
  outOfPocketLimit: string;
  reviewAbove: string;
  benefits: Record<BenefitCategory, BenefitDraft>;
  tiers: Record<CoverageTier, TierDraft>;
  prices: PriceDraft[];
  rules: RuleDraft[];
}

const everyOf = <Name extends string, Value>(names: readonly Name[], of: (name: Name) => Value) =>
  Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, Value>;
const written = (amount: number | undefined) => (amount === undefined ? '' : writeAmount(amount));

/** What a form begins with: the version before, or an empty plan. `today`: `YYYY-MM-DD`. */
export function planDraftOf(terms: PlanTerms | undefined, today: string): PlanDraft {
  return {
    ...{ name: terms?.name ?? '', currency: terms?.currency ?? 'EUR', validFrom: today },
    ...{ filingDays: String(terms?.filingDays ?? 90), appealDays: String(terms?.appealDays ?? 30) },
    ...{ deductible: writeAmount(terms?.deductible ?? 0), annualLimit: written(terms?.annualLimit) },
    ...{ outOfPocketLimit: written(terms?.outOfPocketLimit), reviewAbove: written(terms?.reviewAbove) },
    benefits: everyOf(benefitCategories, (category) => {
      const benefit = terms?.benefits.find((each) => each.category === category);
      return {
        ...{ covered: benefit !== undefined, free: benefit?.free ?? false },
        ...shareDraftOf(benefit),
        annualLimit: written(benefit?.annualLimit),
      };
    }),
    tiers: everyOf(coverageTiers, (tier) => ({
      own: terms?.tiers[tier] !== undefined,
      ...shareDraftOf(terms?.tiers[tier]),
    })),
    prices: (terms?.prices ?? []).map(({ code, price, per }, key) => ({
      ...{ key, code, price: writeAmount(price), per: String(per) },
    })),
    rules: (terms?.rules ?? []).map((rule, key) => ({ key, ...rule })),
  };
}

const shareDraftOf = (
  share: Pick<PlanTerms['benefits'][number], 'percent' | 'coPay' | 'priorAuthorisation'> | undefined,
) => ({
  ...{ percent: String(share?.percent ?? 80), coPay: writeAmount(share?.coPay ?? 0) },
  priorAuthorisation: share?.priorAuthorisation ?? false,
});

const nextKey = (lines: readonly { key: number }[]) => Math.max(-1, ...lines.map(({ key }) => key)) + 1;
export const withPrice = (prices: readonly PriceDraft[]): PriceDraft[] => [
  ...prices,
  { key: nextKey(prices), code: '', price: '', per: '1' },
];
export const withRule = (rules: readonly RuleDraft[]): RuleDraft[] => [
  ...rules,
  { key: nextKey(rules), id: '', when: '', effect: 'review', reason: 'RULE', words: '' },
];
