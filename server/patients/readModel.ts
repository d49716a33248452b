import { sql } from 'drizzle-orm';
import type { Reenrolment, Representation } from '#chaincode/model/patient.ts';
import type { Database } from '../gateways/db/database.ts';
import { reenrolments, representations } from '../gateways/db/schema/care.ts';

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

/** The same of re-enrolments, of which each subject has one at a time. */
export async function projectReenrolments(db: Database, channel: string, entries: Reenrolment[]): Promise<void> {
  for (const entry of entries) {
    const { subject, state, version } = entry;
    const changing = { state, at: new Date(entry.at), dueAt: instantOf(entry.dueAt), version, ledgerState: entry };
    await db
      .insert(reenrolments)
      .values({ subject, channel, ...changing })
      .onConflictDoUpdate({
        target: reenrolments.subject,
        set: changing,
        setWhere: sql`${reenrolments.version} < ${version}`,
      });
  }
}
