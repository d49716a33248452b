import { z } from 'zod';
import type { Category } from '#chaincode/model/category.ts';
import { newSafetySalt } from '#crypto/safety.ts';
import { digest } from '#fhir/chart/digest.ts';
import { firstScreen } from '#fhir/chart/screen.ts';
import type { DoseInstruction } from '#fhir/dosage.ts';
import type { MedicationRequest as R4MedicationRequest } from '#fhir/r4/medicationRequest.ts';
import { checkResource } from '#fhir/r4/resource.ts';
import type { Identified } from '#fhir/record.ts';
import { type SafetyRecord, safetyRuleSystem } from '#fhir/safety.ts';
import type { Product } from '#formulary/product.ts';
import { type Finding, keyOf } from '#safety/finding.ts';
import { subjectOf } from '#safety/fromChart.ts';
import { type Reasons, recordOf, unanswered } from '#safety/record.ts';
import { checkBy, localSource } from '#safety/source.ts';
import type { Person } from '#safety/subject.ts';
import { unprocessable } from './inbound.ts';
import { FhirRefusal, type Issue } from './refusal.ts';

/**
 * The clinical check of what an institution's software prescribes: over what the software sends of the patient. The patient's
 * record is for people of the institution, whose keys are not here, so that the check always says that it was not read.
 */

const at = 'MedicationRequest.contained';
const factTypes = ['AllergyIntolerance', 'MedicationStatement', 'Condition', 'Observation'] as const;
const mostFacts = 200;

/** Why the doctor prescribes all the same: an answer to one finding, or to each that a rule makes. */
interface Mitigation {
  rule: string;
  /** In what of the patient it was found; absent: in whatever. */
  evidence?: string;
  reason: string;
}

/** What the software tells of the patient. */
export interface Told {
  facts: Identified[];
  mitigations: Mitigation[];
}

const mitigated = z.looseObject({
  id: z.string(),
  identifier: z.tuple([z.looseObject({ system: z.literal(safetyRuleSystem), value: z.string().min(1).max(128) })]),
  evidence: z.tuple([z.looseObject({ code: z.tuple([z.looseObject({ text: z.string().max(2000) })]) })]).optional(),
  mitigation: z.tuple([z.looseObject({ action: z.looseObject({ text: z.string().trim().min(3).max(2000) }) })]),
});

/** Contained resources besides the patient, each of which must be referred to. */
export function toldIn({ contained = [] }: R4MedicationRequest, references: readonly string[]): Told {
  const told: Told = { facts: [], mitigations: [] };
  if (contained.length > mostFacts) throw unprocessable(at, `may be at most ${mostFacts}`);
  for (const [index, resource] of contained.entries()) {
    const { resourceType, id } = resource;
    const path = `${at}[${index}]`;
    if (resourceType === 'Patient') continue;
    if (typeof id !== 'string' || !references.includes(`#${id}`)) {
      throw unprocessable(path, 'must be referred to, by supportingInformation or detectedIssue', 'invariant');
    }
    if (resourceType === 'DetectedIssue') told.mitigations.push(mitigationIn(resource, path));
    else told.facts.push(factIn(resource, path));
  }
  return told;
}

function mitigationIn(resource: unknown, path: string): Mitigation {
  const parsed = mitigated.safeParse(resource);
  if (!parsed.success) {
    throw unprocessable(path, `must have one identifier (${safetyRuleSystem}) and one mitigation with a reason`);
  }
  const { identifier, evidence, mitigation } = parsed.data;
  return {
    ...{ rule: identifier[0].value, reason: mitigation[0].action.text },
    ...(evidence && { evidence: evidence[0].code[0].text }),
  };
}

function factIn(resource: { resourceType: string }, path: string): Identified {
  if (!factTypes.some((type) => type === resource.resourceType)) {
    throw unprocessable(path, `must be one of ${factTypes.join(', ')}, or a DetectedIssue`, 'not-supported');
  }
  const checked = checkResource(resource);
  if (!checked.ok) {
    const [issue] = checked.issues;
    throw unprocessable(`${path}.${issue?.path ?? ''}`, issue?.reason ?? 'is malformed');
  }
  const { id } = checked.resource;
  if (id === undefined) throw unprocessable(`${path}.id`, 'must be given', 'required');
  return { ...checked.resource, id };
}

/** Parts of the record that a check asks for. */
const unread: readonly Category[] = ['clinical', 'medication', 'results'];

/** What a prescription keeps of the check. Refuses (422) what is serious and has no reason, with every such finding. */
export async function checkOrder(
  { person, product, dose }: { person: Person; product: Product; dose: DoseInstruction },
  { facts, mitigations }: Told,
  now: Date,
): Promise<SafetyRecord> {
  const instant = now.toISOString();
  const added = facts.map((resource) => digest(resource, { document: 'sent', at: instant }));
  const screen = firstScreen([{ category: 'clinical', added, removed: [] }]);
  const hidden = unread.map((category) => ({ category, why: 'failed' as const }));
  const subject = subjectOf(person, { screen, hidden, incomplete: false }, instant);
  const check = await checkBy(localSource, subject, { product, dose, at: instant });
  const reasons = reasonsFor(check.findings, mitigations);
  const open = unanswered(check, reasons);
  if (open.length > 0) throw new FhirRefusal(422, open.map(issueOf));
  return recordOf(check, { reasons, stated: [], at: instant, salt: newSafetySalt() });
}

const reasonsFor = (findings: readonly Finding[], mitigations: readonly Mitigation[]): Reasons =>
  Object.fromEntries(
    findings.flatMap((finding) => {
      const { rule, evidence } = finding;
      const answer = mitigations.find((one) => one.rule === rule && (one.evidence ?? evidence) === evidence);
      return answer ? [[keyOf(finding), answer.reason]] : [];
    }),
  );

const issueOf = ({ rule, title, explanation, evidence }: Finding): Issue => ({
  ...{ code: 'business-rule', expression: 'MedicationRequest.detectedIssue' },
  diagnostics: `${explanation} (${evidence})`,
  rule: { code: rule, title },
});

/** What was found and answered, and what could not be checked, as warnings. */
export const warningsOf = ({ findings, unknown }: SafetyRecord): Issue[] => [
  ...findings.map((finding) => ({ ...issueOf(finding), severity: 'warning' as const })),
  ...unknown.map(({ what, why, detail }) => ({
    ...{ severity: 'warning' as const, code: 'incomplete' as const },
    diagnostics: `not checked: ${what}, ${why}${detail === undefined ? '' : ` (${detail})`}`,
  })),
];
