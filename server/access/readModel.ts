import { sql } from 'drizzle-orm';
import type { Access, Emergency } from '#chaincode/model/access.ts';
import type { Database } from '../gateways/db/database.ts';
import { accesses, emergencies } from '../gateways/db/schema/care.ts';

/** A reading, with the transaction that proves it. */
export type ProvedAccess = Access & { transactionId: string; blockNumber: number };

/** Adds readings, which never change. */
export async function projectAccesses(db: Database, channel: string, entries: ProvedAccess[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = entries.map(({ at, until, institution = null, emergency = null, ...entry }) => ({
    ...entry,
    ...{ channel, institution, emergency, at: new Date(at), until: new Date(until) },
  }));
  await db.insert(accesses).values(rows).onConflictDoNothing();
}

/** Brings the read model to emergencies of the ledger, an older version changing nothing. */
export async function projectEmergencies(db: Database, channel: string, entries: Emergency[]): Promise<void> {
  for (const entry of entries) {
    const { id, patient, actor, institution, version } = entry;
    const changing = {
      until: new Date(entry.until),
      outcome: entry.review?.outcome ?? null,
      version,
      ledgerState: entry,
    };
    await db
      .insert(emergencies)
      .values({ id, channel, patient, actor, institution, at: new Date(entry.at), ...changing })
      .onConflictDoUpdate({
        target: emergencies.id,
        set: changing,
        setWhere: sql`${emergencies.version} < ${version}`,
      });
  }
}
