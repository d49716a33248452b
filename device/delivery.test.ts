import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toHex, utf8 } from '#crypto/bytes.ts';
import type { Refusal } from '#server/telemetry/gateway/protocol.ts';
import { Delivery, type RefusedFrame } from './delivery.ts';
import { Outbox } from './outbox.ts';
import { GatewayLost, type Sent, type Transport } from './transport.ts';

/** A gateway that keeps frames by what is written on them, and loses connections when it is told to. */
class StandIn {
  readonly kept: string[] = [];
  readonly packets: string[][] = [];
  connections = 0;
  refuse: (frame: string) => Refusal | undefined = () => undefined;
  /** The connection is lost after so many packets: before the frames are kept, or before that is said. */
  lose: { packet: number; kept: boolean } | undefined;
  private changed: (() => void)[] = [];

  connect = async (): Promise<Transport> => {
    this.connections += 1;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    return { over, close: end, tell: async () => {}, send: (_, frames) => this.send(frames, end) };
  };

  private async send(frames: readonly Uint8Array[], end: () => void): Promise<Sent> {
    const words = frames.map((frame) => Buffer.from(frame).toString());
    this.packets.push(words);
    const losing = this.lose?.packet === this.packets.length ? this.lose : undefined;
    if (losing?.kept === false) return this.lost(end);
    const first = words.map(this.refuse).findIndex((one) => one !== undefined);
    const taken = first < 0 ? words : words.slice(0, first);
    for (const word of taken) if (!this.kept.includes(word)) this.kept.push(word);
    for (const tell of this.changed) tell();
    if (losing) return this.lost(end);
    const refusal = this.refuse(words[first] ?? '');
    return { refused: refusal ? [refusal] : [] };
  }

  private lost(end: () => void): never {
    end();
    throw new GatewayLost('lost in this test');
  }

  /** Waits until so many frames are kept. */
  async until(count: number): Promise<void> {
    while (this.kept.length < count) await new Promise<void>((resolve) => this.changed.push(resolve));
  }
}

let outbox: Outbox;
let gateway: StandIn;
let abort: AbortController;
let running: Promise<void> | undefined;
const frame = (name: string) => ({ bytes: utf8(name), content: utf8(name) });

beforeEach(async () => {
  outbox = await Outbox.open(join(mkdtempSync(join(tmpdir(), 'medloom-delivery-')), 'outbox'));
  gateway = new StandIn();
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await running;
  await outbox.close();
});

function start(refused: (refusal: RefusedFrame) => Promise<'again' | 'later'> = async () => 'later'): Delivery {
  const delivery = new Delivery({
    ...{ outbox, connect: gateway.connect, noted: () => {}, connected: () => {}, pause: async () => {} },
    refused: (_, refusal) => refused(refusal),
    backoff: () => 0,
  });
  running = delivery.run(abort.signal);
  return delivery;
}

async function enclose(delivery: Delivery | undefined, ...names: string[]): Promise<void> {
  await outbox.enclose('readings', names.map(frame));
  delivery?.wake('readings');
}

it('sends what waits, in order, and forgets what is taken', async () => {
  await enclose(undefined, 'a', 'b');
  const delivery = start();
  await gateway.until(2);
  await enclose(delivery, 'c');
  await gateway.until(3);
  expect(gateway.kept).toEqual(['a', 'b', 'c']);
  abort.abort();
  await running;
  expect(outbox.lane('readings').waiting).toEqual([]);
  expect(gateway.connections).toBe(1);
});

it.each([true, false])('sends again what was lost on its way, or whose answer was (%s)', async (kept) => {
  gateway.lose = { packet: 2, kept };
  await enclose(undefined, 'a');
  const delivery = start();
  await gateway.until(1);
  await enclose(delivery, 'b');
  await gateway.until(2);
  await enclose(delivery, 'c');
  await gateway.until(3);
  expect(gateway.kept).toEqual(['a', 'b', 'c']);
  expect(gateway.connections).toBe(2);
});

it('lets an alert go ahead of many readings', async () => {
  const large = Array.from({ length: 30 }, (_, index) => ({
    bytes: new Uint8Array(60_000).fill(97 + index),
    content: utf8(''),
  }));
  await outbox.enclose('readings', large);
  await outbox.enclose('alerts', [frame('alert')]);
  start();
  await gateway.until(31);
  expect(gateway.packets.findIndex(([first]) => first === 'alert')).toBeLessThan(2);
  expect(gateway.packets.every((packet) => packet.join('').length <= 192 * 1024)).toBe(true);
});

it('goes on with other frames in the place of those that were refused', async () => {
  const stream = toHex(outbox.lane('readings').stream);
  gateway.refuse = (word) => (word === 'b' ? { stream, number: 2, code: 'STALE_EPOCH' } : undefined);
  await enclose(undefined, 'a', 'b', 'c');
  start(async ({ number }) => {
    const left = outbox.lane('readings').waiting;
    expect([number, left.map((one) => one.number)]).toEqual([2, [2, 3]]);
    const anew = left.map(({ content }) => frame(`${Buffer.from(content).toString()} anew`));
    await outbox.begin('readings', outbox.newStream(), anew);
    return 'again';
  });
  await gateway.until(3);
  expect(gateway.kept).toEqual(['a', 'b anew', 'c anew']);
});

it('keeps what may be taken later, and sends it when it is woken', async () => {
  const stream = toHex(outbox.lane('readings').stream);
  gateway.refuse = () => ({ stream, number: 1, code: 'SUSPENDED' });
  let told = () => {};
  const refused = new Promise<void>((resolve) => {
    told = resolve;
  });
  await enclose(undefined, 'a');
  const delivery = start(async () => {
    told();
    return 'later';
  });
  await refused;
  gateway.refuse = () => undefined;
  await new Promise(setImmediate);
  delivery.wake();
  await gateway.until(1);
  expect(gateway.kept).toEqual(['a']);
});
