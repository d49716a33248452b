import { benefitCategory } from '#chaincode/model/plan.ts';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import type { ClaimStep } from '#fhir/claimStep.ts';
import { t } from '#messages/en.ts';

const text = t.claimSteps;

type Words = (step: ClaimStep, say: Say) => string;
interface Say {
  money: (name: string) => string;
  count: (name: string) => string;
}

/** A text of a table by a name that comes from elsewhere. */
const known = <Value>(table: Record<string, Value>, name: string | undefined): Value | undefined =>
  name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
const orName = (table: Record<string, string>, name: string | undefined) => known(table, name) ?? name ?? '';

const categoryWords = (subject: string | undefined) => {
  const category = benefitCategory.safeParse(subject);
  return category.success ? t.claims.categories[category.data] : (subject ?? '');
};
const isPassed = ({ verdict }: ClaimStep) => verdict === 'passed';

const sentences: Record<ClaimStep['code'], Words> = {
  agreement: (step) => (isPassed(step) ? text.agreement : text.disagreement(step.subject ?? '')),
  evidence: (step) => {
    if (isPassed(step)) return step.subject === 'none' ? text.noEvidence : text.evidence;
    return known(text.evidenceFaults, step.subject) ?? text.otherFault(step.subject ?? '');
  },
  policy: (step) => (isPassed(step) ? text.policyIn : text.policyOut),
  filing: (step, { count }) => (isPassed(step) ? text.filingIn : text.filingLate)(count('days'), count('filingDays')),
  benefit: (step) => (isPassed(step) ? text.benefit : text.noBenefit)(categoryWords(step.subject)),
  tier: (step, { count }) =>
    isPassed(step) ? text.tier(orName(text.tiers, step.subject), count('percent')) : text.tierOut,
  authorisation: (step, { money }) => {
    if (isPassed(step)) return text.authorisation;
    const { above, ...others } = text.authorisations;
    return step.subject === 'above' ? above(money('allowed'), money('agreed')) : orName(others, step.subject);
  },
  price: (step, { money }) =>
    isPassed(step) ? text.price(money('listed')) : text.priceAbove(money('billed'), money('listed')),
  quantity: (step, { count }) =>
    'dispensed' in step.numbers ? text.quantity(count('billed'), count('dispensed')) : text.quantityOdd,
  coPay: (_step, { money }) => text.coPay(money('coPay')),
  deductible: (_step, { money }) => text.deductible(money('deductible')),
  percent: (_step, { money, count }) => text.percent(count('percent'), money('insurer')),
  benefitLimit: (_step, { money }) => text.annualLimit(money('insurer'), money('beforeLimits')),
  annualLimit: (_step, { money }) => text.annualLimit(money('insurer'), money('beforeLimits')),
  outOfPocket: (_step, { money }) => text.outOfPocket(money('relieved')),
  shares: (_step, { money }) => text.shares(money('insurer'), money('patient')),
  rule: (step) =>
    step.words === undefined ? text.rulePassed(step.subject ?? '') : text.rule(step.subject ?? '', step.words),
  signal: (step, { money, count }) => {
    const words = known(text.signals, step.subject);
    if (words === undefined) return text.signal(step.subject ?? '');
    // A price is told for a thousand units.
    return words(step.subject === 'priceOutlier' ? (name) => (name === 'samples' ? count(name) : money(name)) : count);
  },
  reviewAbove: (step, { money }) => (isPassed(step) ? text.reviewBelow : text.reviewAbove)(money('reviewAbove')),
  outcome: (step) => (isPassed(step) ? orName(text.outcomes, step.subject) : text.proposed),
};

/** A step of a decision in one sentence; amounts are of `currency`. */
export function stepWords(step: ClaimStep, currency: string): string {
  const { code, item, numbers } = step;
  const say: Say = {
    money: (name) => formatMoney(numbers[name] ?? 0, currency),
    count: (name) => formatNumber(numbers[name] ?? 0),
  };
  const words = sentences[code](step, say);
  return item === undefined || item === 1 ? words : `${text.item(String(item))}${words}`;
}
