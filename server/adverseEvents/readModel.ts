import { sql } from 'drizzle-orm';
import type { AdverseReport } from '#chaincode/model/adverseReport.ts';
import type { Database } from '../gateways/db/database.ts';
import { adverseReports } from '../gateways/db/schema/adverseEvents.ts';

/** Brings the read model to reports of the ledger; an older version changes nothing. */
export async function projectReports(db: Database, channel: string, reports: readonly AdverseReport[]): Promise<void> {
  for (const report of reports) {
    const { id, reporter, to, state, version, messages } = report;
    const changing = { state, version, ledgerState: report };
    await db
      .insert(adverseReports)
      .values({ id, channel, reporter: reporter.id, to, at: new Date(messages[0]?.at ?? 0), ...changing })
      .onConflictDoUpdate({
        target: adverseReports.id,
        set: changing,
        setWhere: sql`${adverseReports.version} < ${version}`,
      });
  }
}
