import { z } from 'zod';
import { claimDecision, claimId, claimSubmission } from '#chaincode/model/claim.ts';
import { amount } from '#chaincode/model/money.ts';
import { planId, planPublication } from '#chaincode/model/plan.ts';
import { contentWraps, policyId, sealedContent, wrapsTransientField } from '#chaincode/model/policy.ts';
import { base64Url } from '../prescriptions/schema.ts';
import { jsonArgument, jsonField, type Kinds, type LedgerCall } from '../transactions/kind.ts';

/** What insurers' and providers' staff sign of insurance; each kind is called as the contract's function. Members sign statements (`members.ts`). */

/** Encrypted bytes, base64url; at most 256 KiB, so that the CID is that of one raw block. */
const envelope = base64Url(349_526);
const reason = z.string().trim().min(3).max(300);
const message = { id: claimId, message: sealedContent, envelope };

/** The terms of an accepted or refused application, as the contract takes them. */
export const policyTerms = z.strictObject({
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  reason: reason.optional(),
});

export const claimIntents = [
  z.object({ kind: z.literal('claims:publishPlan'), plan: planPublication }),
  z.object({ kind: z.literal('claims:closePlan'), id: planId }),
  z.object({
    kind: z.literal('claims:decidePolicy'),
    id: policyId,
    verdict: z.enum(['accept', 'refuse']),
    terms: policyTerms,
  }),
  z.object({ kind: z.literal('claims:endPolicy'), id: policyId, reason }),
  z.object({ kind: z.literal('claims:submit'), submission: claimSubmission, wraps: contentWraps, envelope }),
  /** A person's decision; the adjudicator's come by the connector, many at once. */
  z.object({ kind: z.literal('claims:decide'), decision: claimDecision, envelope }),
  z.object({ kind: z.literal('claims:ask'), ...message }),
  z.object({ kind: z.literal('claims:answer'), ...message }),
  z.object({ kind: z.literal('claims:cash'), id: claimId, amount: amount.positive() }),
  z.object({ kind: z.literal('claims:reverse'), id: claimId, reason }),
] as const;
export type ClaimIntent = z.infer<(typeof claimIntents)[number]>;
type MessageIntent = Extract<ClaimIntent, { kind: 'claims:ask' | 'claims:answer' }>;

/** A call of the chaincode of the channel `claims`. */
export const claimsCall = (name: string, args: string[], transient: Record<string, Uint8Array> = {}): LedgerCall => ({
  channel: 'claims',
  contract: 'claims',
  function: name,
  args,
  transient,
});

const signed = ['sign', 'publish'] as const;
const stored = ['store', 'sign', 'publish'] as const;

const messageKind = {
  call: ({ kind, id, message: sealed }: MessageIntent) => claimsCall(kind, [id, jsonArgument(sealed)]),
  subject: ({ id }: MessageIntent) => id,
  business: ({ message: { cid } }: MessageIntent) => cid,
  kept: ({ id, message: sealed }: MessageIntent) => ({ id, message: sealed }),
  steps: stored,
};

export const claimKinds: Kinds<ClaimIntent> = {
  'claims:publishPlan': {
    call: ({ kind, plan }) => claimsCall(kind, [jsonArgument(plan)]),
    subject: ({ plan }) => plan.id,
    business: ({ plan }) => `${plan.id}/${plan.version}`,
    kept: ({ plan: { id, version } }) => ({ id, version }),
    steps: signed,
  },
  'claims:closePlan': {
    call: ({ kind, id }) => claimsCall(kind, [id]),
    subject: ({ id }) => id,
    kept: ({ id }) => ({ id }),
    steps: signed,
  },
  'claims:decidePolicy': {
    call: ({ kind, id, verdict, terms }) => claimsCall(kind, [id, verdict, jsonArgument(terms)]),
    subject: ({ id }) => id,
    kept: ({ id, verdict }) => ({ id, verdict }),
    steps: signed,
  },
  'claims:endPolicy': {
    call: ({ kind, id, reason: why }) => claimsCall(kind, [id, why]),
    subject: ({ id }) => id,
    kept: ({ id, reason: why }) => ({ id, reason: why }),
    steps: signed,
  },
  'claims:submit': {
    call: ({ kind, submission, wraps }) =>
      claimsCall(kind, [jsonArgument(submission)], { [wrapsTransientField]: jsonField(wraps) }),
    subject: ({ submission }) => submission.id,
    kept: ({ submission: { id, content } }) => ({ id, content }),
    steps: stored,
    secret: true,
  },
  'claims:decide': {
    call: ({ kind, decision }) => claimsCall(kind, [jsonArgument({ decisions: [decision] })]),
    subject: ({ decision }) => decision.claim,
    business: ({ decision }) => decision.explanation.cid,
    kept: ({ decision: { claim, explanation } }) => ({ claim, explanation }),
    steps: stored,
  },
  'claims:ask': messageKind,
  'claims:answer': messageKind,
  'claims:cash': {
    call: ({ kind, id, amount: paid }) => claimsCall(kind, [id, String(paid)]),
    subject: ({ id }) => id,
    kept: ({ id, amount: paid }) => ({ id, amount: paid }),
    steps: signed,
  },
  'claims:reverse': {
    call: ({ kind, id, reason: why }) => claimsCall(kind, [id, why]),
    subject: ({ id }) => id,
    kept: ({ id, reason: why }) => ({ id, reason: why }),
    steps: signed,
  },
};
