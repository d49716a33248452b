import { and, inArray, sql } from 'drizzle-orm';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Database } from '../../gateways/db/database.ts';
import { telemetryFrames, telemetryStreams } from '../../gateways/db/schema/telemetry.ts';
import { mostToldAtOnce, tellChange } from '../changes.ts';

/** A frame that has passed every check but that of its number. */
export type CheckedFrame = Omit<
  typeof telemetryFrames.$inferInsert,
  'seq' | 'receivedAt' | 'batchId' | 'anchoredAt' | 'raisedAt'
>;

/** What became of a frame; only `taken` and `known` are on disk. */
export type Written = 'taken' | 'known' | 'GAP' | 'REPLAY' | 'STREAM_CLOSED';

interface Waiting {
  frames: CheckedFrame[];
  done: (written: Written[]) => void;
  fail: (reason: Error) => void;
}

/** Frames of one transaction: enough that many devices share one wait for the disk, and within PostgreSQL's parameters. */
const mostTogether = 1_000;
const retryMs = 500;

/** How far a stream was taken. */
interface Reached {
  last: number;
  closed: boolean;
  /** Whose readings it has: a stream is of one patient. Absent of one that has not begun. */
  patient?: string;
}

const streamOf = ({ device, stream }: { device: string; stream: string }) => `${device}/${stream}`;

/**
 * Brings frames to the disk, many in one transaction, in the order in which they came. Whoever waits is told after the commit, and
 * waits as long as the database is away. Of each stream the numbers rise by one from 1 on; what PostgreSQL has of a stream is
 * checked in the same transaction, so that a second process at the same database cannot take a frame twice.
 */
export class FrameWriter {
  readonly #db: Database;
  readonly #signal: AbortSignal;
  readonly #streams = new Map<string, Reached>();
  #queue: Waiting[] = [];
  #working: Promise<void> | undefined;
  /** Told of frames that are on disk now. */
  readonly #onTaken: (frames: CheckedFrame[]) => void;

  readonly #mostKnown: number;

  /** `mostKnown`: streams of which is kept how far they are. */
  constructor(
    db: Database,
    signal: AbortSignal,
    onTaken: (frames: CheckedFrame[]) => void = () => {},
    mostKnown = 200_000,
  ) {
    this.#db = db;
    this.#signal = signal;
    this.#onTaken = onTaken;
    this.#mostKnown = mostKnown;
  }

