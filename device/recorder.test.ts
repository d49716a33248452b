import { mkdtempSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bytes, randomBytes, toHex } from '#crypto/bytes.ts';
import { decodeFrame, type Frame } from '#crypto/telemetry/frame.ts';
import { openFrame, verifyFrame } from '#crypto/telemetry/seal.ts';
import { testDevice } from '#crypto/telemetry/testFrames.ts';
import { alertContent } from '#monitoring/alert.ts';
import { digestOfWire } from '#monitoring/digest.ts';
import type { Plan } from '#monitoring/plan.ts';
import { defaultTerms } from '#monitoring/planDefaults.ts';
import { ofWire, type Reading } from '#monitoring/reading.ts';
import { type Lane, lanes, Outbox } from './outbox.ts';
import { Recorder, type Sealing } from './recorder.ts';

const patient = `pt-0-${'a'.repeat(26)}`;
const id = `dev-${'d'.repeat(26)}`;
const responder = `prac-${'a'.repeat(26)}`;
const start = Date.UTC(2027, 0, 10, 8);
const minute = 60_000;
const device = testDevice();
const watched: Plan = {
  ...{ v: 1, patient, version: 1, by: responder, at: '2027-01-01T08:00:00.000Z' },
  terms: { ...defaultTerms(responder), missingAfterSeconds: { heartRate: 300, glucose: 300 } },
};

let file: string;
let outbox: Outbox;
let recorder: Recorder;
let sealing: Sealing | undefined;
let plan: Plan | undefined;
let now: number;
const keys = new Map<number, Bytes>();

function epoch(number: number): Sealing {
  const key = keys.get(number) ?? randomBytes(32);
  keys.set(number, key);
  return { patient, generation: 1, epoch: number, key };
}

async function open(): Promise<void> {
  outbox = await Outbox.open(file);
  recorder = new Recorder({
    ...{ device: id, outbox, sign: device.sign, measures: ['heartRate', 'saturation'], enclosed: () => {} },
    ...{ sealing: async () => sealing, plan: () => plan, now: () => now },
  });
}

beforeEach(async () => {
  file = join(mkdtempSync(join(tmpdir(), 'medloom-recorder-')), 'outbox');
  [sealing, plan, now] = [epoch(1), undefined, start];
  await open();
});
afterEach(() => outbox.close());

const heart = (rate: number, at = now): Reading => ({ at, measure: 'heartRate', values: [rate], flags: 0 });
const framesOf = (lane: Lane): Frame[] => outbox.lane(lane).waiting.map(({ bytes }) => decodeFrame(bytes));

async function itemsOf(frame: Frame): Promise<unknown[]> {
  await verifyFrame(frame, device.verify);
  return (await openFrame(keys.get(frame.e) ?? new Uint8Array(32), frame)).items;
}
async function readingsOf(lane: Lane = 'readings'): Promise<Reading[]> {
  const all: Reading[] = [];
  for (const frame of framesOf(lane)) all.push(...(await itemsOf(frame)).map((item) => ofWire(item, frame.f)));
  return all;
}

