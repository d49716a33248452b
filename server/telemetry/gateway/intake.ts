import { decode } from '@ipld/dag-cbor';
import { z } from 'zod';
import { asAppError } from '#server/errors.ts';
import { pause } from '#server/pause.ts';
import type { Backlog } from './backlog.ts';
import { checkFrame, isRefusal, type Sender } from './check.ts';
import type { CircleBook } from './circleBook.ts';
import type { Figures } from './figures.ts';
import { type FramesAnswer, mostFramesInPacket, mostPacketBytes, type Refusal } from './protocol.ts';
import type { Rates } from './rates.ts';
import type { CheckedFrame, FrameWriter, Written } from './writer.ts';

/** A device sends faster than it may although it is made to wait: its connection is ended. */
export class Flooding extends Error {
  override readonly name = 'Flooding';
}

const packetShape = z.array(z.instanceof(Uint8Array)).min(1).max(mostFramesInPacket);

interface Parts {
  writer: FrameWriter;
  book: CircleBook;
  rates: Rates;
  backlog: Backlog;
  figures: Figures;
  /** Packets of one device that may wait for their turn, by however many connections they came. */
  mostOpen: number;
  signal: AbortSignal;
}

/**
 * Takes packets of frames, however they come. Whoever sent a packet is answered when every frame of it is on disk, was there before,
 * or is refused, and waits meanwhile: for its own share of time, for room, and for the database.
 */
export class Intake {
  readonly #parts: Parts;
  /** Packets of one device are looked at in the order in which they came. */
  readonly #turns = new Map<string, { last: Promise<unknown>; open: number }>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws `Flooding`, and only where the process stops anything else. */
  async take(sender: Sender, payload: Uint8Array): Promise<FramesAnswer> {
    const turns = this.#turns.get(sender.id) ?? { last: Promise.resolve(), open: 0 };
    if (turns.open >= this.#parts.mostOpen) throw this.#flooding(sender.id);
    this.#turns.set(sender.id, turns);
    turns.open += 1;
    const own = turns.last.then(() => this.#take(sender, payload));
    turns.last = own.catch(() => undefined);
    try {
      return await own;
    } finally {
      turns.open -= 1;
      if (turns.open === 0) this.#turns.delete(sender.id);
    }
  }

  #flooding(device: string): Flooding {
    this.#parts.figures.refuse(device, 'FLOODING');
    return new Flooding(device);
  }

  async #take(sender: Sender, payload: Uint8Array): Promise<FramesAnswer> {
    const { rates, backlog, signal } = this.#parts;
    const frames = framesIn(payload);
    const share = rates.take(sender.id, { frames: frames?.length ?? 1, bytes: payload.length });
    if (share === 'flooding') throw this.#flooding(sender.id);
    if (share > 0) await pause(share, signal);
    if (frames === undefined) {
      const code = payload.length > mostPacketBytes ? 'TOO_LARGE' : 'MALFORMED';
      return this.#answer(sender.id, [], [{ code }]);
    }
    await backlog.room(signal);
    return this.#takeFrames(sender, frames);
  }

  /** Whoever says something else counts as if it were a frame. Throws `Flooding`. */
  count(device: string, bytes: number): void {
    if (this.#parts.rates.take(device, { frames: 1, bytes }) === 'flooding') throw this.#flooding(device);
  }

  async #takeFrames(sender: Sender, frames: readonly Uint8Array[]): Promise<FramesAnswer> {
    const { book, writer, figures } = this.#parts;
    const came = { now: Date.now(), since: performance.now() };
    const refused: Refusal[] = [];
    const checked: CheckedFrame[] = [];
    for (const bytes of frames) {
      const said = await this.#insist(() => checkFrame(bytes, sender, book, came));
      if (!isRefusal(said)) {
        checked.push(said);
        continue;
      }
      refused.push(said);
      if (said.code === 'BAD_TIME') figures.clock(sender.id, clockOf(bytes) ?? 0);
    }
    const written = checked.length === 0 ? [] : await writer.write(checked);
    const taken: CheckedFrame[] = [];
    let known = 0;
    for (const [index, frame] of checked.entries()) {
      const said: Written = written[index] ?? 'known';
      if (said === 'taken') taken.push(frame);
      else if (said === 'known') known += 1;
      else refused.push({ code: said, stream: frame.stream, number: frame.number });
    }
    return this.#answer(sender.id, taken, refused, known);
  }

  #answer(device: string, taken: readonly CheckedFrame[], refused: Refusal[], known = 0): FramesAnswer {
    const { figures, backlog } = this.#parts;
    const readings = taken.reduce((sum, frame) => sum + frame.readings, 0);
    const bytes = taken.reduce((sum, frame) => sum + frame.bytes.length, 0);
    figures.took(device, { frames: taken.length, readings, bytes, known });
    for (const { code } of refused) figures.refuse(device, code);
    backlog.add(taken.length);
    return { taken: taken.length, known, refused, at: Date.now() };
  }

  /** Asks again while the database is away. */
  async #insist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (this.#parts.signal.aborted || asAppError(error).code !== 'DATABASE_UNAVAILABLE') throw error;
        await pause(500, this.#parts.signal);
      }
    }
  }
}

function framesIn(payload: Uint8Array): Uint8Array[] | undefined {
  if (payload.length > mostPacketBytes) return undefined;
  try {
    return packetShape.safeParse(decode(payload)).data;
  } catch {
    return undefined;
  }
}

const timed = z.looseObject({ t: z.int().nonnegative() });

/** By how much the newest reading of a frame is ahead of this clock. */
function clockOf(bytes: Uint8Array): number | undefined {
  const frame = timed.safeParse(decode(bytes)).data;
  return frame && frame.t - Date.now();
}
