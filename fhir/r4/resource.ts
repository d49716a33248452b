import type { z } from 'zod';
import { allergyIntolerance } from './allergyIntolerance.ts';
import { condition } from './condition.ts';
import { diagnosticReport } from './diagnosticReport.ts';
import { documentReference } from './documentReference.ts';
import { encounter } from './encounter.ts';
import { immunization } from './immunization.ts';
import { medicationRequest } from './medicationRequest.ts';
import { medicationStatement } from './medicationStatement.ts';
import { observation } from './observation.ts';
import { patient } from './patient.ts';
import { procedure } from './procedure.ts';

/** Resources that a record keeps. */
const schemas = {
  Patient: patient,
  AllergyIntolerance: allergyIntolerance,
  Condition: condition,
  Observation: observation,
  Immunization: immunization,
  MedicationStatement: medicationStatement,
  MedicationRequest: medicationRequest,
  DiagnosticReport: diagnosticReport,
  DocumentReference: documentReference,
  Encounter: encounter,
  Procedure: procedure,
} as const;
export type ResourceType = keyof typeof schemas;
export type RecordResource = { [Type in ResourceType]: z.infer<(typeof schemas)[Type]> }[ResourceType];
export const resourceTypes: readonly string[] = Object.keys(schemas);
export const isResourceType = (type: string): type is ResourceType => Object.hasOwn(schemas, type);

/** What is wrong with a resource: where, as FHIRPath writes it, and in words without its contents. */
export interface ResourceIssue {
  /** For example `Observation.component[0].valueQuantity.system` */
  path: string;
  reason: string;
}
export type Checked = { ok: true; resource: RecordResource } | { ok: false; issues: ResourceIssue[] };

/** Checks a resource that came from somewhere. Members that are not known stay as they are. */
export function checkResource(value: unknown): Checked {
  const type = typeof value === 'object' && value !== null && 'resourceType' in value ? value.resourceType : undefined;
  if (typeof type !== 'string')
    return refused([{ path: 'resourceType', reason: 'must name the type of the resource' }]);
  if (!isResourceType(type))
    return refused([{ path: 'resourceType', reason: `a record keeps no ${type.slice(0, 64)}` }]);
  const parsed = schemas[type].safeParse(value);
  if (parsed.success) return { ok: true, resource: parsed.data };
  return refused(
    parsed.error.issues.map((issue) => ({ path: elementPath(type, issue.path), reason: reasonOf(issue) })),
  );
}
const refused = (issues: ResourceIssue[]): Checked => ({ ok: false, issues });

/** What is wrong with an element, in words. */
export function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input')) return issue.message;
  return issue.message.endsWith('received undefined') ? 'must be given' : `must be of type ${issue.expected}`;
}

/** `Patient.name[0].given` */
export function elementPath(type: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((at, key) => (typeof key === 'number' ? `${at}[${key}]` : `${at}.${String(key)}`), type);
}