describe('readings', () => {
  it('are sealed together, in order, in frames without gaps', async () => {
    await recorder.record([heart(70), heart(71, start + 1000)]);
    await recorder.record([heart(72, start + 2000)]);
    await recorder.seal();
    await recorder.record([heart(73, start + 3000)]);
    await recorder.seal();
    expect((await readingsOf()).map(({ values }) => values[0])).toEqual([70, 71, 72, 73]);
    expect(framesOf('readings').map(({ n, c, e, p, d }) => [n, c, e, p, d])).toEqual([
      [1, 3, 1, patient, id],
      [2, 1, 1, patient, id],
    ]);
  });

  it('that nobody can have are not taken', async () => {
    await expect(recorder.record([heart(72), heart(4000)])).rejects.toMatchObject({ code: 'IMPOSSIBLE_VALUE' });
    expect(outbox.taken).toEqual([]);
  });

  it('of which there are many go into several frames that are short enough', async () => {
    const strip = (at: number): Reading => ({
      ...{ at, measure: 'ecg', flags: 0 },
      values: [250, ...Array.from({ length: 5000 }, (_, index) => 1000 + index)],
    });
    await recorder.record(Array.from({ length: 9 }, (_, index) => strip(start + index * 1000)));
    await recorder.seal();
    const waiting = outbox.lane('readings').waiting;
    expect(waiting.length).toBeGreaterThan(1);
    expect(waiting.every(({ bytes }) => bytes.length <= 65_536)).toBe(true);
    expect(await readingsOf()).toHaveLength(9);
  });

  it('wait while nothing may be sealed', async () => {
    sealing = undefined;
    await recorder.record([heart(70)]);
    await recorder.seal();
    expect(framesOf('readings')).toEqual([]);
    sealing = epoch(2);
    await recorder.seal();
    expect(framesOf('readings').map(({ e }) => e)).toEqual([2]);
  });

  it('are sealed anew for another epoch, as another stream', async () => {
    for (const rate of [70, 71, 72]) {
      await recorder.record([heart(rate)]);
      await recorder.seal();
    }
    await outbox.acknowledge('readings', 1);
    const before = toHex(outbox.lane('readings').stream);
    sealing = epoch(2);
    expect(await recorder.reseal('readings')).toBe(true);
    expect((await readingsOf()).map(({ values }) => values[0])).toEqual([71, 72]);
    expect(framesOf('readings').map(({ n, e }) => [n, e])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(toHex(outbox.lane('readings').stream)).not.toBe(before);
    expect(await recorder.reseal('readings', 1)).toBe(true);
    expect((await readingsOf()).map(({ values }) => values[0])).toEqual([72]);
  });
});

describe('a device that is killed', () => {
  it('has every reading once, whatever was cut off', async () => {
    plan = watched;
    const sizes: { size: number; recorded: number; alerts: number }[] = [];
    let recorded = 0;
    const note = () => sizes.push({ size: statSync(file).size, recorded, alerts: framesOf('alerts').length });
    for (let round = 0; round < 4; round += 1) {
      for (let each = 0; each < 3; each += 1) {
        now += minute;
        await recorder.record([heart(round === 2 ? 150 : 70)]);
        recorded += 1;
        note();
      }
      await recorder.seal();
      note();
    }
    expect(framesOf('alerts')).toHaveLength(1);
    for (const { size, recorded: had, alerts } of sizes.toReversed()) {
      await outbox.close();
      truncateSync(file, size);
      await open();
      await recorder.tick();
      await recorder.seal();
      expect(await readingsOf()).toHaveLength(had);
      expect(new Set((await readingsOf()).map(({ at }) => at)).size).toBe(had);
      expect(framesOf('alerts').length).toBeGreaterThanOrEqual(alerts);
      expect(framesOf('alerts').length).toBeLessThanOrEqual(1);
      expect(framesOf('readings').map(({ n }) => n)).toEqual(framesOf('readings').map((_, index) => index + 1));
    }
  });

  it('calls once, and by the same name', async () => {
    plan = watched;
    for (let each = 0; each < 4; each += 1) {
      now += 40_000;
      await recorder.record([heart(180)]);
    }
    const [first] = framesOf('alerts');
    await outbox.close();
    await open();
    now += 40_000;
    await recorder.record([heart(181)]);
    expect(framesOf('alerts').map(({ a }) => a?.id)).toEqual([first?.a?.id]);
  });
});

describe('alerts', () => {
  it('are sealed at once, with what they are about inside', async () => {
    plan = watched;
    for (let each = 0; each < 3; each += 1) {
      now += 40_000;
      await recorder.record([heart(140)]);
    }
    const [frame] = framesOf('alerts');
    expect(frame?.a).toMatchObject({ level: 'critical', escalateAfter: 300 });
    expect(frame?.a?.id).toMatch(/^al-0-[a-z2-7]{26}$/);
    const [item] = frame ? await itemsOf(frame) : [];
    expect(alertContent.parse(item)).toMatchObject({ key: 'limit:heartRate:high', level: 'critical' });
    expect(framesOf('readings')).toEqual([]);
  });

  it('wait for a key, and come then', async () => {
    plan = watched;
    sealing = undefined;
    for (let each = 0; each < 3; each += 1) {
      now += 40_000;
      await recorder.record([heart(140)]);
    }
    expect(framesOf('alerts')).toEqual([]);
    sealing = epoch(2);
    await recorder.tick();
    now += 61_000;
    await recorder.record([heart(140)]);
    expect(framesOf('alerts')).toHaveLength(1);
  });

  it('tell of silence of what the device measures, and of nothing else', async () => {
    plan = watched;
    await recorder.record([heart(70)]);
    for (let each = 0; each < 12; each += 1) {
      now += 30_000;
      await recorder.tick();
    }
    const [frame, ...others] = framesOf('alerts');
    expect(others).toEqual([]);
    const [item] = frame ? await itemsOf(frame) : [];
    expect(alertContent.parse(item).cause).toEqual({ kind: 'missing', measures: ['heartRate'] });
  });
});

it('hours and days are told once, when they are over, also after a restart', async () => {
  now = start + 50 * minute;
  await recorder.record([heart(70, start + minute), heart(90, start + 2 * minute)]);
  await recorder.seal();
  await recorder.tick();
  expect(framesOf('digests')).toEqual([]);
  await outbox.close();
  await open();
  now = start + 65 * minute;
  await recorder.record([heart(110)]);
  await recorder.seal();
  await recorder.tick();
  await recorder.tick();
  const [hour, ...more] = framesOf('digests');
  expect([hour?.k, more.length]).toEqual(['hour', 0]);
  const [item] = hour ? await itemsOf(hour) : [];
  expect(digestOfWire(item, hour?.f ?? 0, 'hour')).toMatchObject({ series: 'heartRate', count: 2, min: 70, max: 90 });
  now = Date.UTC(2027, 0, 11, 0, 5);
  await recorder.tick();
  expect(framesOf('digests').map(({ k }) => k)).toEqual(['hour', 'hour', 'day']);
  expect(lanes).toContain('digests');
});
