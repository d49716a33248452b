import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Part } from '#epcis/bundles.ts';
import { channelsOf, notePacking, partOf, type Splittable, splittable, thingsOf } from '#epcis/split.ts';
import type { Portal } from '#server/portal.ts';
import { captureEvents } from '../../gateways/db/schema/epcis.ts';
import type { Job } from './jobs.ts';
import { whereabouts } from './whereabouts.ts';

/** What of an event of a job goes to one channel. */
export interface Piece extends Part {
  jobId: string;
  position: number;
}

/**
 * The pieces of jobs, in order. To which channels an event goes is decided once and written down before the first is sent, since
 * it hangs on what the ledgers have then: a container that an event empties is nowhere afterwards.
 */
export async function planJobs(portal: Pick<Portal, 'db' | 'ledger'>, jobs: readonly Job[]): Promise<Piece[]> {
  const ids = jobs.map(({ id }) => id);
  const rows = await portal.db
    .select()
    .from(captureEvents)
    .where(and(inArray(captureEvents.jobId, ids), isNotNull(captureEvents.body)))
    .orderBy(asc(captureEvents.position));
  const packed = new Map<string, Set<string>>();
  const where = whereabouts(portal.ledger, jobs[0]?.mspId ?? '', packed);
  const pieces: Piece[] = [];
  const decided: { jobId: string; position: number; channels: string[] }[] = [];
  for (const id of ids) {
    for (const { jobId, position, body, channels: known } of rows.filter((row) => row.jobId === id)) {
      const event = splittable.parse(JSON.parse(body ?? 'null'));
      const channels = known ?? (await channelsOf(event, where));
      if (known === null) decided.push({ jobId, position, channels });
      for (const channel of channels) {
        const part = await partOf(event, channel, channels, where);
        pieces.push({ jobId, position, channel, text: textOf(part, event, body), names: thingsOf(part).length + 1 });
      }
      notePacking(event, channels, packed);
    }
  }
  if (decided.length > 0) {
    await portal.db.execute(sql`
      update ${captureEvents} set channels = said.channels
      from jsonb_to_recordset(${JSON.stringify(decided)}::jsonb) as said("jobId" text, position integer, channels jsonb)
      where ${eq(captureEvents.jobId, sql`said."jobId"`)} and ${eq(captureEvents.position, sql`said.position`)}`);
  }
  return pieces;
}

/** The text as it was written down, where nothing of it was left out. */
const textOf = (part: Splittable, event: Splittable, body: string | null): string =>
  part === event && body !== null ? body : JSON.stringify(part);
