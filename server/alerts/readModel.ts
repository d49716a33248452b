import { sql } from 'drizzle-orm';
import type { Alert } from '#chaincode/model/alert.ts';
import type { Database } from '../gateways/db/database.ts';
import { alerts } from '../gateways/db/schema/circles.ts';
import { tellChange } from '../telemetry/changes.ts';

/** Brings the read model to alerts of the ledger, an older version changing nothing, and tells of those that are news. */
export async function projectAlerts(db: Database, channel: string, entries: readonly Alert[]): Promise<void> {
  for (const entry of entries) {
    const { id, patient, device, level, state, at, raisedAt, escalateAfter, version } = entry;
    const dueAt = new Date(Date.parse(raisedAt) + escalateAfter * 1000);
    const changing = { state, version, ledgerState: entry };
    const changed = await db
      .insert(alerts)
      .values({ id, channel, patient, device, level, at: new Date(at), dueAt, ...changing })
      .onConflictDoUpdate({ target: alerts.id, set: changing, setWhere: sql`${alerts.version} < ${version}` })
      .returning({ id: alerts.id });
    if (changed.length > 0) await tellChange(db, { about: 'alert', patient, id });
  }
}
