import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Database } from '../../gateways/db/database.ts';
import { telemetryFrames } from '../../gateways/db/schema/telemetry.ts';

const everyMs = 10 * 60_000;
const mostAtOnce = 5_000;

/** Takes sealed readings out of the database that were anchored so many hours ago: they lie on IPFS. Answers how many. */
export async function forgetFrames(db: Database, hours: number): Promise<number> {
  const old = db
    .select({ seq: telemetryFrames.seq })
    .from(telemetryFrames)
    .where(
      and(
        eq(telemetryFrames.kind, 'readings'),
        lt(telemetryFrames.anchoredAt, sql`now() - ${hours} * interval '1 hour'`),
      ),
    )
    .limit(mostAtOnce);
  const gone = await db.delete(telemetryFrames).where(inArray(telemetryFrames.seq, old));
  return gone.rowCount ?? 0;
}

/** Does so until `signal` aborts. */
export async function runRetention(db: Database, hours: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await forgetFrames(db, hours)) === mostAtOnce);
    } catch (error) {
      log().warn({ detail: asAppError(error).detail }, 'anchored frames stay longer');
    }
    await pause(everyMs, signal);
  }
}
