import { z } from 'zod';
import { hex32, institutionId, practitionerId, serialId } from './identifiers.ts';
import { amount, currency } from './money.ts';
import { benefitCategory, claimReason, planId } from './plan.ts';
import { authorisationId, policyId, sealedContent } from './policy.ts';

/**
 * A claim on `claims`: who bills whom how much for which policy, how it was decided and what was paid. What was served is in its
 * ciphertexts alone (FHIR Claim with evidence, ExplanationOfBenefit, messages), all under one data key.
 */

export const claimId = serialId('clm');
/** `preauthorisation` asks whether a service would be paid; nothing is ever paid on it. */
export const claimUses = ['claim', 'preauthorisation'] as const;

/**
 * submitted → inReview → approved | partlyApproved | denied; approved or partlyApproved → settled (the insurer has paid) → anchored
 * (its share is final on Ethereum). What was decided and not approved as billed → appealed → decided anew, unless a payment is on
 * its way. Any but a denied one → reversed. A preauthorisation ends decided.
 */
export const claimStates = [
  'submitted',
  'inReview',
  'approved',
  'partlyApproved',
  'denied',
  'appealed',
  'settled',
  'anchored',
  'reversed',
] as const;
export type ClaimState = (typeof claimStates)[number];

/**
 * The day of a service (UTC), as the instant at which it begins: a dispense's own instant is on a care channel with the patient's
 * pseudonym there, so that on `claims` it would join the two.
 */
export const serviceDay = z.iso.datetime().regex(/T00:00:00\.000Z$/, 'a whole day');
/** `at`: ISO 8601. */
export const serviceDayOf = (at: string): string => `${new Date(at).toISOString().slice(0, 10)}T00:00:00.000Z`;
/** Since when something counts, for services, of which only the day is known: all of its first day, in milliseconds. */
export const firstDayOf = (from: string): number => Date.parse(serviceDayOf(from));

/** The argument of `submit`. */
export const claimSubmission = z.strictObject({
  id: claimId,
  use: z.enum(claimUses),
  category: benefitCategory,
  policy: policyId,
  authorisation: authorisationId,
  /**
   * What is served, blinded: the same for the same service whoever is asked to pay it (`crypto/claim/service.ts`). A service is claimed
   * once. Of a preauthorisation a hash of nothing.
   */
  service: hex32,
  servedAt: serviceDay,
  currency,
  billed: amount.positive(),
  preauthorisation: claimId.optional(),
  /** The FHIR Claim with its evidence. */
  content: sealedContent,
  /** Salted commitment to the claim, by which payments on Ethereum name it. */
  reference: hex32,
});
export type ClaimSubmission = z.infer<typeof claimSubmission>;

export const outcomes = ['approved', 'partlyApproved', 'denied'] as const;
/** The argument of `decide`, of which up to `mostDecisions` come in one transaction. */
export const claimDecision = z
  .strictObject({
    claim: claimId,
    /** Version of the claim that was judged, and of the policy's account of the year (0 where there is none yet): STALE where one is newer. */
    version: z.int().positive(),
    usage: z.int().min(0),
    outcome: z.enum(outcomes),
    /** What of the bill counts, and who pays how much of it. The rest is the provider's loss, or the patient's where nothing is covered. */
    allowed: amount,
    insurer: amount,
    patient: amount,
    /** Part of `patient` that fills the deductible. */
    deductible: amount,
    /** Empty for what is approved as billed. */
    reasons: z.array(claimReason).max(8),
    /** The FHIR ExplanationOfBenefit with the trace of the rules. */
    explanation: sealedContent,
  })
  .refine(({ insurer, patient, allowed }) => insurer + patient === allowed, 'the shares make what is allowed')
  .refine(({ deductible, patient }) => deductible <= patient, 'the deductible is the patient’s')
  .refine(({ outcome, reasons }) => outcome === 'approved' || reasons.length > 0, 'a reason');
export type ClaimDecision = z.infer<typeof claimDecision>;
export const mostDecisions = 50;
/** The argument of `decide`: each is judged on what those before it leave. All count, or none. */
export const claimDecisions = z.strictObject({ decisions: z.array(claimDecision).min(1).max(mostDecisions) });
/** A claim has no more decisions than this; what was decided so often cannot be appealed. */
export const mostDecisionsOfClaim = 10;
/** The argument of `review`: what the adjudicator leaves to a person. */
export const claimReviews = z.strictObject({
  claims: z
    .array(
      z.strictObject({
        claim: claimId,
        version: z.int().positive(),
        reasons: z.array(claimReason).min(1).max(8),
      }),
    )
    .min(1)
    .max(mostDecisions),
});
/** The argument of `settle`. */
export const claimSettlement = z.strictObject({
  claim: claimId,
  transactionHash: z.string().regex(/^0x[0-9a-f]{64}$/),
});

