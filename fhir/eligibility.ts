import { z } from 'zod';
import { serialId } from '#chaincode/model/identifiers.ts';
import type { BenefitCategory } from '#chaincode/model/plan.ts';
import { benefits, readBenefits, type Shares, writeBenefits } from './adjudication.ts';
import {
  type Billed,
  billedConcept,
  categoryConcept,
  conceptOf,
  institutionReference,
  mostItems,
  policyReference,
  refer,
} from './claim.ts';
import { type ClaimStep, mostSteps, readStep, stepExtension, writeStep } from './claimStep.ts';
import { date, dateTime, quantity, systems, unitQuantity } from './coding.ts';
import { amountOf, money, moneyOf } from './money.ts';
import { parseResource } from './parse.ts';

/** FHIR R4 CoverageEligibilityRequest and -Response, as Medloom writes them: what would be paid of something that is about to be served. */

const questionId = serialId('elq');
/** `businessArrangement`: the member's authorisation, by which the provider may ask. */
const focal = z
  .array(z.strictObject({ focal: z.literal(true), coverage: policyReference, businessArrangement: serialId('aut') }))
  .length(1);

export const eligibilityRequest = z.strictObject({
  resourceType: z.literal('CoverageEligibilityRequest'),
  id: questionId,
  status: z.literal('active'),
  purpose: z.tuple([z.literal('benefits')]),
  patient: policyReference,
  servicedDate: date,
  created: dateTime,
  provider: institutionReference,
  insurer: institutionReference,
  insurance: focal,
  item: z
    .array(
      z.strictObject({
        /** R4 has a price of one unit here, and none of all: a pack's is not always a multiple. */
        extension: z.tuple([z.strictObject({ url: z.literal(systems.net), valueMoney: money })]),
        category: categoryConcept,
        productOrService: billedConcept,
        quantity: quantity.extend({ value: z.int().min(1).max(1_300_000) }),
      }),
    )
    .min(1)
    .max(mostItems)
    .refine(
      (items) => new Set(items.map(({ category }) => category.coding[0]?.code)).size === 1,
      'must be of one category',
    ),
});
export type EligibilityRequest = z.infer<typeof eligibilityRequest>;

export interface EligibilityQuestion {
  /** `elq-…`, new for each question. */
  id: string;
  category: BenefitCategory;
  policy: string;
  /** `aut-…` of the member, for the provider. */
  authorisation: string;
  insurer: { id: string; name?: string };
  provider: { id: string; name?: string };
  created: string;
  currency: string;
  items: readonly Billed[];
}

/** Builds the question. Throws a ZodError that names the member that is wrong. */
export function buildEligibilityRequest(asked: EligibilityQuestion): EligibilityRequest {
  const policy = refer(systems.policy, { id: asked.policy });
  return eligibilityRequest.parse({
    resourceType: 'CoverageEligibilityRequest',
    id: asked.id,
    status: 'active',
    purpose: ['benefits'],
    patient: policy,
    servicedDate: asked.created.slice(0, 10),
    created: asked.created,
    provider: refer(systems.institution, asked.provider),
    insurer: refer(systems.institution, asked.insurer),
    insurance: [{ focal: true, coverage: policy, businessArrangement: asked.authorisation }],
    item: asked.items.map(({ of, quantity: counted, unit, net }) => ({
      extension: [{ url: systems.net, valueMoney: moneyOf(net, asked.currency) }],
      category: { coding: [{ system: systems.benefitCategory, code: asked.category }] },
      productOrService: conceptOf(of),
      quantity: unitQuantity(counted, unit),
    })),
  });
}

/** What is billed for an item, in minor units. */
export const netOf = ({ extension }: EligibilityRequest['item'][number]): number => amountOf(extension[0].valueMoney);

/** `covered`: it would be paid so; `person`: somebody of the insurer would have to decide. */
export const eligibilityVerdicts = ['covered', 'notCovered', 'person'] as const;