  /** Resolves once all of them are decided and what is taken is on disk; rejects only when the process stops. */
  write(frames: CheckedFrame[]): Promise<Written[]> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ frames, done: resolve, fail: reject });
      this.#working ??= this.#work();
    });
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    await this.#working;
  }

  /** Forgets what it knows of streams, which another process may have closed. */
  forget(): void {
    this.#streams.clear();
  }

  async #work(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const group: Waiting[] = [];
        for (let frames = 0; this.#queue.length > 0; ) {
          const next = this.#queue[0];
          if (next === undefined || (group.length > 0 && frames + next.frames.length > mostTogether)) break;
          group.push(next);
          frames += next.frames.length;
          this.#queue.shift();
        }
        const all = group.flatMap(({ frames }) => frames);
        const written = await this.#persist(all);
        if (written === undefined) {
          for (const { fail } of group) fail(new Error('the gateway stops'));
          continue;
        }
        let at = 0;
        for (const { frames, done } of group) {
          done(written.slice(at, at + frames.length));
          at += frames.length;
        }
        const taken = all.filter((_, index) => written[index] === 'taken');
        if (taken.length > 0) this.#onTaken(taken);
      }
    } finally {
      // At once: who was told of these frames may have brought others already, and a later end would leave them lying.
      this.#working = undefined;
    }
  }

  /** Undefined where the process stops. */
  async #persist(frames: CheckedFrame[]): Promise<Written[] | undefined> {
    while (!this.#signal.aborted) {
      try {
        await this.#learn(frames);
        const plan = planOf(this.#streams, frames);
        await this.#commit(plan);
        return await this.#tellReplays(frames, plan.written);
      } catch (error) {
        const { code, detail } = asAppError(error);
        log().warn({ code, detail, frames: frames.length }, 'frames wait for the database');
        await pause(retryMs, this.#signal);
      }
      // What became of a transaction whose answer was lost is read from the streams.
      for (const frame of frames) this.#streams.delete(streamOf(frame));
    }
    return undefined;
  }

  /** Reads how far streams are that this process has not seen. */
  async #learn(frames: CheckedFrame[]): Promise<void> {
    if (this.#streams.size > this.#mostKnown) this.#streams.clear();
    const unknown = new Map(frames.filter((frame) => !this.#streams.has(streamOf(frame))).map((f) => [streamOf(f), f]));
    if (unknown.size === 0) return;
    const wanted = [...unknown.values()];
    const rows = await this.#db
      .select()
      .from(telemetryStreams)
      .where(
        and(
          inArray(telemetryStreams.device, [...new Set(wanted.map(({ device }) => device))]),
          inArray(telemetryStreams.stream, [...new Set(wanted.map(({ stream }) => stream))]),
        ),
      );
    for (const key of unknown.keys()) this.#streams.set(key, { last: 0, closed: false });
    for (const row of rows) {
      const { last, closed, patient } = row;
      this.#streams.set(streamOf(row), { last, closed: closed !== null, patient });
    }
  }

  /** Throws CONFLICT where a stream is elsewhere than was thought. */
  async #commit({ streams, taken }: Plan): Promise<void> {
    if (taken.length === 0) return;
    const begun = streams.filter(({ before }) => before === 0);
    const on = streams.filter(({ before }) => before > 0);
    await this.#db.transaction(async (tx) => {
      let rows = 0;
      if (begun.length > 0) {
        const values = begun.map(({ device, stream, patient, last }) => ({ device, stream, patient, last }));
        const made = await tx
          .insert(telemetryStreams)
          .values(values)
          .onConflictDoNothing()
          .returning({ device: telemetryStreams.device });
        rows += made.length;
      }
      if (on.length > 0) {
        const set = await tx.execute(sql`
          update ${telemetryStreams} set last = moved.last
          from jsonb_to_recordset(${JSON.stringify(on)}::jsonb)
            as moved(device text, stream text, patient text, before bigint, last bigint)
          where ${telemetryStreams.device} = moved.device and ${telemetryStreams.stream} = moved.stream
            and ${telemetryStreams.last} = moved.before and ${telemetryStreams.patient} = moved.patient
            and ${telemetryStreams.closed} is null`);
        rows += set.rowCount ?? 0;
      }
      if (rows < streams.length) throw new AppError('CONFLICT', 'another process has moved a stream');
      // Places are given out in the order in which they are to be seen: whoever has read up to one looks no further back.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext('medloom:frames'))`);
      for (let at = 0; at < taken.length; at += mostTogether)
        await tx.insert(telemetryFrames).values(taken.slice(at, at + mostTogether));
      for (const of of toldOf(taken)) await tellChange(tx, { about: 'frames', of });
    });
    for (const { device, stream, last, patient } of streams)
      this.#streams.set(`${device}/${stream}`, { last, closed: false, patient });
  }

  /** A frame with a number that is taken is the same one sent again, or another one that pretends to be it. */
  async #tellReplays(frames: CheckedFrame[], written: Written[]): Promise<Written[]> {
    const known = frames.filter((_, index) => written[index] === 'known');
    if (known.length === 0) return written;
    const asked = JSON.stringify(known.map(({ device, stream, number }) => ({ device, stream, number })));
    const rows = await this.#db
      .select({
        device: telemetryFrames.device,
        stream: telemetryFrames.stream,
        number: telemetryFrames.number,
        hash: telemetryFrames.hash,
      })
      .from(telemetryFrames)
      .where(
        sql`(${telemetryFrames.device}, ${telemetryFrames.stream}, ${telemetryFrames.number}) in (
          select device, stream, number
          from jsonb_to_recordset(${asked}::jsonb) as asked(device text, stream text, number bigint))`,
      );
    const hashes = new Map(rows.map((row) => [`${streamOf(row)}/${row.number}`, row.hash]));
    return written.map((said, index) => {
      const frame = frames[index];
      const here = frame && hashes.get(`${streamOf(frame)}/${frame.number}`);
      return said === 'known' && here !== undefined && here !== frame?.hash ? 'REPLAY' : said;
    });
  }
}

interface Moved {
  device: string;
  stream: string;
  patient: string;
  before: number;
  last: number;
}

interface Plan {
  written: Written[];
  taken: CheckedFrame[];
  /** How far streams get by it. */
  streams: Moved[];
}

/** What becomes of frames in their order, as streams stand. Throws CONFLICT where one was forgotten meanwhile. */
function planOf(streams: ReadonlyMap<string, Reached>, frames: readonly CheckedFrame[]): Plan {
  const moved = new Map<string, Moved>();
  const taken: CheckedFrame[] = [];
  const written = frames.map((frame): Written => {
    const key = streamOf(frame);
    const reached = streams.get(key);
    if (reached === undefined) throw new AppError('CONFLICT', `${key} has to be looked up again`);
    const { last, patient: whose } = moved.get(key) ?? reached;
    if (frame.number <= last) return 'known';
    if (reached.closed || (whose !== undefined && whose !== frame.patient)) return 'STREAM_CLOSED';
    if (frame.number > last + 1) return 'GAP';
    const { device, stream, patient } = frame;
    moved.set(key, { device, stream, patient, before: reached.last, last: frame.number });
    taken.push(frame);
    return 'taken';
  });
  return { written, taken, streams: [...moved.values()] };
}

/** Whose frames came, how many of which kind, as much as one notification tells. */
function toldOf(taken: readonly CheckedFrame[]): [string, string, number][][] {
  const counts = new Map<string, [string, string, number]>();
  for (const { patient, kind } of taken) {
    const key = `${patient}/${kind}`;
    counts.set(key, [patient, kind, (counts.get(key)?.[2] ?? 0) + 1]);
  }
  const all = [...counts.values()];
  return Array.from({ length: Math.ceil(all.length / mostToldAtOnce) }, (_, page) =>
    all.slice(page * mostToldAtOnce, (page + 1) * mostToldAtOnce),
  );
}
