import { z } from 'zod';
import { planId } from '#chaincode/model/plan.ts';
import { type PolicyState, policyId } from '#chaincode/model/policy.ts';
import { institutionReference, policyReference, refer } from './claim.ts';
import { dateTime, shortText, systems } from './coding.ts';
import { parseResource } from './parse.ts';

const classSystem = 'http://terminology.hl7.org/CodeSystem/coverage-class';

/** FHIR R4 Coverage (http://hl7.org/fhir/R4/coverage.html) of a policy, as Medloom writes it: the member by the policy's id alone. */
export const coverage = z.strictObject({
  resourceType: z.literal('Coverage'),
  id: policyId,
  identifier: z.array(z.strictObject({ system: z.literal(systems.policy), value: policyId })).length(1),
  status: z.enum(['active', 'cancelled', 'draft']),
  beneficiary: policyReference,
  period: z.strictObject({ start: dateTime, end: dateTime.optional() }).optional(),
  payor: z.array(institutionReference).length(1),
  class: z
    .array(
      z.strictObject({
        type: z.strictObject({
          coding: z.array(z.strictObject({ system: z.literal(classSystem), code: z.literal('plan') })).length(1),
        }),
        value: planId,
        name: shortText.optional(),
      }),
    )
    .length(1),
});
export type Coverage = z.infer<typeof coverage>;

const statuses: Record<PolicyState, Coverage['status']> = {
  applied: 'draft',
  active: 'active',
  refused: 'cancelled',
  ended: 'cancelled',
};

export function buildCoverage(of: {
  policy: string;
  state: PolicyState;
  /** ISO 8601 instants. */
  from?: string | undefined;
  until?: string | undefined;
  insurer: { id: string; name?: string };
  plan: { id: string; name?: string };
}): Coverage {
  return coverage.parse({
    resourceType: 'Coverage',
    id: of.policy,
    identifier: [{ system: systems.policy, value: of.policy }],
    status: statuses[of.state],
    beneficiary: refer(systems.policy, { id: of.policy }),
    ...(of.from !== undefined && { period: { start: of.from, ...(of.until !== undefined && { end: of.until }) } }),
    payor: [refer(systems.institution, of.insurer)],
    class: [
      {
        ...{ type: { coding: [{ system: classSystem, code: 'plan' }] }, value: of.plan.id },
        ...(of.plan.name !== undefined && { name: of.plan.name }),
      },
    ],
  });
}

/** Throws `FhirError`. */
export const parseCoverage = (bytes: Uint8Array): Coverage => parseResource(coverage, bytes);
