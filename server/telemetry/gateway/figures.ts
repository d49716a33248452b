import { sql } from 'drizzle-orm';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Database } from '../../gateways/db/database.ts';
import { telemetryDevices, telemetryRefusals } from '../../gateways/db/schema/telemetry.ts';
import type { DeviceStatus } from './protocol.ts';

/** What was seen of a device since it was last written down. */
interface Seen {
  lastSeen: Date;
  battery?: number;
  firmware?: string;
  pending?: number;
  skewMs?: number;
  skewed: number;
  frames: number;
  readings: number;
  bytes: number;
}

/** A clock that is further off is told of. */
export const skewedMs = 5 * 60_000;
const writeEveryMs = 2_000;
/** Different devices and codes of refusals between two times of writing; further ones count as of `unknown`. */
const mostRefusers = 5_000;

/** Gathers what the gateway sees of devices and refuses, and writes it down from time to time. Counts are for people: a kill loses seconds of them. */
export class Figures {
  readonly #db: Database;
  #seen = new Map<string, Seen>();
  #refused = new Map<string, { device: string; code: string; count: number; at: Date }>();
  /** Since the process began. */
  readonly totals = { frames: 0, readings: 0, bytes: 0, known: 0, refused: new Map<string, number>() };

  constructor(db: Database) {
    this.#db = db;
  }

  /** Frames of a device that were taken, with the time of its newest reading. */
  took(device: string, taken: { frames: number; readings: number; bytes: number; known: number }): void {
    const seen = this.#of(device);
    seen.frames += taken.frames;
    seen.readings += taken.readings;
    seen.bytes += taken.bytes;
    this.totals.frames += taken.frames;
    this.totals.readings += taken.readings;
    this.totals.bytes += taken.bytes;
    this.totals.known += taken.known;
  }

  /** What a device says of itself, and what that says of its clock. */
  told(device: string, { battery, firmware, at, pending }: DeviceStatus): void {
    Object.assign(this.#of(device), { firmware, pending, ...(battery !== undefined && { battery }) });
    this.clock(device, at - Date.now());
  }

  /** By how much a device's clock is ahead. */
  clock(device: string, skewMs: number): void {
    const seen = this.#of(device);
    seen.skewMs = Math.round(skewMs);
    if (Math.abs(skewMs) > skewedMs) seen.skewed += 1;
  }

  /** Something that was refused; `unknown` where nobody knows whose it was. */
  refuse(device: string, code: string, count = 1): void {
    this.totals.refused.set(code, (this.totals.refused.get(code) ?? 0) + count);
    const whose = this.#refused.size < mostRefusers ? device : 'unknown';
    const key = `${whose}/${code}`;
    const before = this.#refused.get(key)?.count ?? 0;
    this.#refused.set(key, { device: whose, code, count: before + count, at: new Date() });
  }

  /** Writes down what was gathered. Throws DATABASE_UNAVAILABLE, and then keeps it. */
  async write(): Promise<void> {
    const [seen, refused] = [this.#seen, this.#refused];
    this.#seen = new Map();
    this.#refused = new Map();
    try {
      await this.#db.transaction(async (tx) => {
        await writeSeen(tx, seen);
        const rows = [...refused.values()];
        if (rows.length === 0) return;
        await tx
          .insert(telemetryRefusals)
          .values(rows)
          .onConflictDoUpdate({
            target: [telemetryRefusals.device, telemetryRefusals.code],
            set: { count: sql`${telemetryRefusals.count} + excluded.count`, at: sql`excluded.at` },
          });
      });
    } catch (error) {
      // What came meanwhile is newer; counts are added up.
      for (const [device, before] of seen) {
        const now = this.#seen.get(device);
        this.#seen.set(device, now === undefined ? before : sumOf(before, now));
      }
      for (const [key, before] of refused) {
        const now = this.#refused.get(key);
        this.#refused.set(key, now === undefined ? before : { ...now, count: now.count + before.count });
      }
      throw error;
    }
  }

  /** Writes every two seconds until `signal` aborts, and a last time then. */
  async run(signal: AbortSignal): Promise<void> {
    const attempt = () =>
      this.write().catch((error) => {
        log().warn({ detail: asAppError(error).detail }, 'figures of devices were not written');
      });
    while (!signal.aborted) {
      await pause(writeEveryMs, signal);
      await attempt();
    }
  }

  #of(device: string): Seen {
    const seen = this.#seen.get(device) ?? { lastSeen: new Date(), skewed: 0, frames: 0, readings: 0, bytes: 0 };
    seen.lastSeen = new Date();
    this.#seen.set(device, seen);
    return seen;
  }
}

function sumOf(before: Seen, now: Seen): Seen {
  return {
    ...before,
    ...now,
    skewed: before.skewed + now.skewed,
    frames: before.frames + now.frames,
    readings: before.readings + now.readings,
    bytes: before.bytes + now.bytes,
  };
}

async function writeSeen(tx: Database, seen: ReadonlyMap<string, Seen>): Promise<void> {
  const all = [...seen].map(([device, row]) => ({ device, ...row }));
  const added = (name: 'skewed' | 'frames' | 'readings' | 'bytes') =>
    sql`${telemetryDevices[name]} + excluded.${sql.identifier(name)}`;
  const kept = (name: 'battery' | 'firmware' | 'pending' | 'skewMs', column: string) =>
    sql`coalesce(excluded.${sql.identifier(column)}, ${telemetryDevices[name]})`;
  for (let at = 0; at < all.length; at += 1_000) {
    await tx
      .insert(telemetryDevices)
      .values(all.slice(at, at + 1_000))
      .onConflictDoUpdate({
        target: telemetryDevices.device,
        set: {
          lastSeen: sql`excluded.last_seen`,
          battery: kept('battery', 'battery'),
          firmware: kept('firmware', 'firmware'),
          pending: kept('pending', 'pending'),
          skewMs: kept('skewMs', 'skew_ms'),
          skewed: added('skewed'),
          frames: added('frames'),
          readings: added('readings'),
          bytes: added('bytes'),
        },
      });
  }
}
