import { request } from 'node:https';
import { encode } from '@ipld/dag-cbor';
import { and, eq, max } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBatch } from '#crypto/telemetry/batch.ts';
import { circleSeats, devices } from '../../gateways/db/schema/circles.ts';
import {
  telemetryBatches,
  telemetryFrames,
  telemetryRefusals,
  telemetryStreams,
} from '../../gateways/db/schema/telemetry.ts';
import {
  type Connection,
  packetOf,
  streamHex,
  TelemetryWorld,
  type TestDevice,
  testPatient,
} from '../../testing/telemetryWorld.ts';
import { tellChange } from '../changes.ts';
import { reasons } from './messenger.ts';
import { circlesTopic, framesTopic, statusTopic } from './protocol.ts';

let telemetry: TelemetryWorld;
const db = () => telemetry.world.portal.db;

beforeAll(async () => {
  telemetry = await TelemetryWorld.start();
});
afterAll(() => telemetry.stop());
beforeEach(() => telemetry.open());
afterEach(async () => {
  await telemetry.close();
  telemetry.contract.down = false;
  telemetry.world.ipfs.down = false;
});

const framesOf = (device: TestDevice) =>
  db().select().from(telemetryFrames).where(eq(telemetryFrames.device, device.id)).orderBy(telemetryFrames.number);
const codes = ({ refused }: Connection) => refused.map(({ code, number }) => `${code} ${number ?? ''}`.trim());
const once = (device: TestDevice, frames: number) =>
  new Map(Array.from({ length: frames }, (_, index) => [`${streamHex(device)}/${index + 1}`, 1]));

