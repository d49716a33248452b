import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { percentile } from '../statistics.ts';
import { LightDevice, lightIdentity } from './lightDevice.ts';

/** The process of the load: many light devices, told what to do by the benchmark over its channel, so that neither slows the other. */

const address = z.object({ host: z.string(), port: z.int(), ca: z.string() });
export const loadCommand = z.discriminatedUnion('kind', [
  /** Connects so many more devices of a file, so many side by side. */
  z.object({
    kind: z.literal('connect'),
    file: z.string(),
    from: z.int(),
    count: z.int(),
    atOnce: z.int(),
    gateway: address,
  }),
  /**
   * Sends for so long: as fast as so many devices are acknowledged, or so many readings a second where `rate` is given. All devices
   * take turns. With `insist` each frame is sent again until it is acknowledged, by a new connection where that was lost.
   */
  z.object({
    kind: z.literal('send'),
    seconds: z.number(),
    atOnce: z.int(),
    readingsPerFrame: z.int(),
    rate: z.number().optional(),
    insist: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal('disconnect') }),
]);
export type LoadCommand = z.infer<typeof loadCommand>;

export const loadAnswer = z.object({
  devices: z.int(),
  connected: z.int(),
  frames: z.int(),
  readings: z.int(),
  refused: z.int(),
  failed: z.int(),
  /** Tries that came to nothing, of frames that were sent again. */
  again: z.int(),
  /** What was acknowledged since the devices were connected. */
  streams: z.array(z.object({ device: z.string(), stream: z.string(), frames: z.int(), readings: z.int() })),
  seconds: z.number(),
  sentBytes: z.int(),
  ackP50Ms: z.number(),
  ackP95Ms: z.number(),
  rssBytes: z.int(),
});
export type LoadAnswer = z.infer<typeof loadAnswer>;

const devices: LightDevice[] = [];
const pingEveryMs = 45_000;
/** What nobody has acknowledged so long after the last frame was due is a failure. */
const insistedMs = 120_000;

async function connectAll({ file, from, count, atOnce, gateway }: Extract<LoadCommand, { kind: 'connect' }>) {
  const identities = z.array(lightIdentity).parse(JSON.parse(readFileSync(file, 'utf8')));
  const waiting = identities.slice(from, from + count).values();
  const failures = await sideBySide(atOnce, async () => {
    const next = waiting.next();
    if (next.done) return false;
    const device = new LightDevice(next.value);
    await device.connect(gateway);
    devices.push(device);
    return true;
  });
  return answer({ failed: failures });
}

async function sendAll(order: Extract<LoadCommand, { kind: 'send' }>) {
  const { seconds, atOnce, readingsPerFrame, rate, insist } = order;
  const started = performance.now();
  const before = devices.reduce((sum, device) => sum + device.sentBytes, 0);
  const until = started + seconds * 1_000;
  const everyMs = rate === undefined ? 0 : (1_000 * readingsPerFrame) / rate;
  const delays: number[] = [];
  const queue = [...devices];
  const spanMs = Math.min(60_000, Math.floor((1_000 * devices.length * readingsPerFrame) / (rate ?? 10_000)));
  let due = 0;
  let again = 0;
  let isOver = false;
  const giveUp = () => {
    isOver = true;
    for (const device of devices) device.close();
  };
  const patience = setTimeout(giveUp, seconds * 1_000 + insistedMs);
  const bring = async (device: LightDevice): Promise<void> => {
    for (;;) {
      try {
        if (insist) await device.reconnect();
        return await device.send(readingsPerFrame, Date.now(), spanMs);
      } catch (error) {
        if (!insist || isOver) throw error;
        again += 1;
        await delay(300 + 700 * Math.random());
      }
    }
  };
  const failed = await sideBySide(atOnce, async () => {
    if (performance.now() >= until) return false;
    const device = queue.shift();
    if (device === undefined) return false;
    const at = started + due * everyMs;
    due += 1;
    const early = at - performance.now();
    if (everyMs > 0 && early > 0) await delay(early);
    try {
      const sending = performance.now();
      await bring(device);
      delays.push(performance.now() - sending);
    } finally {
      if (device.isConnected) queue.push(device);
    }
    return true;
  });
  clearTimeout(patience);
  const sentBytes = devices.reduce((sum, device) => sum + device.sentBytes, 0) - before;
  return answer({
    frames: delays.length,
    readings: delays.length * readingsPerFrame,
    ...{ failed, again, sentBytes, delays, started },
  });
}

function answer(did: {
  frames?: number;
  readings?: number;
  failed?: number;
  again?: number;
  sentBytes?: number;
  delays?: number[];
  started?: number;
}): LoadAnswer {
  const { frames = 0, readings = 0, failed = 0, again = 0, sentBytes = 0, delays = [], started } = did;
  return {
    ...{ devices: devices.length, connected: devices.filter((device) => device.isConnected).length },
    ...{ frames, readings, failed, again, streams: devices.map(({ sent }) => sent) },
    ...{ sentBytes, refused: devices.reduce((sum, device) => sum + device.refused, 0) },
    seconds: started === undefined ? 0 : (performance.now() - started) / 1_000,
    ackP50Ms: delays.length === 0 ? 0 : percentile(delays, 0.5),
    ackP95Ms: delays.length === 0 ? 0 : percentile(delays, 0.95),
    rssBytes: process.memoryUsage.rss(),
  };
}

/** Repeats work in so many places until it answers false; answers how often it failed. */
async function sideBySide(places: number, work: () => Promise<boolean>): Promise<number> {
  let failures = 0;
  const place = async () => {
    for (;;) {
      try {
        if (!(await work())) return;
      } catch (error) {
        failures += 1;
        if (failures <= 3) console.error(error);
        if (failures > 1_000) return;
      }
    }
  };
  await Promise.all(Array.from({ length: places }, place));
  return failures;
}

async function obey(command: LoadCommand): Promise<LoadAnswer> {
  if (command.kind === 'connect') return connectAll(command);
  if (command.kind === 'send') return sendAll(command);
  for (const device of devices.splice(0)) device.close();
  return answer({});
}

if (process.send !== undefined) {
  setInterval(() => devices.forEach((device) => void device.ping()), pingEveryMs).unref();
  process.on('message', (message) => {
    obey(loadCommand.parse(message)).then(
      (answered) => process.send?.({ answered }),
      (error: unknown) =>
        process.send?.({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}
