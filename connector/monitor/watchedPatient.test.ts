import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomBytes } from '#crypto/bytes.ts';
import type { Member } from '#crypto/circle/member.ts';
import { generateSigningKey, importSigningKey } from '#crypto/signingKey.ts';
import { decodeFrame } from '#crypto/telemetry/frame.ts';
import { openFrame, sealFrame } from '#crypto/telemetry/seal.ts';
import { type FrameSigner, frameSigner } from '#crypto/telemetry/signature.ts';
import { alertContents, type Content, readingContents } from '#device/content.ts';
import { StateFolder } from '#device/folder.ts';
import { CircleGateway, doctor, patient } from '#device/testing/circleGateway.ts';
import { type AlertContent, alertContent } from '#monitoring/alert.ts';
import type { Plan } from '#monitoring/plan.ts';
import type { Reading } from '#monitoring/reading.ts';
import type { NumberedFrame, RefusalCode } from '#server/telemetry/gateway/protocol.ts';
import { WatchedPatient } from './watchedPatient.ts';

const monitor = `dev-${'m'.repeat(26)}`;
const sensor = `dev-${'s'.repeat(26)}`;

let gateway: CircleGateway;
let folder: StateFolder;
let watched: WatchedPatient;
let options: Options;
let clock: number;
let frames: NumberedFrame[];
let brought: Uint8Array[];
let refuse: RefusalCode | undefined;
let doctorThere: Member;
let plan: Plan;
let sensorSign: FrameSigner;
let numbers: number;

beforeEach(async () => {
  gateway = await CircleGateway.open();
  folder = await StateFolder.open(mkdtempSync(join(tmpdir(), 'medloom-monitor-')));
  clock = Date.now();
  frames = [];
  brought = [];
  refuse = undefined;
  numbers = 0;
  doctorThere = await gateway.join(doctor);
  const sensorFolder = await StateFolder.open(mkdtempSync(join(tmpdir(), 'medloom-sensor-')));
  sensorSign = frameSigner((await gateway.equip(sensor, sensorFolder)).signing.privateKey);
  const { settings, signing, record } = await gateway.equip(monitor, folder);
  const api: Options['api'] = {
    circle: () => gateway.circle(monitor),
    block: (cid) => gateway.block(cid),
    putBlock: (whose, block) => gateway.putBlock(whose, block),
    post: () => Promise.reject(new Error('recorded in another way')),
    framesAfter: async (_, after) => frames.filter(([place]) => place > after).slice(0, 3),
    frames: async (sent) => {
      const code = refuse;
      refuse = undefined;
      if (code !== undefined) return { taken: 0, known: 0, refused: [{ code, number: 1 }], at: clock };
      brought.push(...sent);
      return { taken: sent.length, known: 0, refused: [], at: clock };
    },
  };
  options = {
    ...{ patient, folder, settings, keys: { signing }, api, now: () => clock, log: { warn: () => undefined } },
    ...{ sign: frameSigner(signing.privateKey), recordIntent: record },
  };
  watched = await WatchedPatient.open(options);
  await watched.noted({ patient, generation: 1, epoch: 1, stale: false, planVersion: 0 });
  await gateway.ledger.follow(doctorThere);
  plan = await gateway.setPlan(doctorThere);
  await watched.noted({ patient, generation: 1, epoch: 2, stale: false, planVersion: 1 });
});
afterEach(() => watched.close());

type Options = Parameters<typeof WatchedPatient.open>[0];

/** Brings the clock on, with a heart rate and a saturation each half minute, and lets the monitor look. */
async function pass(minutes: number, rate?: number): Promise<void> {
  for (let half = 0; half < 2 * minutes; half += 1) {
    clock += 30_000;
    if (rate !== undefined) await arrive(read('heartRate', rate), read('saturation', 97));
    await watched.look();
  }
}
const read = (measure: Reading['measure'], value: number): Reading => ({
  at: clock,
  measure,
  values: [value],
  flags: 0,
});

