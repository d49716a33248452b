import { randomBytes } from 'node:crypto';
import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Alert, mostAlerts } from '#chaincode/model/alert.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { AppError } from '#server/errors.ts';
import { projectAlerts } from '../../alerts/readModel.ts';
import type { AlertRequest } from '../../gateways/connector/connector.ts';
import { alerts, circleSeats } from '../../gateways/db/schema/circles.ts';
import { telemetryFrames } from '../../gateways/db/schema/telemetry.ts';
import { World } from '../../testing/world.ts';
import { Alerting } from './alerting.ts';
import { Directory } from './directory.ts';
import { Notes } from './notes.ts';
import { forgetFrames } from './retention.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

/** The machine may have other work. */
const patience = { timeout: 10_000 };
const patient = `pt-0-${'p'.repeat(26)}`;
const device = `dev-${'d'.repeat(26)}`;
const { publicKey: readingKey } = await createReadingKey();
const frame = (number: number, more: object) => ({
  ...{ channel: 'care-0', patient, device, stream: 'ab'.repeat(8), number, generation: 1, epoch: 1, kind: 'readings' },
  ...{ readings: 1, from: new Date(), to: new Date(), hash: `${number}`.repeat(64), bytes: randomBytes(9), ...more },
});

it('sealed readings go some time after they were anchored; all else stays', async () => {
  const { db } = world.portal;
  const ago = (hours: number) => new Date(Date.now() - hours * 3600_000);
  await db
    .insert(telemetryFrames)
    .values([
      frame(1, { anchoredAt: ago(49) }),
      frame(2, { anchoredAt: ago(47) }),
      frame(3, { receivedAt: ago(90) }),
      frame(4, { anchoredAt: ago(90), kind: 'hour' }),
      frame(5, { anchoredAt: ago(90), kind: 'alert', raisedAt: ago(90) }),
    ]);
  expect(await forgetFrames(db, 48)).toBe(1);
  const left = await db.select().from(telemetryFrames).orderBy(asc(telemetryFrames.number));
  expect(left.map(({ number }) => number)).toEqual([2, 3, 4, 5]);
  await db.delete(telemetryFrames);
});

it('alerts are raised once the connector is there, and escalated when nobody has come in time, also by the process after this', async () => {
  const { db } = world.portal;
  const asked: AlertRequest[] = [];
  const known = new Map<string, Alert>();
  let down = true;
  const ledger = {
    careChannelOf: () => 'care-0',
    evaluate: async ({ args: [id = ''] }: { args: string[] }) => {
      const alert = known.get(id);
      if (alert === undefined) throw new AppError('NOT_FOUND', id);
      return Buffer.from(JSON.stringify(alert));
    },
  };
  const alert = async (request: AlertRequest) => {
    if (down) throw new AppError('CONNECTOR_UNAVAILABLE', 'down in this test');
    asked.push(request);
    const raisedAt = new Date(Date.now() - 61_000).toISOString();
    for (const one of request.raise)
      known.set(one.id, { ...one, state: 'raised', raisedAt, raisedBy: device, version: 1 });
    for (const id of request.escalate) {
      const before = known.get(id);
      if (before) known.set(id, { ...before, state: 'escalated', escalatedAt: raisedAt, version: before.version + 1 });
    }
    return { escalated: request.escalate };
  };
  const gateway = () => new Alerting({ db, ledger, connector: { alert }, mspId: 'HospitalMSP', gateway: device });
  const id = `al-0-${'a'.repeat(26)}`;
  await db
    .insert(telemetryFrames)
    .values(frame(1, { kind: 'alert', alert: { id, level: 'critical', escalateAfter: 60 } }));
  await expect(gateway().round()).rejects.toMatchObject({ code: 'CONNECTOR_UNAVAILABLE' });
  down = false;
  expect(await gateway().round()).toEqual({ raised: 1, escalated: 0 });
  expect(asked[0]?.raise).toMatchObject([{ id, patient, device, level: 'critical', frameHash: '1'.repeat(64) }]);
  expect(await db.select().from(alerts)).toMatchObject([{ id, state: 'raised' }]);
  // Its time is over; another process finds it.
  expect(await gateway().round()).toEqual({ raised: 0, escalated: 1 });
  expect(await db.select().from(alerts)).toMatchObject([{ id, state: 'escalated', version: 2 }]);
  expect(await gateway().round()).toEqual({ raised: 0, escalated: 0 });
  expect(asked).toHaveLength(2);
  // What is acknowledged is not escalated.
  const other = `al-0-${'b'.repeat(26)}`;
  const raised = known.get(id);
  if (raised === undefined) throw new Error('no alert');
  await projectAlerts(db, 'care-0', [{ ...raised, id: other, state: 'acknowledged', version: 2 }]);
  expect(await gateway().round()).toEqual({ raised: 0, escalated: 0 });
});

