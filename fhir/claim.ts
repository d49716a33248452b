import { z } from 'zod';
import { claimId, type claimUses } from '#chaincode/model/claim.ts';
import { productCode } from '#chaincode/model/formulary.ts';
import { institutionId, practitionerId } from '#chaincode/model/identifiers.ts';
import { type BenefitCategory, benefitCategories, serviceCode } from '#chaincode/model/plan.ts';
import { policyId } from '#chaincode/model/policy.ts';
import {
  codeableConcept,
  codeOf,
  date,
  dateTime,
  medicationConcept,
  type PrescribedProduct,
  quantity,
  shortText,
  systems,
  unitQuantity,
} from './coding.ts';
import { amountOf, money, moneyOf } from './money.ts';
import { parseResource } from './parse.ts';

/** FHIR R4 Claim (http://hl7.org/fhir/R4/claim.html), as Medloom writes it: whoever is meant is named by identifier, never by address. */

export const mostItems = 20;

const named = (system: string, value: z.ZodType<string>) =>
  z.strictObject({
    identifier: z.strictObject({ system: z.literal(system), value }),
    display: shortText.optional(),
  });
export const institutionReference = named(systems.institution, institutionId);
export const policyReference = named(systems.policy, policyId);
export const claimReference = named(systems.claim, claimId);
const code = (system: string, value: z.ZodType<string>) =>
  z.strictObject({ coding: z.array(z.strictObject({ system: z.literal(system), code: value })).length(1) });
export const categoryConcept = code(systems.benefitCategory, z.enum(benefitCategories));

const claimTypeSystem = 'http://terminology.hl7.org/CodeSystem/claim-type';
export const claimTypeConcept = code(claimTypeSystem, z.enum(['pharmacy', 'professional', 'institutional']));
const prioritySystem = 'http://terminology.hl7.org/CodeSystem/processpriority';

/** A product of the formulary, or a service of a price list. */
export const billedConcept = codeableConcept.refine(
  (concept) =>
    productCode.safeParse(codeOf(concept, systems.product)).success !==
    serviceCode.safeParse(codeOf(concept, systems.service)).success,
  'must name a product or a service',
);

export const claim = z
  .strictObject({
    resourceType: z.literal('Claim'),
    id: claimId,
    identifier: z.array(z.strictObject({ system: z.literal(systems.claim), value: claimId })).length(1),
    status: z.literal('active'),
    type: claimTypeConcept,
    use: z.enum(['claim', 'preauthorization']),
    patient: policyReference,
    /** Both are the day of the service, as the instant at which it begins. */
    billablePeriod: z.strictObject({ start: dateTime, end: dateTime }),
    created: dateTime,
    insurer: institutionReference,
    provider: institutionReference,
    priority: code(prioritySystem, z.literal('normal')),
    prescription: named(systems.prescription, z.string().min(1).max(64)).optional(),
    careTeam: z
      .array(
        z.strictObject({
          sequence: z.literal(1),
          provider: named(systems.practitioner, practitionerId),
        }),
      )
      .length(1),
    insurance: z
      .array(
        z.strictObject({
          sequence: z.literal(1),
          focal: z.literal(true),
          coverage: policyReference,
          preAuthRef: z.array(claimId).length(1).optional(),
        }),
      )
      .length(1),
    item: z
      .array(
        z.strictObject({
          sequence: z.int().positive(),
          category: categoryConcept,
          productOrService: billedConcept,
          servicedDate: date,
          quantity: quantity.extend({ value: z.int().min(1).max(1_300_000) }),
          net: money,
        }),
      )
      .min(1)
      .max(mostItems),
    total: money,
  })
  .refine(({ item, total }) => item.reduce((sum, { net }) => sum + amountOf(net), 0) === amountOf(total), {
    path: ['total'],
    error: 'must be the sum of the items',
  })
  .refine(({ item, total }) => item.every(({ net }) => net.currency === total.currency), {
    ...{ path: ['item'], error: 'must be in one currency' },
  })
  .refine(({ item }) => item.every(({ sequence }, index) => sequence === index + 1), {
    ...{ path: ['item'], error: 'must be numbered from 1' },
  })
  .refine(({ id, identifier }) => identifier[0]?.value === id, { path: ['identifier'], error: 'must be the id' })
  .refine(({ patient, insurance }) => insurance[0]?.coverage.identifier.value === patient.identifier.value, {
    ...{ path: ['insurance'], error: 'must be the policy of the patient' },
  });
