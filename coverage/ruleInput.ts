import type { Usage } from '#chaincode/model/claim.ts';
import { policyYear, serviceDayOf } from '#chaincode/model/claim.ts';
import type { ClaimFacts } from './facts.ts';
import { type ClaimHistory, isBefore, type PastClaim } from './history.ts';
import { median } from './outlier.ts';
import type { RuleInput } from './rules.ts';

const dayMs = 86_400_000;
const wholeDays = (from: string, to: string) => Math.floor((Date.parse(to) - Date.parse(from)) / dayMs);

/** Whole years from a birth date (`YYYY-MM-DD`) to an instant. */
export function ageAt(birthDate: string, instant: string): number {
  const years = Number(instant.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return instant.slice(5, 10) < birthDate.slice(5, 10) ? years - 1 : years;
}

/** What the insurer's rules may ask of a claim. `from` is the first day of the policy. */
export function ruleInputOf(
  facts: ClaimFacts,
  {
    from,
    birthDate,
    usage,
    history,
  }: { from: string; birthDate?: string | undefined; usage: Usage; history: ClaimHistory },
): RuleInput {
  const { use, category, billed, servedAt, filedAt, policy, provider } = facts;
  const others = history.ofPolicy(policy).filter((past) => isServed(past) && isBefore(past, facts));
  const year = policyYear(from, new Date(servedAt));
  const ofProvider = history.ofProvider(provider).filter((past) => isBefore(past, facts) && past.use === 'claim');
  return {
    claim: { use, category, billed, daysToFile: wholeDays(servedAt, filedAt) },
    items: facts.items.map(({ code, atc = '', tier, quantity, net }) => ({
      ...{ code, atc, tier, quantity, net },
      daysSinceLast: daysSinceLast(code, servedAt, others),
    })),
    member: {
      age: birthDate === undefined ? undefined : ageAt(birthDate, servedAt),
      daysInsured: wholeDays(serviceDayOf(from), servedAt),
      claimsThatDay: others.filter((past) => past.servedAt.slice(0, 10) === servedAt.slice(0, 10)).length,
      claimsThatYear: others.filter((past) => policyYear(from, new Date(past.servedAt)) === year).length,
    },
    year: {
      ...{ insurer: usage.insurer, patient: usage.patient, deductible: usage.deductible },
      category: usage.categories[category] ?? 0,
    },
    provider: {
      claims: ofProvider.length,
      denied: ofProvider.filter(({ result }) => result === 'denied').length,
      medianBilled: Math.round(median(ofProvider.map((past) => past.billed)) ?? 0),
    },
  };
}

const isServed = ({ use, result }: PastClaim) => use === 'claim' && result !== 'reversed' && result !== 'denied';

function daysSinceLast(code: string, servedAt: string, others: readonly PastClaim[]): number {
  const before = others
    .filter((past) => past.servedAt <= servedAt && past.items.some((item) => item.code === code))
    .map((past) => wholeDays(past.servedAt, servedAt));
  return before.length === 0 ? -1 : Math.min(...before);
}
