import type { Claim, ClaimDecision, Usage } from './claim.ts';
import type { BenefitCategory } from './plan.ts';

/** What counts of a decision on a policy's account of the year. */
export type Shares = Pick<ClaimDecision, 'insurer' | 'patient' | 'deductible'>;

const nothing: Shares = { insurer: 0, patient: 0, deductible: 0 };

/** The account of a year in which nothing was decided yet. */
export const noUsage = (policy: string, year: number): Usage => ({
  ...{ policy, year, insurer: 0, patient: 0, deductible: 0 },
  ...{ categories: {}, version: 0 },
});

/**
 * The account once a decision counts in place of the one before it; undefined is none, as before the first and after a reversal.
 * Where no amount changes it stays at its version, otherwise it is one further.
 */
export function countedInstead(
  usage: Usage,
  category: BenefitCategory,
  before: Shares | undefined,
  after: Shares | undefined,
): Usage {
  const [old, now] = [before ?? nothing, after ?? nothing];
  const [insurer, patient, deductible] = [
    now.insurer - old.insurer,
    now.patient - old.patient,
    now.deductible - old.deductible,
  ];
  if (insurer === 0 && patient === 0 && deductible === 0) return usage;
  return {
    ...usage,
    insurer: usage.insurer + insurer,
    patient: usage.patient + patient,
    deductible: usage.deductible + deductible,
    categories: { ...usage.categories, [category]: (usage.categories[category] ?? 0) + insurer },
    version: usage.version + 1,
  };
}

/** The decision in force; undefined before the first. */
export const decisionInForce = ({ decisions }: Pick<Claim, 'decisions'>) => decisions.at(-1);
