import { and, eq, gt, inArray, like, lte, ne, sql } from 'drizzle-orm';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Database } from '../../gateways/db/database.ts';
import { circleSeats, circles, devices, plans } from '../../gateways/db/schema/circles.ts';
import { people } from '../../gateways/db/schema/people.ts';
import { isStaleNow } from './circleBook.ts';
import type { Messenger } from './messenger.ts';
import { type CirclesNote, circlesTopic } from './protocol.ts';

/** Where each circle stands in which a device has a seat now, by what is followed of the ledgers. */
export async function circlesNoteOf(db: Database, device: string): Promise<CirclesNote> {
  const rows = await db
    .select({
      patient: circleSeats.patient,
      until: circleSeats.until,
      state: circles.ledgerState,
      generation: circles.generation,
      epoch: circles.epoch,
      planVersion: plans.version,
    })
    .from(circleSeats)
    .leftJoin(circles, eq(circles.patient, circleSeats.patient))
    .leftJoin(plans, eq(plans.patient, circleSeats.patient))
    .where(and(eq(circleSeats.subject, device), eq(circleSeats.state, 'active')))
    .orderBy(circleSeats.patient);
  const inForce = rows.filter(({ until }) => until === null || until.getTime() > Date.now());
  const suspended = await suspendedIn(
    db,
    inForce.flatMap(({ state }) => leavesIn(state)),
  );
  return {
    circles: inForce.map(({ patient, state, generation, epoch, planVersion }) => ({
      ...{ patient, generation: generation ?? 0, epoch: epoch ?? 0, planVersion: planVersion ?? 0 },
      stale: state !== null && isStaleNow(state, suspended),
    })),
  };
}

/** Subjects of the leaves of a circle's state. */
function leavesIn(state: unknown): string[] {
  if (typeof state !== 'object' || state === null || !('leaves' in state) || !Array.isArray(state.leaves)) return [];
  return state.leaves.flatMap((leaf: unknown) =>
    typeof leaf === 'object' && leaf !== null && 'subject' in leaf && typeof leaf.subject === 'string'
      ? [leaf.subject]
      : [],
  );
}

/** Those of some subjects who may not act now. */
async function suspendedIn(db: Database, subjects: string[]): Promise<Set<string>> {
  if (subjects.length === 0) return new Set();
  const [equipment, staff] = await Promise.all([
    db
      .select({ id: devices.id })
      .from(devices)
      .where(and(inArray(devices.id, subjects), ne(devices.status, 'active'))),
    db
      .select({ id: people.subjectId })
      .from(people)
      .where(and(inArray(people.subjectId, subjects), ne(people.status, 'active'))),
  ]);
  return new Set([...equipment, ...staff].map(({ id }) => id));
}

const sweepEveryMs = 30_000;

/** Tells devices where their circles stand: when they come, when something changes, and when a seat has run out. */
export class Notes {
  readonly #db: Database;
  readonly #messenger: () => Messenger;
  /** What each device was told last. */
  readonly #told = new Map<string, string>();
  /** One note after the other of each device, so that the newest is the one that stays with the broker. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor(db: Database, messenger: () => Messenger) {
    this.#db = db;
    this.#messenger = messenger;
  }

  /** Tells one device, though it may have been told before. */
  async tell(device: string): Promise<void> {
    await this.#tell(device, true);
  }

  /** Tells every device that has or had a seat with a patient. */
  async tellCircle(patient: string): Promise<void> {
    const rows = await this.#db
      .select({ device: circleSeats.subject })
      .from(circleSeats)
      .where(and(eq(circleSeats.patient, patient), like(circleSeats.subject, 'dev-%')));
    for (const { device } of rows) await this.#tell(device, false);
  }

  /** Tells everybody who shares a circle with somebody whose standing has changed. */
  async tellAbout(subject: string): Promise<void> {
    const rows = await this.#db
      .select({ patient: circleSeats.patient })
      .from(circleSeats)
      .where(eq(circleSeats.subject, subject));
    for (const { patient } of rows) await this.tellCircle(patient);
  }

  /** Tells all devices with a seat, for a broker that keeps what is told for those who come later. */
  async tellAll(): Promise<void> {
    const rows = await this.#db
      .selectDistinct({ device: circleSeats.subject })
      .from(circleSeats)
      .where(like(circleSeats.subject, 'dev-%'));
    for (const { device } of rows) await this.#tell(device, false);
  }

  /** Looks from time to time whose seat has ended by time alone, until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    for (let since = new Date(); !signal.aborted; await pause(sweepEveryMs, signal)) {
      try {
        const now = new Date();
        for (const patient of await this.#endedBetween(since, now)) await this.tellCircle(patient);
        since = now;
      } catch (error) {
        log().warn({ detail: asAppError(error).detail }, 'devices were not told of seats that have ended');
      }
    }
  }

  async #endedBetween(since: Date, now: Date): Promise<string[]> {
    const end = sql`(${circles.ledgerState} ->> 'seatsEnd')::timestamptz`;
    const [seats, present] = await Promise.all([
      this.#db
        .selectDistinct({ patient: circleSeats.patient })
        .from(circleSeats)
        .where(and(gt(circleSeats.until, since), lte(circleSeats.until, now))),
      this.#db.select({ patient: circles.patient }).from(circles).where(sql`${end} > ${since} and ${end} <= ${now}`),
    ]);
    return [...new Set([...seats, ...present].map(({ patient }) => patient))];
  }

  #tell(device: string, again: boolean): Promise<void> {
    const turn = (this.#turns.get(device) ?? Promise.resolve()).then(() => this.#tellNow(device, again));
    const end = turn
      .catch(() => undefined)
      .then(() => {
        if (this.#turns.get(device) === end) this.#turns.delete(device);
      });
    this.#turns.set(device, end);
    return turn;
  }

  async #tellNow(device: string, again: boolean): Promise<void> {
    const text = JSON.stringify(await circlesNoteOf(this.#db, device));
    if (!again && this.#told.get(device) === text) return;
    await this.#messenger().publish(circlesTopic(device), text, { retain: true });
    this.#told.set(device, text);
  }
}
