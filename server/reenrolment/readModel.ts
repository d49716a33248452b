import { sql } from 'drizzle-orm';
import type { Reenrolment } from '#chaincode/model/patient.ts';
import type { Database } from '../gateways/db/database.ts';
import { reenrolments } from '../gateways/db/schema/care.ts';

/**
 * Brings the read model to re-enrolments of a channel, of which each subject has one at a time; an older version changes
 * nothing.
 */
export async function projectReenrolments(db: Database, channel: string, entries: Reenrolment[]): Promise<void> {
  for (const entry of entries) {
    const { subject, state, version } = entry;
    const changing = {
      state,
      at: new Date(entry.at),
      dueAt: entry.dueAt === undefined ? null : new Date(entry.dueAt),
      version,
      ledgerState: entry,
    };
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
