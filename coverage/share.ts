import type { Usage } from '#chaincode/model/claim.ts';
import type { BenefitCategory, PlanTerms } from '#chaincode/model/plan.ts';
import type { Shares } from '#fhir/adjudication.ts';
import { partOf } from './rounding.ts';

/**
 * Who pays how much of a claim, in whole minor units. Of each item, in this order: what counts is at most the listed price; the patient
 * pays the co-pay (once for a claim), then what is left of the year's deductible; of the rest the insurer pays its percent, halves up.
 * The patient pays no more in a year than the out-of-pocket limit: what is above is the insurer's. What is above a limit of
 * the insurer's is not covered: nobody's share of what counts.
 */

export interface ItemTerms {
  /** In minor units. */
  billed: number;
  /** The most that counts; undefined where nothing is listed. */
  listed?: number | undefined;
  percent: number;
  coPay: number;
  /** Whether the deductible does not count for it. */
  free: boolean;
}

/** What of a year's limits is left; absent ones are none. In minor units. */
export interface Account {
  deductible: number;
  insurer?: number | undefined;
  category?: number | undefined;
  patient?: number | undefined;
}

/** Of one item: the shares, and the numbers by which they came about. */
export interface ItemShare extends Shares {
  /** What the insurer would have paid before its limits. */
  beforeLimits: number;
  /** What the out-of-pocket limit moved from the patient to the insurer. */
  relieved: number;
}

const left = (limit: number | undefined, used: number) => (limit === undefined ? undefined : Math.max(0, limit - used));
const atMost = (value: number, limit: number | undefined) => (limit === undefined ? value : Math.min(value, limit));

/** What a policy has left of a plan's limits in a year. */
export function accountOf(terms: PlanTerms, usage: Usage, category: BenefitCategory): Account {
  const benefit = terms.benefits.find((each) => each.category === category);
  return {
    deductible: Math.max(0, terms.deductible - usage.deductible),
    insurer: left(terms.annualLimit, usage.insurer),
    category: left(benefit?.annualLimit, usage.categories[category] ?? 0),
    patient: left(terms.outOfPocketLimit, usage.patient),
  };
}

/** Shares out the items of one claim, one after the other, by one account. */
export function shareOut(items: readonly ItemTerms[], account: Account): ItemShare[] {
  let coPayLeft = Math.max(0, ...items.map(({ coPay }) => coPay));
  const rest = { ...account };
  return items.map((item) => {
    const counted = atMost(item.billed, item.listed);
    const shared = shareItem({ ...item, coPay: Math.min(coPayLeft, item.coPay) }, counted, rest);
    coPayLeft -= shared.coPay;
    rest.deductible -= shared.deductible;
    rest.insurer = left(rest.insurer, shared.insurer);
    rest.category = left(rest.category, shared.insurer);
    rest.patient = left(rest.patient, shared.patient);
    return shared;
  });
}

function shareItem({ billed, percent, coPay, free }: ItemTerms, counted: number, account: Account): ItemShare {
  const ownCoPay = Math.min(coPay, counted);
  const ownDeductible = free ? 0 : Math.min(account.deductible, counted - ownCoPay);
  const shared = counted - ownCoPay - ownDeductible;
  const own = counted - partOf(shared, percent, 100);
  const patient = atMost(own, account.patient);
  const beforeLimits = counted - patient;
  const insurer = atMost(atMost(beforeLimits, account.category), account.insurer);
  const deductible = Math.min(ownDeductible, patient);
  return {
    ...{ billed, allowed: insurer + patient, insurer, patient, deductible },
    coPay: Math.min(ownCoPay, patient - deductible),
    ...{ beforeLimits, relieved: own - patient },
  };
}

export function sumOf(shares: readonly Shares[]): Shares {
  const sum: Shares = { billed: 0, allowed: 0, insurer: 0, patient: 0, coPay: 0, deductible: 0 };
  for (const each of shares) {
    sum.billed += each.billed;
    sum.allowed += each.allowed;
    sum.insurer += each.insurer;
    sum.patient += each.patient;
    sum.coPay += each.coPay;
    sum.deductible += each.deductible;
  }
  return sum;
}