async function arrive(...readings: Reading[]): Promise<void> {
  for (const content of readingContents(readings)) await arriveAs(content);
}
async function arriveAs(content: Content, sign = sensorSign): Promise<void> {
  numbers += 1;
  const { epoch } = doctorThere;
  const place = { patient, device: sensor, stream: new Uint8Array(8), number: numbers, generation: 1, epoch };
  const { bytes } = await sealFrame(doctorThere.exportKey(), { ...place, ...content }, sign);
  frames.push([numbers, bytes]);
}
/** What the monitor has called for, as the doctor reads it. */
async function called(): Promise<AlertContent[]> {
  const contents: AlertContent[] = [];
  for (const bytes of brought) {
    const frame = decodeFrame(bytes);
    expect([frame.d, frame.k]).toEqual([monitor, 'alert']);
    const { items } = await openFrame(doctorThere.exportKey(frame.e), frame);
    contents.push(alertContent.parse(items[0]));
  }
  return contents;
}

describe('the monitor', () => {
  it('calls for devices that have fallen silent altogether, once', async () => {
    await pass(3, 72);
    await pass(14);
    expect(await called()).toEqual([]);
    await pass(6);
    const [content, ...others] = await called();
    expect(content?.cause).toEqual({ kind: 'missing', measures: ['heartRate', 'saturation'] });
    expect(others).toEqual([]);
  });

  it('calls for what a device has not called for', async () => {
    await pass(3, 140);
    const [content, ...others] = await called();
    expect(content).toMatchObject({ level: 'critical', key: 'limit:heartRate:high' });
    expect(others).toEqual([]);
  });

  it('leaves to the device what the device has called for, unless it is worse than that', async () => {
    const key = 'limit:heartRate:high';
    const cause = { kind: 'limit', series: 'heartRate', side: 'high', value: 115, limit: 110 } as const;
    const said = { v: 1, key, since: clock, level: 'urgent', at: clock, cause, planVersion: 1, newest: {} } as const;
    await arriveAs(alertContents(sensor, plan, said, randomBytes(32)));
    await pass(3, 115);
    expect(await called()).toEqual([]);
    await pass(3, 140);
    expect((await called()).map(({ level }) => level)).toEqual(['critical']);
  });

  it('is not kept quiet by a device that says it will have called', async () => {
    const cause = { kind: 'limit', series: 'heartRate', side: 'high', value: 150, limit: 140 } as const;
    const said = { v: 1, key: 'limit:heartRate:high', since: clock, level: 'critical', cause, planVersion: 1 } as const;
    const later = { ...said, at: clock + 365 * 86_400_000, newest: {} };
    await arriveAs({ ...alertContents(sensor, plan, later, randomBytes(32)), from: clock, to: clock });
    await pass(3, 140);
    expect(await called()).toHaveLength(1);
  });

  it('goes on after a restart where it was', async () => {
    await pass(3, 140);
    await watched.close();
    watched = await WatchedPatient.open(options);
    await pass(3, 141);
    expect(await called()).toHaveLength(1);
  });

  it('believes nobody but the device: neither another signature nor what cannot be read', async () => {
    const stranger = await importSigningKey(await generateSigningKey());
    clock += 60_000;
    for (const value of [140, 141]) {
      clock += 61_000;
      const [content] = readingContents([read('heartRate', value)]);
      if (content) await arriveAs(content, frameSigner(stranger.privateKey));
    }
    numbers += 1;
    frames.push([numbers, new Uint8Array(40)]);
    await watched.look();
    expect(await called()).toEqual([]);
    await pass(2, 140);
    expect(await called()).toHaveLength(1);
  });

  it('seals an alert anew where the gateway takes nothing more of its stream', async () => {
    refuse = 'STREAM_CLOSED';
    await pass(3, 140);
    expect(await called()).toHaveLength(1);
  });

  it('follows the circle when a frame is of an epoch that it does not know yet', async () => {
    const pending = await doctorThere.refresh();
    gateway.ledger.commit(pending);
    await pending.apply();
    await pass(3, 140);
    expect(await called()).toHaveLength(1);
  });

  it('forgets its part of the circle when the patient takes the seat away', async () => {
    gateway.unseat(monitor);
    await watched.leave();
    expect(await folder.read(`${patient}.member`)).toBeUndefined();
    await pass(3, 140);
    expect(brought).toEqual([]);
  });
});
