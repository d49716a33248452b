import { setTimeout as delay } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { circle as circleShape, earliest, isStale, staleFrom } from '#chaincode/model/circle.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { projectCircles, readCircleEntry } from '../../circles/readModel.ts';
import type { Database } from '../../gateways/db/database.ts';
import { circleEpochs, circleSeats, circles } from '../../gateways/db/schema/circles.ts';
import type { LedgerGateway } from '../../gateways/ledger/ledger.ts';

/** A patient's circle, as far as frames are judged by it. Times in Unix ms. */
interface CircleState {
  /** When each subject's seat ended or will end; `undefined` of one without an end. */
  seats: Map<string, { kind: string; end: number | undefined }>;
  /** By `generation/epoch`, when it ended or became stale. */
  epochs: Map<string, number | undefined>;
}

export interface Placed {
  patient: string;
  device: string;
  generation: number;
  epoch: number;
  /** Of the latest reading, Unix ms. */
  to: number;
}

/** A reading that is so much later than the end of its epoch or seat is not taken; the ledger allows for what was on its way. */
const graceMs = 2 * 60_000;
const askAgainMs = 1_000;
const mostKnown = 50_000;
const unlimited = Number.POSITIVE_INFINITY;

/**
 * Judges frames as the contract will judge their batch, by the read model; where that says no, by the ledger itself, since a device
 * may know of a seat or an epoch before this portal has followed it.
 */
export class CircleBook {
  readonly #stores: { db: Database; ledger: LedgerGateway };
  readonly #known = new Map<string, Promise<CircleState>>();
  /** When each circle was last asked for, or will be at once, and whether there was an answer. */
  readonly #asked = new Map<string, { at: number; answer: Promise<boolean> }>();

  constructor(stores: { db: Database; ledger: LedgerGateway }) {
    this.#stores = stores;
  }

  /** Undefined where a frame that came at `since` (`performance.now()`) may be taken. Throws DATABASE_UNAVAILABLE. */
  async judge(frame: Placed, since: number): Promise<'NO_SEAT' | 'STALE_EPOCH' | undefined> {
    const fault = faultOf(await this.#of(frame.patient), frame);
    if (fault === undefined || !(await this.#askSince(frame.patient, since))) return fault;
    return faultOf(await this.#of(frame.patient), frame);
  }

  /** The kind of a subject's seat that is in force; undefined where there is none. */
  async seatOf(patient: string, subject: string): Promise<string | undefined> {
    const inForce = async () => {
      const seat = (await this.#of(patient)).seats.get(subject);
      return seat !== undefined && Date.now() < (seat.end ?? unlimited) ? seat.kind : undefined;
    };
    return (await inForce()) ?? ((await this.#askSince(patient, performance.now())) ? inForce() : undefined);
  }

  /**
   * Has a circle read from the ledger after `since`, unless that was done; at most once a second, however many want to know. False
   * where nobody answers.
   */
  async #askSince(patient: string, since: number): Promise<boolean> {
    for (;;) {
      const asked = this.#asked.get(patient);
      if (asked !== undefined && asked.at >= since) return asked.answer;
      if (asked !== undefined) await asked.answer.catch(() => false);
      if (this.#asked.get(patient) !== asked) continue;
      if (this.#asked.size >= mostKnown) this.#asked.clear();
      const wait = asked === undefined ? 0 : Math.max(0, asked.at + askAgainMs - performance.now());
      const at = performance.now() + wait;
      const answer = delay(wait).then(() => this.#ask(patient));
      answer.catch(() => undefined);
      this.#asked.set(patient, { at, answer });
    }
  }

  /** Reads a circle from the ledger into the read model. Throws DATABASE_UNAVAILABLE. */
  async #ask(patient: string): Promise<boolean> {
    const { db, ledger } = this.#stores;
    try {
      const channel = `care-${patient.split('-')[1]}`;
      if (!ledger.channels().includes(channel)) return false;
      const entry = await readCircleEntry({ db, ledger }, patient);
      await db.transaction((tx) => projectCircles(tx, channel, [entry]));
    } catch (error) {
      const { code, detail } = asAppError(error);
      if (code === 'DATABASE_UNAVAILABLE') throw error;
      log().info({ code, detail }, 'a circle was not read from the ledger');
      return false;
    }
    this.forget(patient);
    return true;
  }

  /** Forgets one circle, or all: the read model is asked again. */
  forget(patient?: string): void {
    if (patient === undefined) this.#known.clear();
    else this.#known.delete(patient);
  }

  #of(patient: string): Promise<CircleState> {
    const known = this.#known.get(patient);
    if (known !== undefined) return known;
    if (this.#known.size >= mostKnown) this.#known.clear();
    const loading = loadCircle(this.#stores.db, patient);
    this.#known.set(patient, loading);
    loading.catch(() => this.#known.delete(patient));
    return loading;
  }
}

async function loadCircle(db: Database, patient: string): Promise<CircleState> {
  const [seats, epochs, [present]] = await Promise.all([
    db.select().from(circleSeats).where(eq(circleSeats.patient, patient)),
    db.select().from(circleEpochs).where(eq(circleEpochs.patient, patient)),
    db.select({ state: circles.ledgerState }).from(circles).where(eq(circles.patient, patient)),
  ]);
  const ends = new Map(
    epochs.map(({ generation, epoch, until, staleSince }) => {
      const end = earliest(until?.toISOString(), staleSince?.toISOString());
      return [`${generation}/${epoch}`, end === undefined ? undefined : Date.parse(end)];
    }),
  );
  if (present !== undefined) {
    const state = circleShape.parse(present.state);
    const from = staleFrom(state);
    ends.set(`${state.generation}/${state.epoch}`, from === undefined ? undefined : Date.parse(from));
  }
  return {
    seats: new Map(
      seats.map(({ subject, kind, state, until, endedAt }) => [
        subject,
        { kind, end: (state === 'active' ? until : endedAt)?.getTime() },
      ]),
    ),
    epochs: ends,
  };
}

function faultOf({ seats, epochs }: CircleState, { device, generation, epoch, to }: Placed) {
  const seat = seats.get(device);
  if (seat === undefined || to > (seat.end ?? unlimited) + graceMs) return 'NO_SEAT';
  const place = `${generation}/${epoch}`;
  if (!epochs.has(place) || to > (epochs.get(place) ?? unlimited) + graceMs) return 'STALE_EPOCH';
  return undefined;
}

/** Whether nothing may be sealed under a circle's epoch now, by what is followed of the ledgers. */
export function isStaleNow(state: unknown, suspended: ReadonlySet<string>): boolean {
  const parsed = circleShape.parse(state);
  return isStale(parsed, new Date()) || parsed.leaves.some(({ subject }) => suspended.has(subject));
}