export const messageKinds = ['question', 'answer', 'appeal'] as const;
export const mostClaimMessages = 50;
/** Of these, questions and answers leave so many to the member. */
export const appealMessages = mostDecisionsOfClaim;
/** Payments and refunds that are anchored on one claim. */
export const mostReceipts = 40;

/** A log entry of Ethereum. */
const onEthereum = {
  chainId: z.int().positive(),
  contract: z.string().regex(/^0x[0-9a-f]{40}$/),
  transactionHash: claimSettlement.shape.transactionHash,
  logIndex: z.int().min(0),
  blockNumber: z.int().min(0),
  blockHash: z.string().regex(/^0x[0-9a-f]{64}$/),
};
/** Whose share a payment is of; a refund takes back one of the same payer. */
export const payers = ['insurer', 'patient', 'assistance'] as const;
export type Payer = (typeof payers)[number];
/** The argument of `anchor`: a final payment of a claim, or a refund. */
export const paymentReceipt = z.strictObject({
  claim: claimId,
  kind: z.enum(['payment', 'refund']),
  payer: z.enum(payers),
  amount: amount.positive(),
  ...onEthereum,
});
export type PaymentReceipt = z.infer<typeof paymentReceipt>;

export const claimRecord = claimSubmission.extend({
  plan: z.strictObject({ id: planId, version: z.int().positive() }),
  insurer: institutionId,
  provider: institutionId,
  by: practitionerId,
  at: z.iso.datetime(),
  state: z.enum(claimStates),
  /** Why a person decides. */
  review: z.strictObject({ reasons: z.array(claimReason).max(8), by: z.string(), at: z.iso.datetime() }).optional(),
  /** Oldest first; the last is in force. */
  decisions: z
    .array(
      z.strictObject({
        ...claimDecision.shape,
        /** `prac-…`, or `dev-…` of the insurer's adjudicator. */
        by: z.string(),
        at: z.iso.datetime(),
      }),
    )
    .max(mostDecisionsOfClaim),
  messages: z
    .array(z.strictObject({ kind: z.enum(messageKinds), by: z.string(), at: z.iso.datetime(), ...sealedContent.shape }))
    .max(mostClaimMessages),
  /** Final on Ethereum, in the order in which they came. */
  receipts: z.array(paymentReceipt.omit({ claim: true }).extend({ at: z.iso.datetime() })).max(mostReceipts),
  /** The patient's share, taken in cash. */
  cash: z.strictObject({ amount: amount.positive(), by: practitionerId, at: z.iso.datetime() }).optional(),
  /** The insurer's payment that is on its way. */
  settlement: z.strictObject({ transactionHash: onEthereum.transactionHash, at: z.iso.datetime() }).optional(),
  reversal: z.strictObject({ by: z.string(), reason: z.string(), at: z.iso.datetime() }).optional(),
  version: z.int().positive(),
});
export type Claim = z.infer<typeof claimRecord>;

/** What one policy has used in one of its years. */
export const usageRecord = z.strictObject({
  policy: policyId,
  /** 1 is the first year of the policy. */
  year: z.int().positive(),
  insurer: amount,
  patient: amount,
  deductible: amount,
  /** By category, what the insurer paid. */
  categories: z.partialRecord(benefitCategory, amount),
  version: z.int().min(0),
});
export type Usage = z.infer<typeof usageRecord>;

/** The year of a policy in which an instant lies, from 1; years begin on the day on which the policy began. */
export function policyYear(from: string, at: Date): number {
  const start = new Date(firstDayOf(from));
  let year = at.getUTCFullYear() - start.getUTCFullYear();
  const anniversary = new Date(start);
  anniversary.setUTCFullYear(start.getUTCFullYear() + year);
  if (anniversary.getTime() > at.getTime()) year -= 1;
  return Math.max(0, year) + 1;
}

/** Event name and payload (JSON) of every change on `claims`; a batch of decisions names each claim. */
export const claimsEvent = 'ClaimsChanged';
export const claimsChanged = z.strictObject({
  kind: z.enum(['plan', 'policy', 'authorisation', 'claim']),
  changed: z
    .array(z.strictObject({ id: z.string(), state: z.string(), version: z.int().positive() }))
    .min(1)
    .max(mostDecisions),
  /** The function with its contract. */
  change: z.string(),
  at: z.iso.datetime(),
});
export type ClaimsChanged = z.infer<typeof claimsChanged>;
