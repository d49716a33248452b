import { eq, type SQL, sql } from 'drizzle-orm';
import { institutionHash } from '#contracts/typedData.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { claims } from '../gateways/db/schema/claims.ts';
import { institutions } from '../gateways/db/schema/people.ts';

/**
 * A table `(id, hash)` of the insurers of all claims, for a query's `from`: the chain names them by a hash that the database cannot
 * compute. A payment is of a claim by its reference and its insurer, since any insurer may quote for any reference.
 */
export async function insurerHashes(db: Database): Promise<SQL> {
  const known = await db.selectDistinct({ id: claims.insurer }).from(claims);
  const table = known.map(({ id }) => ({ id, hash: institutionHash(id) }));
  return sql`json_to_recordset(${JSON.stringify(table)}::json) as insurer_hashes(id text, hash text)`;
}

/** Names of all insurers that are known here, by hash: a quote may be of one that has no claim. */
export async function insurerNames({ db }: Pick<Portal, 'db'>): Promise<Map<string, string>> {
  const { id, name, kind } = institutions;
  const rows = await db.select({ id, name }).from(institutions).where(eq(kind, 'insurer'));
  return new Map(rows.map((row) => [institutionHash(row.id), row.name]));
}
