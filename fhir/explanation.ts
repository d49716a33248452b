import { z } from 'zod';
import { outcomes } from '#chaincode/model/claim.ts';
import { type ClaimReason, claimReason } from '#chaincode/model/plan.ts';
import { readShares, type Shares, shares, writeShares, writtenReason } from './adjudication.ts';
import {
  billedConcept,
  type Claim,
  categoryConcept,
  claimReference,
  claimTypeConcept,
  institutionReference,
  policyReference,
  refer,
} from './claim.ts';
import { reasonConcept } from './claimReason.ts';
import { type ClaimStep, mostSteps, readStep, stepExtension, writeStep } from './claimStep.ts';
import { codeOf, dateTime, longText, quantity, systems } from './coding.ts';
import { money } from './money.ts';
import { parseResource } from './parse.ts';
import type { ClaimResponse } from './r4/claimResponse.ts';

/**
 * FHIR R4 ExplanationOfBenefit (http://hl7.org/fhir/R4/explanationofbenefit.html), as Medloom writes a decision: what of each item
 * counts and who pays how much of it, the reasons, and each step by which it was judged.
 */

const outcomeExtension = z.strictObject({ url: z.literal(systems.claimOutcome), valueCode: z.enum(outcomes) });
/** A reason of the whole claim stands at what of it counts. */
const reasonEntry = z.strictObject({
  category: z.strictObject({
    coding: z.array(z.strictObject({ system: z.string(), code: z.literal('eligible') })).length(1),
  }),
  reason: writtenReason,
});

export const explanation = z.strictObject({
  resourceType: z.literal('ExplanationOfBenefit'),
  extension: z
    .tuple([outcomeExtension], stepExtension)
    .refine((extension) => extension.length <= mostSteps + 1, 'must have no more steps'),
  status: z.literal('active'),
  type: claimTypeConcept,
  use: z.enum(['claim', 'preauthorization']),
  patient: policyReference,
  billablePeriod: z.strictObject({ start: dateTime, end: dateTime }),
  created: dateTime,
  insurer: institutionReference,
  provider: institutionReference,
  claim: claimReference,
  outcome: z.literal('complete'),
  insurance: z.array(z.strictObject({ focal: z.literal(true), coverage: policyReference })).length(1),
  item: z
    .array(
      z.strictObject({
        sequence: z.int().positive(),
        category: categoryConcept,
        productOrService: billedConcept,
        quantity,
        net: money,
        adjudication: shares,
      }),
    )
    .min(1)
    .max(20),
  adjudication: z.array(reasonEntry).min(1).max(8).optional(),
  total: shares,
  /** What a person who decided says to the member. */
  processNote: z
    .array(z.strictObject({ text: longText }))
    .length(1)
    .optional(),
});
export type Explanation = z.infer<typeof explanation>;

export interface Decided {
  outcome: (typeof outcomes)[number];
  /** By item, in their order, and of all. */
  items: readonly Shares[];
  total: Shares;
  reasons: readonly ClaimReason[];
  trace: readonly ClaimStep[];
  note?: string;
}

/** Builds the resource for a claim. Throws a ZodError that names the member that is wrong. */
export function buildExplanation(claim: Claim, decided: Decided, created: string): Explanation {
  const { currency } = claim.total;
  const [eligible] = writeShares(decided.total, currency).slice(1);
  return explanation.parse({
    resourceType: 'ExplanationOfBenefit',
    extension: [{ url: systems.claimOutcome, valueCode: decided.outcome }, ...decided.trace.map(writeStep)],
    status: 'active',
    ...{ type: claim.type, use: claim.use, patient: claim.patient, billablePeriod: claim.billablePeriod, created },
    ...{ insurer: claim.insurer, provider: claim.provider, claim: refer(systems.claim, { id: claim.id }) },
    outcome: 'complete',
    insurance: [{ focal: true, coverage: claim.patient }],
    item: claim.item.map(({ sequence, category, productOrService, quantity: counted, net }, index) => ({
      ...{ sequence, category, productOrService, quantity: counted, net },
      adjudication: writeShares(decided.items[index] ?? noShares, currency),
    })),
    ...(decided.reasons.length > 0 && {
      adjudication: decided.reasons.map((reason) => ({ category: eligible?.category, reason: reasonConcept(reason) })),
    }),
    total: writeShares(decided.total, currency),
    ...(decided.note !== undefined && { processNote: [{ text: decided.note }] }),
  });
}
const noShares: Shares = { billed: 0, allowed: 0, insurer: 0, patient: 0, coPay: 0, deductible: 0 };

/** What an explanation says of a decision. */
export function readExplanation(said: Explanation): Decided {
  const [{ valueCode: outcome }, ...steps] = said.extension;
  const [note] = said.processNote ?? [];
  return {
    outcome,
    items: said.item.map(({ adjudication }) => readShares(adjudication)),
    total: readShares(said.total),
    reasons: (said.adjudication ?? []).map(({ reason }) => claimReason.parse(codeOf(reason, systems.claimReason))),
    trace: steps.map(readStep),
    ...(note !== undefined && { note: note.text }),
  };
}

/** The same decision as the ClaimResponse that a provider's software takes (http://hl7.org/fhir/R4/claimresponse.html). */
export const claimResponseOf = (said: Explanation): ClaimResponse => ({
  resourceType: 'ClaimResponse',
  status: said.status,
  ...{ type: said.type, use: said.use, patient: said.patient, created: said.created, insurer: said.insurer },
  ...{ requestor: said.provider, request: said.claim, outcome: said.outcome },
  item: said.item.map(({ sequence, adjudication }) => ({ itemSequence: sequence, adjudication })),
  ...(said.adjudication !== undefined && { adjudication: said.adjudication }),
  total: said.total,
  ...(said.processNote !== undefined && { processNote: said.processNote }),
});

/** Reads a decrypted explanation. Throws `FhirError`. */
export const parseExplanation = (bytes: Uint8Array): Explanation => parseResource(explanation, bytes);
