import { elementPath, type ResourceIssue } from '../r4/resource.ts';
import type { ReferenceMap, SourceEntry } from './references.ts';

/** No resource of this world is nested deeper. */
const deepest = 40;

export interface Rewritten {
  resource: Record<string, unknown>;
  issues: ResourceIssue[];
}

/**
 * Makes of a resource of a Bundle one of the record: references lead to resources of the record, to the patient by pseudonym, or
 * name who is meant. The given resource stays as it is.
 */
export function rewrite(entry: SourceEntry, references: ReferenceMap, patient: string): Rewritten {
  const { type, resource } = entry;
  const issues: ResourceIssue[] = [];
  const contained = containedIds(resource);
  const visit = (value: unknown, path: PropertyKey[]): unknown => {
    if (path.length > deepest) {
      issues.push({ path: elementPath(type, path.slice(0, 3)), reason: 'is nested too deeply' });
      return null;
    }
    if (Array.isArray(value)) return value.map((each, at) => visit(each, [...path, at]));
    if (!isObject(value)) return value;
    const members = Object.entries(value).map(([key, member]) => [key, visit(member, [...path, key])]);
    const copy: Record<string, unknown> = Object.fromEntries(members);
    if (typeof copy.reference !== 'string') return copy;
    if (copy.reference.startsWith('#')) {
      if (contained.has(copy.reference.slice(1))) return copy;
      issues.push({
        path: elementPath(type, [...path, 'reference']),
        reason: 'must be one of the contained resources (ref-1)',
      });
      return copy;
    }
    const target = references.resolve(copy.reference);
    if (target === undefined) return copy;
    if (target.kind === 'stranger') {
      issues.push({ path: elementPath(type, [...path, 'reference']), reason: 'is about another patient' });
      return copy;
    }
    const { reference: _, ...rest } = copy;
    if (target.kind === 'patient') return { ...rest, reference: `Patient/${patient}` };
    if (target.kind === 'kept') return { ...rest, reference: target.reference };
    const { display, identifier } = target;
    return {
      ...(identifier === undefined ? {} : { identifier }),
      ...(display === undefined ? {} : { display }),
      ...rest,
      ...(rest.display === undefined &&
      display === undefined &&
      identifier === undefined &&
      rest.identifier === undefined
        ? { display: 'not named' }
        : {}),
    };
  };
  const rewritten = visit(resource, []);
  if (!isObject(rewritten)) return { resource, issues };
  return { resource: withMedication(withPatient(rewritten, type, patient), resource, references), issues };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function containedIds({ contained }: Record<string, unknown>): Set<unknown> {
  return new Set([
    '',
    ...(Array.isArray(contained) ? contained : []).map((each: unknown) => isObject(each) && each.id),
  ]);
}

/** Types that need not say whose they are. */
const subjectOptional = new Set(['Encounter', 'DocumentReference']);
function withPatient(resource: Record<string, unknown>, type: string, patient: string): Record<string, unknown> {
  if (!subjectOptional.has(type) || resource.subject !== undefined) return resource;
  return { ...resource, subject: { reference: `Patient/${patient}` } };
}

/** A medicine that was a resource of its own stands in what refers to it. */
function withMedication(
  rewritten: Record<string, unknown>,
  { medicationReference }: Record<string, unknown>,
  references: ReferenceMap,
): Record<string, unknown> {
  if (!isObject(medicationReference) || typeof medicationReference.reference !== 'string') return rewritten;
  const target = references.resolve(medicationReference.reference);
  if (target?.kind !== 'named' || target.medication === undefined) return rewritten;
  const { medicationReference: _, ...rest } = rewritten;
  return { ...rest, medicationCodeableConcept: target.medication };
}
