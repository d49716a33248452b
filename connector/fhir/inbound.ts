import { z } from 'zod';
import { careId, practitionerId } from '#chaincode/model/identifiers.ts';
import { systems } from '#fhir/coding.ts';
import { elementPath, reasonOf } from '#fhir/r4/resource.ts';
import type { KeptIdentifier } from './kept.ts';
import { FhirRefusal, type Issue, refuse } from './refusal.ts';

/** Reading what an institution's software sends. */

/** Checks a body against a type's shape: 400 with an issue for each element that is wrong. */
export function checkBody<Schema extends z.ZodType>(type: string, schema: Schema, body: unknown): z.output<Schema> {
  const sent = z.looseObject({ resourceType: z.string() }).safeParse(body);
  if (!sent.success || sent.data.resourceType !== type) throw refuse(400, 'structure', `the body is no ${type}`, type);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).map(
    (issue): Issue => ({
      code: issue.code === 'invalid_type' ? 'structure' : 'value',
      diagnostics: reasonOf(issue),
      expression: elementPath(type, issue.path),
    }),
  );
  throw new FhirRefusal(400, issues);
}

const notKept = 'Medloom would not keep this element';

/**
 * Refuses members that would be lost on the way: what is signed for a patient is what was sent, or nothing. Ids, narrative and
 * `meta` are the sender's own and are not kept.
 */
export function requireKnownMembers(type: string, sent: object, known: readonly string[]): void {
  const own = ['resourceType', 'id', 'meta', 'text', 'language', 'implicitRules', ...known];
  const others = Object.keys(sent).filter((name) => !own.includes(name));
  if (others.length === 0) return;
  throw new FhirRefusal(
    422,
    others.slice(0, 20).map((name) => ({
      code: 'not-supported',
      diagnostics: notKept,
      expression: `${type}.${name}`,
    })),
  );
}

/**
 * What is inside of an element, likewise: nothing that the shape has not, and all of it right. 422 with an issue for each.
 * @param at the element's path
 */
export function readExactly<Schema extends z.ZodType>(at: string, schema: Schema, sent: unknown): z.output<Schema> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue): Issue[] => {
    const expression = elementPath(at, issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ code: 'value', diagnostics: reasonOf(issue), expression }];
    return issue.keys.map((name) => ({
      ...{ code: 'not-supported', diagnostics: notKept, expression: `${expression}.${name.slice(0, 64)}` },
    }));
  });
  throw new FhirRefusal(422, issues.slice(0, 20));
}

export const unprocessable = (expression: string, diagnostics: string, code: Issue['code'] = 'value'): FhirRefusal =>
  refuse(422, code, diagnostics, expression);

/** A number of whom the ledger knows, by the system of the identifier. */
const named = { practitioner: practitionerId, pseudonym: careId('pt') } as const;

/** The practitioner whom a reference names by identifier. */
export function practitionerOf(reference: unknown, expression: string): string {
  const shape = z.looseObject({
    identifier: z.looseObject({ system: z.literal(systems.practitioner), value: named.practitioner }),
  });
  const parsed = shape.safeParse(reference);
  if (parsed.success) return parsed.data.identifier.value;
  throw unprocessable(expression, `must name a practitioner by an identifier of the system ${systems.practitioner}`);
}

/** The words of a reference. */
export function displayOf(reference: unknown, expression: string): string {
  const parsed = z.looseObject({ display: z.string().trim().min(1).max(160) }).safeParse(reference);
  if (parsed.success) return parsed.data.display;
  throw unprocessable(expression, 'must give the name', 'required');
}

/** The pseudonym among identifiers; undefined where there is none. */
export function pseudonymOf(identifiers: readonly unknown[]): string | undefined {
  const shape = z.looseObject({ system: z.literal(systems.pseudonym), value: named.pseudonym });
  for (const one of identifiers) {
    const parsed = shape.safeParse(one);
    if (parsed.success) return parsed.data.value;
  }
  return undefined;
}

/** Business identifiers that the software gave, by which it finds the resource again; Medloom's own are not the software's to give. */
export function ownIdentifiers(identifiers: readonly unknown[] | undefined, type: string): KeptIdentifier[] {
  const shape = z.looseObject({ system: z.string().max(200).optional(), value: z.string().min(1).max(128) });
  return (identifiers ?? []).map((one, index) => {
    const parsed = shape.safeParse(one);
    const expression = `${type}.identifier[${index}]`;
    if (!parsed.success) throw unprocessable(expression, 'must have a value of at most 128 characters');
    const { system, value } = parsed.data;
    if (system?.startsWith('urn:medloom:')) throw unprocessable(expression, 'this system is Medloom’s own');
    return { ...(system !== undefined && { system }), value };
  });
}

/** The id of the resource of a type that a reference names, of this server. */
export function referredId(reference: string | undefined, type: string, base: string): string | undefined {
  if (reference === undefined) return undefined;
  const relative = reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  return new RegExp(`^${type}/([A-Za-z0-9.-]{1,64})$`).exec(relative)?.[1];
}
