import { toHex } from '#crypto/bytes.ts';
import { mostFramesInPacket, type Refusal } from '#server/telemetry/gateway/protocol.ts';
import { type Lane, lanes, type Outbox, type Waiting } from './outbox.ts';
import type { CircleNote, Connect, Sent, Transport } from './transport.ts';

/** Bytes of frames that go in one packet, unless the first alone is longer; the gateway takes 256 KiB. */
const packetBytes = 192 * 1024;

/** A frame that the gateway did not take, nor any later one of its lane. */
export interface RefusedFrame {
  code: Refusal['code'];
  number: number;
  /** Time of the gateway's clock, in Unix ms. */
  at?: number;
}

export interface DeliveryOptions {
  outbox: Outbox;
  connect: Connect;
  noted(circles: CircleNote[]): void;
  /** Called with each new connection. */
  connected(transport: Transport): void;
  /**
   * What becomes of frames that were not taken: `again` where other frames are in the outbox by now, `later` where they may be
   * taken another time.
   */
  refused(lane: Lane, refusal: RefusedFrame): Promise<'again' | 'later'>;
  /** Told why a connection did not come about or was given up. */
  failed?(error: unknown): void;
  /** Milliseconds until the next try to connect, after so many that failed. */
  backoff?(failures: number): number;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** At first a second, then up to a minute, and any part of that: devices that were cut off together do not come back together. */
export const jittered = (failures: number): number => Math.random() * Math.min(60_000, 1_000 * 2 ** failures);
const laterMs = 30_000;

/**
 * Brings an outbox's frames to the gateway, each lane in its order and one packet of it at a time, and forgets what was taken. A
 * packet whose answer was lost is sent again as it was: the gateway knows a frame by its number.
 */
export class Delivery {
  private readonly options: DeliveryOptions;
  private readonly wakers = new Map<Lane, () => void>();

  constructor(options: DeliveryOptions) {
    this.options = options;
  }

  /** Connects, sends, and connects again, until it is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { connect, noted, connected, pause, backoff = jittered } = this.options;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const transport = await this.tryToConnect(connect, noted);
      if (transport !== undefined) {
        const since = Date.now();
        connected(transport);
        await this.serve(transport, signal);
        // One that is cut off at once is no success.
        if (Date.now() - since > 10_000) failures = 0;
      }
      if (!signal.aborted) await pause(backoff(failures), signal);
    }
  }

  private async tryToConnect(connect: Connect, noted: DeliveryOptions['noted']): Promise<Transport | undefined> {
    try {
      return await connect(noted);
    } catch (error) {
      this.options.failed?.(error);
      return undefined;
    }
  }

  /** More waits in a lane, or what was refused may be taken now. */
  wake(...woken: Lane[]): void {
    for (const lane of woken.length > 0 ? woken : lanes) this.wakers.get(lane)?.();
  }

  private async serve(transport: Transport, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const end = () => {
      over.abort();
      transport.close();
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const give = (error: unknown) => {
      this.options.failed?.(error);
      end();
    };
    const pumps = lanes.map((lane) => this.pump(lane, transport, over.signal).catch(give));
    await transport.over;
    over.abort();
    await Promise.all(pumps);
    signal.removeEventListener('abort', end);
  }

  private async pump(lane: Lane, transport: Transport, over: AbortSignal): Promise<void> {
    const { outbox, refused } = this.options;
    while (!over.aborted) {
      const { stream, waiting } = outbox.lane(lane);
      const packet = packetOf(waiting);
      const last = packet.at(-1);
      if (last === undefined) {
        await this.woken(lane, over);
        continue;
      }
      const sent = packet.map(({ bytes }) => bytes);
      const own = firstOf(await transport.send(toHex(stream), sent), last.number);
      await outbox.acknowledge(lane, own === undefined ? last.number : own.number - 1);
      if (own !== undefined && (await refused(lane, own)) === 'later') await this.woken(lane, over, laterMs);
    }
  }

  private woken(lane: Lane, over: AbortSignal, atMost?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = atMost === undefined ? undefined : setTimeout(() => done(), atMost);
      const done = () => {
        clearTimeout(timer);
        over.removeEventListener('abort', done);
        this.wakers.delete(lane);
        resolve();
      };
      over.addEventListener('abort', done, { once: true });
      this.wakers.set(lane, done);
      if (over.aborted) done();
    });
  }
}

/**
 * The first of those that were not taken. One that could not be read has no number: it is the one before the first that leaves a
 * gap, or the last.
 */
function firstOf({ refused, at }: Sent, last: number): RefusedFrame | undefined {
  const [first] = refused
    .flatMap(({ code, number }) => (number === undefined ? [] : [{ code, number }]))
    .sort((one, other) => one.number - other.number);
  const unread = refused.find(({ number }) => number === undefined);
  const found = unread ? { code: unread.code, number: first === undefined ? last : first.number - 1 } : first;
  return found && { ...found, ...(at !== undefined && { at }) };
}

function packetOf(waiting: readonly Waiting[]): Waiting[] {
  let size = 0;
  const end = waiting.findIndex(({ bytes }, index) => {
    size += bytes.length + 4;
    return index >= mostFramesInPacket || (size > packetBytes && index > 0);
  });
  return waiting.slice(0, end < 0 ? waiting.length : end);
}
