import { and, asc, count, eq, gt } from 'drizzle-orm';
import { z } from 'zod';
import type { Portal } from '#server/portal.ts';
import { isUniqueViolation } from '../../gateways/db/database.ts';
import { namedQueries } from '../../gateways/db/schema/epcis.ts';
import { EpcisException } from '../api/exception.ts';
import { readParameters } from '../api/parameters.ts';
import type { PartnerClient } from '../client.ts';
import { type Question, querySchema } from './events.ts';
import { families } from './families.ts';
import type { Pager } from './page.ts';

/** Queries that an institution's systems keep under a name (EPCIS 2.0, section 12.7). */

const mostQueries = 100;
const longestQuery = 20_000;

export const queryName = z.string().regex(/^[A-Za-z0-9._~-]{1,80}$/);
export const namedQuery = z.object({
  name: queryName,
  query: z
    .record(z.string().max(300), z.unknown())
    .describe('Parameters of the simple event query, lists as JSON lists'),
});
export type NamedQuery = z.infer<typeof namedQuery>;

/** Keeps a query. Throws QueryParameterException, ResourceAlreadyExistsException. */
export async function keepQuery(
  { db }: Pick<Portal, 'db'>,
  { institutionId }: PartnerClient,
  { name, query }: NamedQuery,
): Promise<void> {
  if (JSON.stringify(query).length > longestQuery) {
    throw new EpcisException('QueryTooComplexException', `A query has at most ${longestQuery} characters.`);
  }
  readParameters(query, querySchema, families);
  const [kept] = await db
    .select({ queries: count() })
    .from(namedQueries)
    .where(eq(namedQueries.institutionId, institutionId));
  if ((kept?.queries ?? 0) >= mostQueries) {
    throw new EpcisException('QueryTooComplexException', `An institution keeps at most ${mostQueries} queries.`);
  }
  try {
    await db.insert(namedQueries).values({ institutionId, name, query });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new EpcisException('ResourceAlreadyExistsException', `There is a query ${name} already.`);
  }
}

/** Throws NoSuchNameException. */
export async function readQuery(
  { db }: Pick<Portal, 'db'>,
  { institutionId }: PartnerClient,
  name: string,
): Promise<NamedQuery> {
  const [row] = await db
    .select()
    .from(namedQueries)
    .where(and(eq(namedQueries.institutionId, institutionId), eq(namedQueries.name, name)));
  if (row === undefined) throw new EpcisException('NoSuchNameException', `There is no query ${name}.`);
  return { name: row.name, query: row.query };
}

/** What a kept query asks. */
export function questionOf({ query }: NamedQuery): Question {
  return readParameters(query, querySchema, families);
}

/** One page of the institution's queries, by name. */
export async function listQueries(
  { db }: Pick<Portal, 'db'>,
  { institutionId }: PartnerClient,
  pager: Pager,
): Promise<{ queries: NamedQuery[]; headers: Record<string, string> }> {
  const [after] = pager.start?.after ?? [];
  const rows = await db
    .select({ name: namedQueries.name, query: namedQueries.query })
    .from(namedQueries)
    .where(
      and(
        eq(namedQueries.institutionId, institutionId),
        after === undefined ? undefined : gt(namedQueries.name, after),
      ),
    )
    .orderBy(asc(namedQueries.name))
    .limit(pager.perPage + 1);
  const queries = rows.slice(0, pager.perPage);
  const last = queries.at(-1);
  const before = (pager.start?.before ?? 0) + queries.length;
  return { queries, headers: rows.length > queries.length && last ? pager.next({ after: [last.name], before }) : {} };
}

/** Forgets a query. Throws NoSuchNameException. */
export async function dropQuery(
  { db }: Pick<Portal, 'db'>,
  { institutionId }: PartnerClient,
  name: string,
): Promise<void> {
  const gone = await db
    .delete(namedQueries)
    .where(and(eq(namedQueries.institutionId, institutionId), eq(namedQueries.name, name)))
    .returning({ name: namedQueries.name });
  if (gone.length === 0) throw new EpcisException('NoSuchNameException', `There is no query ${name}.`);
}