describe('frames', () => {
  it('are on disk when they are acknowledged, and are anchored once however often they come', async () => {
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    const sealed = [await device.seal(), await device.seal(), await device.seal()];
    await connection.send(...sealed.slice(0, 2));
    expect(await framesOf(device)).toHaveLength(2);
    await connection.send(...sealed);
    await connection.send(...sealed);
    expect(connection.refused).toEqual([]);
    expect((await framesOf(device)).map(({ number }) => number)).toEqual([1, 2, 3]);
    await telemetry.gateway.flush();
    expect(telemetry.contract.counts(device.id)).toEqual(once(device, 3));
    await connection.send(...sealed);
    await telemetry.gateway.flush();
    expect(telemetry.contract.counts(device.id)).toEqual(once(device, 3));
    const batch = telemetry.contract.anchored.find(({ streams }) => streams.some((part) => part.device === device.id));
    if (batch === undefined) throw new Error('nothing was anchored');
    const { frames } = readBatch(batch, await telemetry.world.ipfs.readBlock(batch.cid));
    expect(frames.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect((await framesOf(device)).every(({ anchoredAt }) => anchoredAt !== null)).toBe(true);
  });

  it('of many devices share batches by patient, and of a packet what is refused keeps nothing else back', async () => {
    const [one, other] = [await telemetry.device(), await telemetry.device()];
    const [first, second] = [await telemetry.connect(one), await telemetry.connect(other)];
    const foreign = await other.seal();
    const good = await one.seal();
    const forged = await one.seal({ number: 2 });
    const bytes = Uint8Array.from(forged.bytes);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const old = await one.seal({ number: 2, from: 1_000, to: 2_000 });
    const early = await one.seal({ number: 2, from: Date.now(), to: Date.now() + 6 * 60_000 });
    const elsewhere = await one.seal({ number: 2, patient: `pt-0-${'q'.repeat(26)}` });
    const epoch = await one.seal({ number: 2, epoch: 9 });
    const gap = await one.seal({ number: 4 });
    await first.publish(
      encode([good.bytes, foreign.bytes, bytes, old.bytes, early.bytes, elsewhere.bytes, epoch.bytes, gap.bytes]),
    );
    expect(codes(first).sort()).toEqual(
      [
        'BAD_TIME 2',
        'BAD_TIME 2',
        'GAP 4',
        'NO_SEAT 2',
        'SIGNATURE_INVALID 2',
        'STALE_EPOCH 2',
        'WRONG_DEVICE 1',
      ].sort(),
    );
    await second.send(foreign);
    expect((await framesOf(one)).map(({ number }) => number)).toEqual([1]);
    await telemetry.gateway.flush();
    const batches = telemetry.contract.anchored.filter(({ streams }) => streams.some((part) => part.device === one.id));
    expect(batches[0]?.streams.map(({ device }) => device)).toContain(other.id);
  });

  it('that are no frames are refused and counted, and disturb nobody', async () => {
    const [device, other] = [await telemetry.device(), await telemetry.device()];
    const [connection, second] = [await telemetry.connect(device), await telemetry.connect(other)];
    await connection.publish(Uint8Array.of(0xff, 0x00, 0x12));
    await connection.publish(encode([]));
    await connection.publish(encode(Array.from({ length: 201 }, () => new Uint8Array([1]))));
    await connection.publish(encode([new Uint8Array(70_000)]));
    await connection.publish(encode([{ a: 1 }]));
    expect(codes(connection)).toEqual(['MALFORMED', 'MALFORMED', 'MALFORMED', 'TOO_LARGE', 'MALFORMED']);
    const replayed = await device.seal();
    await connection.send(replayed);
    await connection.send(await device.seal({ number: 1, items: [[0, 1, 99]] }));
    expect(codes(connection).at(-1)).toBe('REPLAY 1');
    await second.send(await other.seal());
    await telemetry.close();
    const counted = await db().select().from(telemetryRefusals).where(eq(telemetryRefusals.device, device.id));
    expect(Object.fromEntries(counted.map(({ code, count }) => [code, count]))).toEqual({
      ...{ MALFORMED: 4, TOO_LARGE: 1, REPLAY: 1 },
    });
    expect(await framesOf(other)).toHaveLength(1);
  });

  it('of a megabyte end the connection with the reason, and no other one', async () => {
    const [device, other] = [await telemetry.device(), await telemetry.device()];
    const [connection, second] = [await telemetry.connect(device), await telemetry.connect(other)];
    const sent = connection.publish(new Uint8Array(1_000_000)).catch(() => 'lost');
    expect(await connection.ended).toBe(reasons.packetTooLarge);
    expect(await sent).toBe('lost');
    await second.send(await other.seal());
    expect(telemetry.gateway.health().refused).toMatchObject({ TOO_LARGE: 1 });
  });
});

describe('a device', () => {
  it('of another authority, or without a certificate, does not come in', async () => {
    const foreign = await telemetry.device({ foreign: true });
    await expect(telemetry.connect(foreign)).rejects.toThrow();
    await expect(telemetry.connect({ ...foreign, certPem: '', keyPem: '' })).rejects.toThrow();
    await vi.waitFor(() => expect(telemetry.gateway.health().refused.BAD_CERTIFICATE).toBe(2));
  });

  it('that is nobody’s, suspended, or says that it is another does not come in', async () => {
    const [device, other] = [await telemetry.device(), await telemetry.device()];
    await expect(telemetry.connect(device, { clientId: other.id })).rejects.toThrow(/not authorized/i);
    await expect(telemetry.connect(device, { protocolVersion: 4 })).rejects.toThrow();
    const system = await telemetry.device({ purpose: 'system' });
    await expect(telemetry.connect(system)).rejects.toThrow(/not authorized/i);
    await db().update(devices).set({ status: 'suspended' }).where(eq(devices.id, device.id));
    await expect(telemetry.connect(device)).rejects.toThrow(/not authorized/i);
  });

  it('that is suspended is sent away at once', async () => {
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    await connection.send(await device.seal());
    await db().update(devices).set({ status: 'suspended' }).where(eq(devices.id, device.id));
    await tellChange(db(), { about: 'device', id: device.id });
    expect(await connection.ended).toBe(reasons.notAuthorised);
  });

  it('hears and says nothing but on its own topics', async () => {
    const [device, other] = [await telemetry.device(), await telemetry.device()];
    const connection = await telemetry.connect(device);
    for (const topic of [circlesTopic(other.id), '#', 'v1/+/refused', '$SYS/#'])
      await expect(connection.client.subscribeAsync(topic), topic).rejects.toThrow(/not authorized/i);
    const elsewhere = connection.publish(packetOf([await other.seal()]), framesTopic(other.id));
    await expect(elsewhere).rejects.toThrow(/not authorized/i);
    await expect(connection.publish(Uint8Array.of(1), circlesTopic(device.id))).rejects.toThrow(/not authorized/i);
    expect(await framesOf(other)).toEqual([]);
  });

  it('is told of its circles when it comes and when they change', async () => {
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    await connection.client.subscribeAsync([circlesTopic(device.id)], { qos: 1 });
    const notes = () => connection.told.filter(({ topic }) => topic === circlesTopic(device.id));
    await vi.waitFor(() => expect(notes()).toHaveLength(1));
    expect(JSON.parse(notes()[0]?.text ?? '')).toEqual({
      circles: [{ patient: testPatient, generation: 0, epoch: 0, stale: false, planVersion: 0 }],
    });
    await db()
      .update(circleSeats)
      .set({ state: 'ended', endedAt: new Date(Date.now() - 3 * 60_000) })
      .where(and(eq(circleSeats.patient, testPatient), eq(circleSeats.subject, device.id)));
    await tellChange(db(), { about: 'circle', patient: testPatient });
    await vi.waitFor(() => expect(notes().at(-1)?.text).toBe('{"circles":[]}'));
    await connection.send(await device.seal());
    expect(codes(connection)).toEqual(['NO_SEAT 1']);
  });

  it('that sends too fast is made to wait, and one that floods is sent away; others are not', async () => {
    await telemetry.close();
    await telemetry.open({ TELEMETRY_FRAMES_PER_SECOND: 5 });
    const [fast, flooding, other] = [await telemetry.device(), await telemetry.device(), await telemetry.device()];
    const [first, second] = [await telemetry.connect(fast), await telemetry.connect(flooding)];
    const third = await telemetry.connect(other);
    const sealed = [];
    for (let count = 0; count < 60; count += 1) sealed.push(await fast.seal());
    await first.send(...sealed.slice(0, 50));
    const began = performance.now();
    const waiting = first.send(...sealed.slice(50));
    const flood = Array.from({ length: 150 }, async () => second.send(await flooding.seal()).catch(() => undefined));
    expect(await second.ended).toBe(reasons.tooMany);
    await third.send(await other.seal());
    await waiting;
    // Ten frames at five a second.
    expect(performance.now() - began).toBeGreaterThan(1_500);
    await first.publish(encode(Array.from({ length: 200 }, () => new Uint8Array(1)))).catch(() => undefined);
    expect(await first.ended).toBe(reasons.tooFast);
    expect(telemetry.gateway.health().refused.FLOODING).toBeGreaterThan(0);
    await Promise.all(flood);
  });

  it('that tells nothing but how it is floods just so', async () => {
    await telemetry.close();
    await telemetry.open({ TELEMETRY_FRAMES_PER_SECOND: 5 });
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    const status = Buffer.from(JSON.stringify({ firmware: '1', at: Date.now(), pending: 0 }));
    // Ten seconds' worth may come at once, and half a minute's more; this is far beyond, however slow it is sent.
    for (let count = 0; count < 1_000; count += 1)
      void connection.publish(status, statusTopic(device.id)).catch(() => undefined);
    expect(await connection.ended).toBe(reasons.tooFast);
  });

  it('tells how it is', async () => {
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    const status = { battery: 0.4, firmware: '1.2.3', at: Date.now() - 10 * 60_000, pending: 3 };
    const tell = (said: object) => connection.publish(Buffer.from(JSON.stringify(said)), statusTopic(device.id));
    await tell(status);
    // What no column takes would keep the figures of all devices from being written.
    await tell({ ...status, pending: 2 ** 40 });
    await tell({ ...status, firmware: '1.2.4\u0000' });
    expect(telemetry.gateway.health().refused.MALFORMED).toBe(2);
    await telemetry.close();
    const { devicesOf } = await import('../devices.ts');
    const seen = (await devicesOf(db(), [device.id])).get(device.id);
    expect(seen).toMatchObject({ battery: 0.4, firmware: '1.2.3', pending: 3, skewed: 1 });
    expect(seen?.skewMs).toBeLessThan(-9 * 60_000);
  });
});

describe('what goes wrong behind the gateway', () => {
  it.each(['ipfs', 'ledger'] as const)('waits for %s, and then each frame is anchored once', async (which) => {
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    if (which === 'ipfs') telemetry.world.ipfs.down = true;
    else telemetry.contract.down = true;
    await connection.send(await device.seal(), await device.seal());
    await telemetry.gateway.flush();
    await connection.send(await device.seal());
    await telemetry.gateway.flush();
    expect(telemetry.contract.counts(device.id)).toEqual(new Map());
    expect(telemetry.gateway.health().backlog).toBeGreaterThanOrEqual(3);
    telemetry.world.ipfs.down = false;
    telemetry.contract.down = false;
    await telemetry.gateway.flush();
    expect(telemetry.contract.counts(device.id)).toEqual(once(device, 3));
    expect(telemetry.gateway.health().backlog).toBe(0);
  });

  it('lets acknowledgements wait while too much waits for the ledger', async () => {
    await telemetry.close();
    await telemetry.open({ TELEMETRY_MOST_WAITING: 2 });
    telemetry.contract.down = true;
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    await connection.send(await device.seal(), await device.seal());
    await telemetry.gateway.flush();
    let isAcknowledged = false;
    const third = connection.send(await device.seal()).then(() => {
      isAcknowledged = true;
    });
    await vi.waitFor(() => expect(telemetry.gateway.health().waiting).toBe(1));
    expect(isAcknowledged).toBe(false);
    telemetry.contract.down = false;
    await telemetry.gateway.flush();
    await third;
    await telemetry.gateway.flush();
    expect(telemetry.contract.counts(device.id)).toEqual(once(device, 3));
  });

  it('survives that every connection to the database is cut, again and again', async () => {
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    let cutting = true;
    const cut = (async () => {
      for (let times = 0; cutting && times < 40; times += 1) {
        await db()
          .execute(
            `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`,
          )
          .catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    })();
    const sealed = [];
    for (let count = 0; count < 30; count += 1) sealed.push(await device.seal());
    for (const frame of sealed) await connection.send(frame);
    cutting = false;
    await cut;
    expect((await framesOf(device)).map(({ number }) => number)).toEqual(sealed.map((_, index) => index + 1));
    await telemetry.gateway.flush();
    expect(telemetry.contract.counts(device.id)).toEqual(once(device, 30));
  });

  it('keeps a device that the ledger refuses apart from those beside it', async () => {
    const [good, bad] = [await telemetry.device(), await telemetry.device()];
    const [first, second] = [await telemetry.connect(good), await telemetry.connect(bad)];
    await first.send(await good.seal(), await good.seal());
    await second.send(await bad.seal());
    telemetry.contract.refused.set(bad.id, 'NO_CONSENT');
    await telemetry.gateway.flush();
    await first.send(await good.seal());
    await telemetry.gateway.flush();
    expect(telemetry.contract.counts(good.id)).toEqual(once(good, 3));
    expect(telemetry.contract.counts(bad.id)).toEqual(new Map());
    const [stream] = await db().select().from(telemetryStreams).where(eq(telemetryStreams.device, bad.id));
    expect(stream?.closed).toBe('NO_CONSENT');
    await second.send(await bad.seal());
    expect(codes(second)).toEqual(['STREAM_CLOSED 2']);
    const refused = await db().select().from(telemetryBatches).where(eq(telemetryBatches.state, 'refused'));
    expect(refused.map(({ code }) => code)).toContain('NO_CONSENT');
  });
});

describe('alerts', () => {
  it('are raised as soon as their frame is on disk, and once', async () => {
    const device = await telemetry.device();
    const connection = await telemetry.connect(device);
    const alert = { id: `al-0-${'a'.repeat(26)}`, level: 'critical', escalateAfter: 60 } as const;
    const frame = await device.seal({ kind: 'alert', alert, items: [['hr', 1]] });
    await connection.send(frame);
    await vi.waitFor(() => expect(telemetry.contract.alerts).toHaveLength(1), { timeout: 5_000 });
    await connection.send(frame);
    const [raised] = telemetry.contract.alerts;
    expect(raised).toMatchObject({ ...alert, patient: testPatient, device: device.id });
    expect(raised?.frameHash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('HTTPS', () => {
  const ask = (device: TestDevice, method: string, path: string, body?: Uint8Array) =>
    new Promise<{ status: number; body: Buffer }>((resolve, reject) => {
      const { httpsPort } = telemetry.gateway;
      const identity = { cert: device.certPem, key: device.keyPem, rejectUnauthorized: false };
      const sent = request(
        { host: '127.0.0.1', port: httpsPort, method, path, ...identity, agent: false },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  const json = ({ body }: { body: Buffer }): unknown => JSON.parse(body.toString());

  it('takes the same frames, and answers what became of them', async () => {
    const device = await telemetry.device();
    const [one, two] = [await device.seal(), await device.seal()];
    expect(json(await ask(device, 'POST', '/v1/frames', packetOf([one])))).toMatchObject({ taken: 1, known: 0 });
    expect(json(await ask(device, 'POST', '/v1/frames', packetOf([one, two])))).toMatchObject({ taken: 1, known: 1 });
    const large = await ask(device, 'POST', '/v1/frames', new Uint8Array(300_000));
    expect([large.status, json(large)]).toEqual([413, { code: 'TOO_LARGE', detail: 'content-length' }]);
    expect(json(await ask(device, 'GET', '/v1/circles'))).toMatchObject({ circles: [{ patient: testPatient }] });
  });

  it('keeps no more packets of one device than may be open, however many connections it makes', async () => {
    // What waits from before would fill the only place, and the ledger is down for it.
    await telemetry.gateway.flush();
    expect(telemetry.gateway.health().backlog).toBe(0);
    await telemetry.close();
    await telemetry.open({ TELEMETRY_MOST_WAITING: 1 });
    telemetry.contract.down = true;
    const [device, other] = [await telemetry.device(), await telemetry.device()];
    await ask(device, 'POST', '/v1/frames', packetOf([await device.seal()]));
    const sealed = await Promise.all(Array.from({ length: 40 }, () => device.seal()));
    const answers: number[] = [];
    const sent = sealed.map(async (frame) => {
      answers.push((await ask(device, 'POST', '/v1/frames', packetOf([frame]))).status);
    });
    await vi.waitFor(() => expect(answers).toEqual(Array.from({ length: 8 }, () => 429)), { timeout: 20_000 });
    expect((await ask(other, 'GET', '/v1/circles')).status).toBe(200);
    telemetry.contract.down = false;
    // Each round makes room for one.
    await vi.waitFor(
      async () => {
        await telemetry.gateway.flush();
        expect(answers).toHaveLength(40);
      },
      { timeout: 90_000 },
    );
    await Promise.all(sent);
    expect(answers.filter((status) => status === 200)).toHaveLength(32);
  }, 120_000);

  it('answers what is no path as such', async () => {
    const device = await telemetry.device();
    for (const path of ['/v1/blocks/%', '//', '/v1/blocks/..%2f'])
      expect([400, 404], path).toContain((await ask(device, 'GET', path)).status);
  });

  it('tells of patients only where the device has a seat', async () => {
    const [device, stranger] = [await telemetry.device(), await telemetry.device({ seated: false })];
    for (const path of [`/v1/circle?patient=${testPatient}`, `/v1/frames?patient=${testPatient}`, '/v1/nothing'])
      expect((await ask(stranger, 'GET', path)).status).toBe(404);
    // A sensor reads nothing of others.
    expect((await ask(device, 'GET', `/v1/frames?patient=${testPatient}`)).status).toBe(404);
    const block = Buffer.from('a commit');
    expect((await ask(stranger, 'PUT', `/v1/blocks?patient=${testPatient}`, block)).status).toBe(404);
    const stored = await ask(device, 'PUT', `/v1/blocks?patient=${testPatient}`, block);
    expect(stored.status).toBe(200);
    const { cid } = JSON.parse(stored.body.toString());
    expect((await ask(device, 'GET', `/v1/blocks/${cid}`)).body).toEqual(block);
    expect((await ask(stranger, 'GET', `/v1/blocks/${cid}`)).status).toBe(404);
  });

  it('lets a monitor read what others send, as it comes', async () => {
    const [device, monitor] = [await telemetry.device(), await telemetry.device({ purpose: 'monitor' })];
    const before = await ask(monitor, 'GET', `/v1/frames?patient=${testPatient}&after=0`);
    expect(before.status).toBe(200);
    const newest = (await framesOf(device)).at(-1)?.seq ?? 1_000_000;
    const waiting = ask(monitor, 'GET', `/v1/frames?patient=${testPatient}&after=${newest}&wait=1`);
    expect((await waiting).body).toEqual(Buffer.from(encode([])));
    // So many wait at once, and no more, until something comes.
    const [latest] = await db()
      .select({ seq: max(telemetryFrames.seq) })
      .from(telemetryFrames);
    const statuses: number[] = [];
    const polls = Array.from({ length: 65 }, async () => {
      const path = `/v1/frames?patient=${testPatient}&after=${latest?.seq ?? 0}&wait=25`;
      statuses.push((await ask(monitor, 'GET', path)).status);
    });
    await vi.waitFor(() => expect(statuses).toEqual([429]), { timeout: 10_000 });
    await ask(device, 'POST', '/v1/frames', packetOf([await device.seal()]));
    await Promise.all(polls);
    expect(statuses.filter((status) => status === 200)).toHaveLength(64);
  });

  it('keeps a certificate of another authority out', async () => {
    const foreign = await telemetry.device({ foreign: true });
    await expect(ask(foreign, 'GET', '/v1/circles')).rejects.toThrow();
  });
});
