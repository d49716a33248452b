import { z } from 'zod';
import { coverageTiers, productCode } from './formulary.ts';
import { institutionId, serialId } from './identifiers.ts';
import { amount, currency } from './money.ts';
import { words } from './shapes/text.ts';

/** What an insurer covers, as it publishes it on `claims`: public, in versions, of which each counts from a day on. */

export const planId = serialId('plan');

export const benefitCategories = ['medicine', 'consultation', 'emergency', 'inpatient', 'diagnostics'] as const;
export const benefitCategory = z.enum(benefitCategories);
export type BenefitCategory = (typeof benefitCategories)[number];

/** A service that is no medicine, by the code of a price list. */
export const serviceCode = z.string().regex(/^[A-Z][A-Z0-9-]{1,19}$/);

/** How a service is shared out: the patient pays `coPay`, and what `percent` of the rest is not. */
const share = {
  /** Of what is left after deductible and co-pay, for the insurer. */
  percent: z.int().min(0).max(100),
  /** For each claim. */
  coPay: amount,
  /** Paid only where the insurer has agreed before. */
  priorAuthorisation: z.boolean(),
};

/** Why something is not paid, or not by itself; the words are the screens'. */
export const claimReasons = [
  'NOT_COVERED',
  'NO_PRIOR_AUTHORISATION',
  'ANNUAL_LIMIT',
  'DEDUCTIBLE',
  'PRICE_ABOVE_LIST',
  'QUANTITY_ABOVE_DISPENSED',
  'NOT_THE_MEMBER',
  'NOT_INSURED_THEN',
  'TOO_LATE',
  'EVIDENCE_INVALID',
  'EVIDENCE_MISSING',
  'TOKEN_INVALID',
  'DUPLICATE',
  'UNUSUAL',
  'LARGE_AMOUNT',
  'NOT_NECESSARY',
  'RULE',
  'OTHER',
] as const;
export const claimReason = z.enum(claimReasons);
export type ClaimReason = (typeof claimReasons)[number];

/** A rule of the insurer's own: an expression of CEL that is true or false of a claim (`coverage/rules.ts` names what it may ask). */
export const planRule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  when: z.string().min(1).max(500),
  /** What follows where it is true. */
  effect: z.enum(['deny', 'review']),
  reason: claimReason,
  /** What the patient reads. */
  words: words(3, 300),
});
export type PlanRule = z.infer<typeof planRule>;

export const planTerms = z
  .strictObject({
    name: words(2, 80),
    currency,
    /** What the member pays first in each year of the policy, of services that do not say otherwise. */
    deductible: amount,
    /** The most that the insurer pays, and the most that the member pays of what is covered, in each year of the policy. */
    annualLimit: amount.optional(),
    outOfPocketLimit: amount.optional(),
    benefits: z
      .array(
        z.strictObject({
          category: benefitCategory,
          ...share,
          /** Whether the deductible does not count for it. */
          free: z.boolean(),
          annualLimit: amount.optional(),
        }),
      )
      .min(1)
      .max(benefitCategories.length),
    /** Of medicines, in place of the benefit's own share, by the tier of the formulary. */
    tiers: z.partialRecord(z.enum(coverageTiers), z.strictObject(share)),
    /** The most that is paid for so many units: `price` for `per`. What is not listed is paid as it is billed. */
    prices: z
      .array(
        z.strictObject({ code: z.union([productCode, serviceCode]), price: amount, per: z.int().min(1).max(10_000) }),
      )
      .max(100),
    /** Days after the service within which it can be claimed, and within which a decision can be appealed. */
    filingDays: z.int().min(1).max(730),
    appealDays: z.int().min(1).max(365),
    /** Billed above this, a person decides. */
    reviewAbove: amount.optional(),
    rules: z.array(planRule).max(20),
  })
  .refine(
    ({ benefits }) => new Set(benefits.map(({ category }) => category)).size === benefits.length,
    'a category twice',
  )
  .refine(({ prices }) => new Set(prices.map(({ code }) => code)).size === prices.length, 'a price twice')
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, 'a rule twice');
export type PlanTerms = z.infer<typeof planTerms>;

/** The argument of `publishPlan`: a new plan at version 1, or the next version of one. */
export const planPublication = z.strictObject({
  id: planId,
  version: z.int().positive(),
  /** Services from this instant on are decided by it, until a newer one's. */
  validFrom: z.iso.datetime(),
  terms: planTerms,
});
export type PlanPublication = z.infer<typeof planPublication>;

export const planRecord = planPublication.extend({
  insurer: institutionId,
  by: z.string(),
  at: z.iso.datetime(),
});
export type Plan = z.infer<typeof planRecord>;

/** Whether a plan takes new members; its members stay. */
export const planHead = z.strictObject({
  id: planId,
  insurer: institutionId,
  state: z.enum(['open', 'closed']),
  /** The newest. */
  version: z.int().positive(),
});
export type PlanHead = z.infer<typeof planHead>;

/** The version by which a service at an instant is decided; undefined before the first. */
export function versionInForce(versions: readonly Plan[], at: Date): Plan | undefined {
  return versions
    .filter(({ validFrom }) => Date.parse(validFrom) <= at.getTime())
    .sort((a, b) => b.version - a.version)[0];
}
