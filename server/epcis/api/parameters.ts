import { z } from 'zod';
import { EpcisException } from './exception.ts';
import type { FamilyMember, NameFamily, Operation } from './operation.ts';

/** Bounds that everything in a query has. */
export const longestAddress = 8_000;
const longestText = 1_024;
const mostValues = 100;

/** One text of a query; NUL is in no text of the database. */
export const word = z
  .string()
  .min(1)
  .max(longestText)
  .regex(/^[^\0]*$/, 'must not hold NUL');

/** Values separated by `|`, as the standard writes a list in an address; in the body of a named query a JSON list. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split('|') : value),
    z.array(item).min(1).max(mostValues).describe('Values separated by |'),
  );
export const words = listOf(word);

/** ISO 8601 with an offset. */
export const instant = z.iso.datetime({ offset: true }).max(40);

/** A whole or decimal number, written in an address or as JSON. */
const asNumber = (value: unknown) =>
  typeof value === 'string' && /^-?[0-9]{1,15}(\.[0-9]{1,15})?$/.test(value) ? Number(value) : value;
export const decimal = z.preprocess(asNumber, z.number());
export const whole = (min: number, max: number) => z.preprocess(asNumber, z.int().min(min).max(max));
export const truth = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean(),
);

/** How much of a list is answered at once, and from where on. */
export const paging = {
  perPage: whole(1, 1_000).optional().describe('The most entries of one answer; 30 where it is absent'),
  nextPageToken: z.string().min(1).max(2_000).optional().describe('From the Link header of the page before'),
};

/** Parsed parameters by name, and those of families. */
export interface Parameters {
  query: Record<string, unknown>;
  families: FamilyMember[];
}

/**
 * Reads the parameters of an address. A name that is unknown or stands twice, and a value that is none, are told as the
 * standard has it. Throws URITooLongException, QueryParameterException.
 */
export function readAddress(address: URL, { query, families }: Pick<Operation, 'query' | 'families'>): Parameters {
  if (address.pathname.length + address.search.length > longestAddress) {
    throw new EpcisException('URITooLongException', `An address has at most ${longestAddress} characters.`);
  }
  const given: Record<string, unknown> = {};
  for (const [name, value] of address.searchParams) {
    if (Object.hasOwn(given, name)) throw fault(name, 'stands twice');
    given[name] = value;
  }
  return readParameters(given, query, families ?? []);
}

/** Reads parameters by name, of an address or of a named query. */
export function readParameters(
  given: Readonly<Record<string, unknown>>,
  schema: z.ZodObject,
  families: readonly NameFamily[],
): Parameters {
  const own: Record<string, unknown> = {};
  const members: FamilyMember[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(schema.shape, name)) own[name] = value;
    else members.push(memberOf(name, value, families));
  }
  const parsed = schema.safeParse(own);
  if (parsed.success) return { query: parsed.data, families: members };
  const [issue] = parsed.error.issues;
  throw fault(String(issue?.path[0] ?? ''), issue?.message ?? 'is not valid');
}

function memberOf(name: string, value: unknown, families: readonly NameFamily[]): FamilyMember {
  for (const family of families) {
    const match = family.pattern.exec(name);
    if (match === null) continue;
    const parsed = family.schema.safeParse(value);
    if (!parsed.success) throw fault(name, parsed.error.issues[0]?.message ?? 'is not valid');
    return { family, parts: match.slice(1), value: parsed.data };
  }
  throw fault(name, 'is no parameter here');
}

/** QueryParameterException about one parameter. */
export function fault(name: string, what: string): EpcisException {
  return new EpcisException('QueryParameterException', `${name.slice(0, 100)}: ${what}`);
}
