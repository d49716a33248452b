import { sql } from 'drizzle-orm';
import type { Representation } from '#chaincode/model/patient.ts';
import type { Database } from '../gateways/db/database.ts';
import { representations } from '../gateways/db/schema/care.ts';

const instantOf = (text: string | undefined) => (text === undefined ? null : new Date(text));

/** Brings the read model to representations of the ledger, an older version changing nothing. */
export async function projectRepresentations(db: Database, channel: string, entries: Representation[]): Promise<void> {
  for (const entry of entries) {
    const { id, patient, representative, state, version } = entry;
    const changing = { state, until: instantOf(entry.until), version, ledgerState: entry };
    await db
      .insert(representations)
      .values({ id, channel, patient, representative, ...changing })
      .onConflictDoUpdate({
        target: representations.id,
        set: changing,
        setWhere: sql`${representations.version} < ${version}`,
      });
  }
}
