import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
import { captureEvents } from '../../gateways/db/schema/epcis.ts';
import type { Job } from './jobs.ts';
import { channelsOf, notePacking, partOf, type Splittable, splittable, thingsOf } from './split.ts';
import { whereabouts } from './whereabouts.ts';

/** What of an event goes to one channel. */
export interface Piece {
  jobId: string;
  position: number;
  channel: string;
  /** JSON */
  text: string;
  /** EPCs and classes that it names, a parent included. */
  names: number;
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

const mostEvents = 500;
const mostNames = 5_000;
const mostBytes = 1_900_000;

/** Pieces as they can go at once, one transaction for each channel; the order of a channel's pieces stays. */
export function bundlesOf(pieces: readonly Piece[]): Piece[][] {
  const bundles: Piece[][] = [];
  let sizes = new Map<string, { events: number; names: number; bytes: number }>();
  for (const piece of pieces) {
    const bytes = Buffer.byteLength(piece.text) + 1;
    const size = sizes.get(piece.channel) ?? { events: 0, names: 0, bytes: 0 };
    const next = { events: size.events + 1, names: size.names + piece.names, bytes: size.bytes + bytes };
    const fits = next.events <= mostEvents && next.names <= mostNames && next.bytes <= mostBytes;
    if (fits && bundles.length > 0) sizes.set(piece.channel, next);
    else {
      bundles.push([]);
      sizes = new Map([[piece.channel, { events: 1, names: piece.names, bytes }]]);
    }
    bundles.at(-1)?.push(piece);
  }
  return bundles;
}
