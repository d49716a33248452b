import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bytes, copyBytes } from '#crypto/bytes.ts';
import { decodeFrame } from '#crypto/telemetry/frame.ts';
import { nodeFrameSigner } from '#crypto/telemetry/nodeSignature.ts';
import { openFrame } from '#crypto/telemetry/seal.ts';
import { ofWire, type Reading } from '#monitoring/reading.ts';
import { telemetryFrames } from '#server/gateways/db/schema/telemetry.ts';
import { TelemetryWorld, type TestDevice, testPatient } from '#server/testing/telemetryWorld.ts';
import { GatewayApi } from './api.ts';
import { Delivery } from './delivery.ts';
import { httpsConnect } from './httpsConnect.ts';
import { mqttConnect } from './mqtt.ts';
import { Outbox } from './outbox.ts';
import { Recorder } from './recorder.ts';
import { resealRefused } from './refusal.ts';
import type { CircleNote, Connect, Transport } from './transport.ts';

/** The client's own parts before a real gateway: its broker, TLS with certificates, PostgreSQL, batches. */

const key = new Uint8Array(32).fill(7);
let telemetry: TelemetryWorld;
let identity: TestDevice;
let outbox: Outbox;
let recorder: Recorder;
let abort: AbortController;
let running: Promise<void>;
let transports: Transport[];
let notes: CircleNote[][];
let epoch: number;
let now: number;

beforeAll(async () => {
  telemetry = await TelemetryWorld.start();
});
afterAll(() => telemetry.stop());
beforeEach(async () => {
  await telemetry.open();
  [transports, notes, epoch, now] = [[], [], 1, Date.now() - 60_000];
  abort = new AbortController();
  identity = await telemetry.device();
  outbox = await Outbox.open(join(mkdtempSync(join(tmpdir(), 'medloom-gateway-')), 'outbox'));
});
afterEach(async () => {
  abort.abort();
  await running;
  await outbox.close();
  await telemetry.close();
});

const pkcs8 = (): Bytes => copyBytes(createPrivateKey(identity.keyPem).export({ format: 'der', type: 'pkcs8' }));
function settings() {
  const { mqttPort, httpsPort } = telemetry.gateway;
  return {
    ...{ device: identity.id, mspId: 'HospitalMSP', certificatePem: identity.certPem, roots: [] },
    gateway: {
      ...{ mqtt: `mqtts://localhost:${mqttPort}`, https: `https://localhost:${httpsPort}` },
      ca: readFileSync(String(telemetry.settings.TELEMETRY_CAS[0]), 'utf8'),
    },
  };
}

/** By MQTT unless told otherwise; each time by the ports that the gateway has by then. */
function start(connect: Connect = async (noted) => mqttConnect({ pkcs8: pkcs8() }, settings())(noted)): void {
  const delivery: Delivery = new Delivery({
    ...{ outbox, connect, backoff: () => 50, noted: (circles) => void notes.push(circles) },
    connected: (transport) => void transports.push(transport),
    refused: (lane, refusal) => resealRefused({ outbox, recorder }, lane, refusal),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  recorder = new Recorder({
    ...{ device: identity.id, outbox, sign: nodeFrameSigner(createPrivateKey(identity.keyPem)), now: () => now },
    ...{ measures: ['heartRate'], plan: () => undefined, enclosed: (lane) => delivery.wake(lane) },
    sealing: async () => ({ patient: testPatient, generation: 1, epoch, key }),
  });
  running = delivery.run(abort.signal);
}

async function measure(count: number): Promise<number[]> {
  const readings: Reading[] = Array.from({ length: count }, () => {
    now += 1;
    return { at: now, measure: 'heartRate', values: [72], flags: 0 };
  });
  await recorder.record(readings);
  await recorder.seal();
  return readings.map(({ at }) => at);
}

/** Times of the readings that the gateway has, in the order of arrival. */
async function taken(): Promise<number[]> {
  const rows = await telemetry.world.portal.db
    .select()
    .from(telemetryFrames)
    .where(eq(telemetryFrames.device, identity.id))
    .orderBy(telemetryFrames.seq);
  const times: number[] = [];
  for (const { bytes } of rows) {
    const frame = decodeFrame(copyBytes(bytes));
    for (const item of (await openFrame(key, frame)).items) times.push(ofWire(item, frame.f).at);
  }
  return times;
}
const delivered = () => expect.poll(() => outbox.lane('readings').waiting.length, { timeout: 10_000 }).toBe(0);

describe('a device before a real gateway', () => {
  it('sends with its own certificate, is told of its circles, and has nothing left once it is acknowledged', async () => {
    start();
    const all = [...(await measure(3)), ...(await measure(2))];
    await delivered();
    expect(await taken()).toEqual(all);
    await expect.poll(() => notes.flat().map(({ patient }) => patient)).toContain(testPatient);
    await telemetry.gateway.flush();
    expect([...telemetry.contract.counts(identity.id).values()]).toEqual([1, 1]);
  });

  it('goes on where it was when the gateway is another one, with each reading once and in order', async () => {
    start();
    const all = await measure(2);
    await delivered();
    await telemetry.close();
    all.push(...(await measure(3)), ...(await measure(1)));
    await telemetry.open();
    await delivered();
    expect(await taken()).toEqual(all);
    expect(transports.length).toBeGreaterThan(1);
  });

  it('has each reading once where its connections break while it sends', async () => {
    start();
    const all: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      all.push(...(await measure(5)));
      if (round % 3 === 1) transports.at(-1)?.close();
    }
    await delivered();
    expect(await taken()).toEqual(all);
  });

  it('seals for the epoch that there is what was sealed for another', async () => {
    epoch = 9;
    start();
    const all = await measure(4);
    await expect.poll(() => outbox.lane('readings').waiting[0]?.number).toBe(1);
    epoch = 1;
    all.push(...(await measure(1)));
    await delivered();
    expect(await taken()).toEqual(all);
  });

  it('does the same over HTTPS', async () => {
    const api = new GatewayApi({ pkcs8: pkcs8() }, settings());
    start(httpsConnect(api));
    const all = [...(await measure(3)), ...(await measure(2))];
    await delivered();
    expect(await taken()).toEqual(all);
    expect((await api.circles()).map(({ patient }) => patient)).toEqual([testPatient]);
    api.close();
  });
});
