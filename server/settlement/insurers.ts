import { type SQL, sql } from 'drizzle-orm';
import { institutionHash } from '#contracts/typedData.ts';
import type { Database } from '../gateways/db/database.ts';
import { claims } from '../gateways/db/schema/claims.ts';

/**
 * A table `(id, hash)` of the insurers of all claims, for a query's `from`: the chain names them by a hash that the database cannot
 * compute. A payment is of a claim by its reference and its insurer, since any insurer may quote for any reference.
 */
export async function insurerHashes(db: Database): Promise<SQL> {
  const known = await db.selectDistinct({ id: claims.insurer }).from(claims);
  const table = known.map(({ id }) => ({ id, hash: institutionHash(id) }));
  return sql`json_to_recordset(${JSON.stringify(table)}::json) as insurer_hashes(id text, hash text)`;
}