export type Claim = z.infer<typeof claim>;

/** What is billed for a medicine or a service. */
export interface Billed {
  of: PrescribedProduct | { code: string; name: string } | { concept: z.infer<typeof codeableConcept> };
  /** Whole units. */
  quantity: number;
  unit: string;
  /** For all of the quantity, in minor units. */
  net: number;
}

export interface ClaimDraft {
  id: string;
  use: (typeof claimUses)[number];
  category: BenefitCategory;
  policy: string;
  insurer: { id: string; name?: string };
  provider: { id: string; name?: string };
  practitioner: { id: string; name?: string };
  /** ISO 8601: the beginning of the day, and an instant. */
  servedAt: string;
  created: string;
  currency: string;
  /** `rx-…` */
  prescription?: string;
  preauthorisation?: string;
  items: readonly Billed[];
}

const types: Record<BenefitCategory, z.infer<typeof claimTypeConcept>['coding'][number]['code']> = {
  medicine: 'pharmacy',
  consultation: 'professional',
  diagnostics: 'professional',
  emergency: 'institutional',
  inpatient: 'institutional',
};
export const typeConcept = (category: BenefitCategory) => ({
  coding: [{ system: claimTypeSystem, code: types[category] }],
});
/** Somebody or something by identifier, with the name where there is one. */
export const refer = (system: string, { id, name }: { id: string; name?: string }) => ({
  identifier: { system, value: id },
  ...(name !== undefined && { display: name }),
});
export const conceptOf = (of: Billed['of']) => {
  if ('concept' in of) return of.concept;
  if ('atc' in of) return medicationConcept(of);
  return { coding: [{ system: systems.service, code: of.code, display: of.name }], text: of.name };
};

/** Builds the resource. Throws a ZodError that names the member that is wrong. */
export function buildClaim(draft: ClaimDraft): Claim {
  const { id, category, currency, items, prescription, preauthorisation } = draft;
  const policy = refer(systems.policy, { id: draft.policy });
  return claim.parse({
    resourceType: 'Claim',
    id,
    identifier: [{ system: systems.claim, value: id }],
    status: 'active',
    type: typeConcept(category),
    use: draft.use === 'claim' ? 'claim' : 'preauthorization',
    patient: policy,
    billablePeriod: { start: draft.servedAt, end: draft.servedAt },
    created: draft.created,
    insurer: refer(systems.institution, draft.insurer),
    provider: refer(systems.institution, draft.provider),
    priority: { coding: [{ system: prioritySystem, code: 'normal' }] },
    ...(prescription !== undefined && { prescription: refer(systems.prescription, { id: prescription }) }),
    careTeam: [{ sequence: 1, provider: refer(systems.practitioner, draft.practitioner) }],
    insurance: [
      {
        ...{ sequence: 1, focal: true, coverage: policy },
        ...(preauthorisation !== undefined && { preAuthRef: [preauthorisation] }),
      },
    ],
    item: items.map(({ of, quantity: counted, unit, net }, index) => ({
      sequence: index + 1,
      category: { coding: [{ system: systems.benefitCategory, code: category }] },
      productOrService: conceptOf(of),
      servicedDate: draft.servedAt.slice(0, 10),
      quantity: unitQuantity(counted, unit),
      net: moneyOf(net, currency),
    })),
    total: moneyOf(
      items.reduce((sum, { net }) => sum + net, 0),
      currency,
    ),
  });
}

/** Reads a decrypted claim. Throws `FhirError`. */
export const parseClaim = (bytes: Uint8Array): Claim => parseResource(claim, bytes);
