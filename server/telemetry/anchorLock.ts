import { asc, inArray } from 'drizzle-orm';
import type { Database } from '../gateways/db/database.ts';
import { telemetryBatches } from '../gateways/db/schema/telemetry.ts';

/** Takes batches for a transaction, in one order whoever does it: the gateway and whoever follows the channel note the same anchor. */
export async function lockBatches(tx: Database, ids: readonly string[]): Promise<void> {
  await tx
    .select({ id: telemetryBatches.id })
    .from(telemetryBatches)
    .where(inArray(telemetryBatches.id, [...ids]))
    .orderBy(asc(telemetryBatches.id))
    .for('update');
}
