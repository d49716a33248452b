import { type BenefitCategory, benefitCategory } from '#chaincode/model/plan.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { type EligibilityAnswer, type EligibilityRequest, netOf } from '#fhir/eligibility.ts';
import type { FormularyList } from '#formulary/coverage.ts';
import { itemsOfQuestion } from './claimItem.ts';
import type { ClaimFacts } from './facts.ts';
import { type Grounds, judge } from './judge.ts';

export const categoryOfQuestion = ({ item: [first] }: EligibilityRequest): BenefitCategory =>
  benefitCategory.parse(first === undefined ? undefined : codeOf(first.category, systems.benefitCategory));

/**
 * What would be paid of something before it is served at `at` (ISO 8601 instant), by today's account: evidence there is none yet. A promise of nothing: another
 * claim may use what is left of the year's limits.
 */
export function estimate(
  request: EligibilityRequest,
  grounds: Grounds,
  list: FormularyList,
  at: string,
): EligibilityAnswer {
  const items = itemsOfQuestion(request, list);
  const [first] = request.item;
  const facts: ClaimFacts = {
    ...{
      id: request.id,
      use: 'claim',
      category: categoryOfQuestion(request),
      policy: request.patient.identifier.value,
    },
    ...{ provider: request.provider.identifier.value, service: '', servedAt: at, filedAt: at },
    currency: first?.extension[0].valueMoney.currency ?? '',
    billed: request.item.reduce((sum, item) => sum + netOf(item), 0),
    items,
  };
  const { items: shares, needsAuthorisation, total, inForce, trace } = judge(facts, grounds);
  const isAgreed = grounds.preauthorisation !== undefined;
  const denies = trace.steps.filter(({ verdict, item }) => verdict === 'denied' && item === undefined);
  // Without the insurer's word it is not paid, but may be once it is given.
  const isOnlyUnauthorised = denies.length > 0 && denies.every(({ code }) => code === 'authorisation');
  const isDenied = (denies.length > 0 && !isOnlyUnauthorised) || total.allowed === 0;
  const isForPerson = isOnlyUnauthorised || trace.reasons('review').length > 0;
  return {
    ...{ verdict: isDenied ? 'notCovered' : isForPerson ? 'person' : 'covered', inForce },
    items: shares.map(({ billed, allowed, insurer, patient, coPay, deductible }, index) => ({
      shares: isDenied
        ? { billed, allowed: 0, insurer: 0, patient: 0, coPay: 0, deductible: 0 }
        : { billed, allowed, insurer, patient, coPay, deductible },
      needsAuthorisation: (needsAuthorisation[index] ?? false) && !isAgreed,
    })),
    trace: trace.steps,
  };
}