it('a channel that is away or slow keeps no alert of another waiting', async () => {
  const { db } = world.portal;
  await db.delete(telemetryFrames);
  await db.delete(alerts);
  const call = (number: number, channel: string) => {
    const id = `al-${channel.split('-')[1]}-${'abcdefghijklmnopqrstuvwxyz234567'.charAt(number % 32).repeat(26)}`;
    const alert = { id, level: 'critical', escalateAfter: 60 };
    return frame(number, {
      channel,
      kind: 'alert',
      alert,
      hash: 'ab'.repeat(32),
      stream: `${number}`.padStart(16, '0'),
    });
  };
  const away = Array.from({ length: mostAlerts }, (_, index) => call(index + 1, 'care-0'));
  await db.insert(telemetryFrames).values([...away, call(100, 'care-1')]);
  const raised: string[] = [];
  const hang = new AbortController();
  const never = new Promise<{ escalated: string[] }>((resolve) =>
    hang.signal.addEventListener('abort', () => resolve({ escalated: [] })),
  );
  const connector = {
    alert: async ({ channel, raise }: AlertRequest) => {
      if (channel === 'care-0') return never;
      raised.push(...raise.map(({ id }) => id));
      return { escalated: [] };
    },
  };
  const ledger = {
    careChannelOf: () => 'care-1',
    evaluate: () => Promise.reject(new AppError('NOT_FOUND', 'none in this test')),
  };
  const end = new AbortController();
  const alerting = new Alerting({ db, ledger, connector, mspId: 'HospitalMSP', gateway: device });
  const running = alerting.run(end.signal);
  await vi.waitFor(() => expect(raised).toHaveLength(1), patience);
  await db.insert(telemetryFrames).values(call(101, 'care-1'));
  alerting.wake();
  await vi.waitFor(() => expect(raised).toHaveLength(2), patience);
  hang.abort();
  end.abort();
  await running;
});

it('what a device was told last is what is so, also where an earlier note took longer', async () => {
  const { db } = world.portal;
  const seat = { patient, subject: device, channel: 'care-0', kind: 'device', since: new Date() };
  await db.insert(circleSeats).values({ ...seat, state: 'active', version: 1 });
  const told: string[] = [];
  const slow = Promise.withResolvers<void>();
  let first = true;
  const publish = async (_: string, text: string) => {
    const isFirst = first;
    first = false;
    if (isFirst) await slow.promise;
    told.push(text);
  };
  const none = () => undefined;
  const notes = new Notes(db, () => ({ publish, connected: 0, dismiss: none, close: async () => undefined }));
  const before = notes.tellCircle(patient);
  await vi.waitFor(() => expect(first).toBe(false), patience);
  await db.update(circleSeats).set({ state: 'ended', endedAt: new Date(), version: 2 });
  const after = notes.tell(device);
  const other = notes.tell(`dev-${'o'.repeat(26)}`);
  await other;
  slow.resolve();
  await Promise.all([before, after]);
  expect(told.at(-1)).toBe('{"circles":[]}');
  expect(told.some((text) => text.includes(patient))).toBe(true);
});

it('what was being read of a device when it changed is not believed', async () => {
  const answers: ((status: string) => void)[] = [];
  const evaluate = () =>
    new Promise<Uint8Array>((resolve) => {
      const keys = { signingKeyHash: 'a'.repeat(64), readingKey };
      const said = {
        id: device,
        institutionId: 'inst-north-hospital',
        mspId: 'HospitalMSP',
        model: 'One',
        serialHash: 'b'.repeat(64),
        keys,
      };
      answers.push((status) => resolve(Buffer.from(JSON.stringify({ ...said, purpose: 'hub', status, version: 1 }))));
    });
  const directory = new Directory({ db: world.portal.db, ledger: { evaluate } });
  const before = directory.find(device);
  await vi.waitFor(() => expect(answers).toHaveLength(1), patience);
  directory.forget(device);
  answers[0]?.('active');
  expect((await before)?.status).toBe('active');
  const after = directory.find(device);
  await vi.waitFor(() => expect(answers).toHaveLength(2), patience);
  answers[1]?.('suspended');
  expect((await after)?.status).toBe('suspended');
  expect((await directory.find(device))?.status).toBe('suspended');
  expect(answers).toHaveLength(2);
});