export const eligibilityResponse = z.strictObject({
  resourceType: z.literal('CoverageEligibilityResponse'),
  extension: z
    .tuple(
      [z.strictObject({ url: z.literal(systems.eligibility), valueCode: z.enum(eligibilityVerdicts) })],
      stepExtension,
    )
    .refine((extension) => extension.length <= mostSteps + 1, 'must have no more steps'),
  status: z.literal('active'),
  purpose: z.tuple([z.literal('benefits')]),
  patient: policyReference,
  servicedDate: date,
  created: dateTime,
  requestor: institutionReference,
  request: z.strictObject({
    identifier: z.strictObject({ system: z.literal(systems.eligibility), value: questionId }),
  }),
  outcome: z.literal('complete'),
  insurer: institutionReference,
  insurance: z
    .array(
      z.strictObject({
        coverage: policyReference,
        inforce: z.boolean(),
        item: z
          .array(
            z.strictObject({
              // R4 takes a category or a code here, not both.
              productOrService: billedConcept,
              excluded: z.boolean(),
              authorizationRequired: z.boolean(),
              benefit: benefits,
            }),
          )
          .min(1)
          .max(mostItems),
      }),
    )
    .length(1),
});
export type EligibilityResponse = z.infer<typeof eligibilityResponse>;

export interface EligibilityAnswer {
  verdict: (typeof eligibilityVerdicts)[number];
  /** Whether the policy is in force. */
  inForce: boolean;
  /** By item, in their order. */
  items: readonly { shares: Shares; needsAuthorisation: boolean }[];
  /** Why; reasons stand at the steps. */
  trace: readonly ClaimStep[];
}

/** Builds the answer to a question. Throws a ZodError that names the member that is wrong. */
export function buildEligibilityResponse(
  request: EligibilityRequest,
  answer: EligibilityAnswer,
  created: string,
): EligibilityResponse {
  return eligibilityResponse.parse({
    resourceType: 'CoverageEligibilityResponse',
    extension: [{ url: systems.eligibility, valueCode: answer.verdict }, ...answer.trace.map(writeStep)],
    ...{ status: 'active', purpose: request.purpose, patient: request.patient },
    ...{ servicedDate: request.servicedDate, created, requestor: request.provider },
    request: { identifier: { system: systems.eligibility, value: request.id } },
    outcome: 'complete',
    insurer: request.insurer,
    insurance: [
      {
        coverage: request.patient,
        inforce: answer.inForce,
        item: request.item.map((asked, index) => {
          const { shares: of = nothing, needsAuthorisation = false } = answer.items[index] ?? {};
          return {
            ...{
              productOrService: asked.productOrService,
              excluded: of.allowed === 0,
              authorizationRequired: needsAuthorisation,
            },
            benefit: writeBenefits(of, asked.extension[0].valueMoney.currency),
          };
        }),
      },
    ],
  });
}
const nothing: Shares = { billed: 0, allowed: 0, insurer: 0, patient: 0, coPay: 0, deductible: 0 };

export function readEligibilityResponse({ extension, insurance }: EligibilityResponse): EligibilityAnswer {
  const [{ valueCode: verdict }, ...steps] = extension;
  const [{ inforce: inForce, item } = { inforce: false, item: [] }] = insurance;
  return {
    ...{ verdict, inForce },
    items: item.map(({ benefit, authorizationRequired }) => ({
      shares: readBenefits(benefit),
      needsAuthorisation: authorizationRequired,
    })),
    trace: steps.map(readStep),
  };
}

/** Throws `FhirError`. */
export const parseEligibilityRequest = (bytes: Uint8Array): EligibilityRequest =>
  parseResource(eligibilityRequest, bytes);
export const parseEligibilityResponse = (bytes: Uint8Array): EligibilityResponse =>
  parseResource(eligibilityResponse, bytes);
