import { decode, encode } from '@ipld/dag-cbor';
import { z } from 'zod';
import { type Bytes, copyBytes, randomBytes } from '#crypto/bytes.ts';
import { AppendLog } from './log.ts';

/** What waits for nobody else: each lane has a stream of numbers of its own, so that an alert goes ahead of a week's readings. */
export const lanes = ['alerts', 'readings', 'digests'] as const;
export type Lane = (typeof lanes)[number];

/** A frame that is not acknowledged. */
export interface Waiting {
  number: number;
  /** As it is sent. */
  bytes: Bytes;
  /** What it was sealed from, so that it can be sealed anew for another epoch. */
  content: Bytes;
}

/** A reading that is on the disk and in no frame. */
export interface Taken {
  sequence: number;
  content: Bytes;
}

interface LaneState {
  /** 8 bytes */
  stream: Bytes;
  next: number;
  waiting: Waiting[];
}

const bytes = z.instanceof(Uint8Array).transform(copyBytes);
const waiting = z
  .tuple([z.int(), bytes, bytes])
  .transform(([number, own, content]) => ({ number, bytes: own, content }));
const lane = z.enum(lanes);
const entry = z.union([
  z.tuple([z.literal('taken'), z.int(), bytes]),
  /** Frames at the end of a lane; readings up to a sequence are in them; what else has come of these readings. */
  z.tuple([z.literal('sealed'), lane, z.array(waiting), z.int().nullable(), bytes.nullable()]),
  z.tuple([z.literal('acknowledged'), lane, z.int()]),
  /** A lane with another stream, and frames in the place of all that waited. */
  z.tuple([z.literal('began'), lane, bytes, z.int(), z.array(waiting)]),
  z.tuple([z.literal('state'), z.int(), bytes.nullable()]),
]);
type Entry = z.infer<typeof entry>;

const streamLength = 8;
/** A log is written anew when it has become this long, and more than twice what it still has to hold. */
const compactBytes = 1024 * 1024;

/**
 * What a device has measured and nobody has yet: readings, and frames until they are acknowledged. All of it is on the disk before
 * anything is answered or sent, so that a frame's number, and with it the nonce under which it is sealed, is never used twice.
 */
export class Outbox {
  private readonly log: AppendLog;
  private readonly lanes = new Map<Lane, LaneState>();
  private sequence = 0;
  /** In order. */
  taken: Taken[] = [];
  /** What the device has made of the readings that are in frames. */
  snapshot: Bytes | undefined;

  private constructor(log: AppendLog) {
    this.log = log;
  }

  /** Opens the outbox in a file, or makes it. */
  static async open(file: string): Promise<Outbox> {
    const { log, entries } = await AppendLog.open(file);
    const outbox = new Outbox(log);
    for (const one of entries) outbox.apply(entry.parse(decode(one)));
    const fresh = lanes.filter((name) => !outbox.lanes.has(name));
    if (fresh.length > 0) {
      await outbox.write(...fresh.map((name): Entry => ['began', name, randomBytes(streamLength), 1, []]));
    }
    return outbox;
  }

  lane(name: Lane): Readonly<LaneState> {
    const state = this.lanes.get(name);
    if (!state) throw new Error(`There is no lane ${name}.`);
    return state;
  }

  /** Keeps readings. */
  async take(contents: readonly Bytes[]): Promise<Taken[]> {
    const own = contents.map((content) => {
      this.sequence += 1;
      return { sequence: this.sequence, content };
    });
    await this.write(...own.map(({ sequence, content }): Entry => ['taken', sequence, content]));
    return own;
  }

  /**
   * Keeps frames, numbered from the lane's `next` on. One caller at a time.
   * @param made `consumed`: readings up to it are in these frames, or need to be in none
   */
  async enclose(
    name: Lane,
    frames: readonly Omit<Waiting, 'number'>[],
    made: { consumed?: number; snapshot?: Bytes } = {},
  ): Promise<void> {
    const { next } = this.lane(name);
    const numbered = frames.map((frame, index) => ({ ...frame, number: next + index }));
    await this.write(['sealed', name, numbered, made.consumed ?? null, made.snapshot ?? null]);
  }

  /** Forgets a lane's frames up to a number. Not flushed: what is sent again is known where it was taken. */
  async acknowledge(name: Lane, upTo: number): Promise<void> {
    await this.write(['acknowledged', name, upTo]);
    await this.compact();
  }

  /** Puts frames of a new stream, numbered from 1, in the place of all that wait in a lane. */
  async begin(name: Lane, stream: Bytes, frames: readonly Omit<Waiting, 'number'>[]): Promise<void> {
    const numbered = frames.map((frame, index) => ({ ...frame, number: 1 + index }));
    await this.write(['began', name, stream, numbered.length + 1, numbered]);
  }

  newStream(): Bytes {
    return randomBytes(streamLength);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private write(...entries: Entry[]): Promise<void> {
    return this.log.append(entries.map(encoded), () => {
      for (const one of entries) this.apply(one);
    });
  }

  private apply(one: Entry): void {
    switch (one[0]) {
      case 'taken': {
        this.sequence = Math.max(this.sequence, one[1]);
        this.taken.push({ sequence: one[1], content: one[2] });
        return;
      }
      case 'sealed': {
        const [, name, frames, consumed, snapshot] = one;
        const state = this.lane(name);
        this.lanes.set(name, { ...state, next: state.next + frames.length, waiting: [...state.waiting, ...frames] });
        if (consumed !== null) this.taken = this.taken.filter(({ sequence }) => sequence > consumed);
        if (snapshot !== null) this.snapshot = snapshot;
        return;
      }
      case 'acknowledged': {
        const [, name, upTo] = one;
        const state = this.lane(name);
        this.lanes.set(name, { ...state, waiting: state.waiting.filter(({ number }) => number > upTo) });
        return;
      }
      case 'began': {
        const [, name, stream, next, frames] = one;
        this.lanes.set(name, { stream, next, waiting: frames });
        return;
      }
      case 'state':
        this.sequence = one[1];
        this.snapshot = one[2] ?? undefined;
    }
  }

  private async compact(): Promise<void> {
    if (this.log.size < compactBytes) return;
    await this.log.replace(() => {
      const state: Entry = ['state', this.sequence, this.snapshot ?? null];
      const own = [...this.lanes].map(([name, one]): Entry => ['began', name, one.stream, one.next, one.waiting]);
      const taken = this.taken.map(({ sequence, content }): Entry => ['taken', sequence, content]);
      const kept = [state, ...own, ...taken].map(encoded);
      return 2 * kept.reduce((sum, { length }) => sum + length, 0) < this.log.size ? kept : undefined;
    });
  }
}

const encoded = (one: Entry): Uint8Array =>
  encode(
    one.map((part) =>
      Array.isArray(part) ? part.map(({ number, bytes: own, content }) => [number, own, content]) : part,
    ),
  );
