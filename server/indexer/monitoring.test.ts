import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '#chaincode/model/alert.ts';
import { careEvents } from '#chaincode/model/careEvents.ts';
import type { CircleEpoch, CircleView } from '#chaincode/model/circle.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { notices } from '../gateways/db/schema/care.ts';
import { alerts, circleBlocks, circleEpochs, circleSeats, circles } from '../gateways/db/schema/circles.ts';
import { telemetryBatches } from '../gateways/db/schema/telemetry.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { type Person, World } from '../testing/world.ts';
import { nextBlockOf, recordBlock } from './record.ts';

let world: World;
let portal: Portal;
let patient: Person;
let doctor: Person;
/** What the channel's peer answers. */
let view: CircleView;
let epochs: CircleEpoch[];
let raised: Map<string, Alert>;
let number: bigint;

const at = new Date('2026-05-04T09:00:00Z').toISOString();
const hash = 'a'.repeat(64);
const cid = `b${'c'.repeat(58)}`;

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null);
  doctor = await world.person('doctor', 'inst-north-hospital');
  const answer = (value: unknown) => Buffer.from(JSON.stringify(value));
  const evaluate: Portal['ledger']['evaluate'] = async ({ function: name, args: [first = '', , from = '0'] }) => {
    if (name === 'circles:read') return answer(view);
    if (name === 'circles:readEpochs') return answer(epochs.filter(({ epoch }) => epoch >= Number(from)));
    const alert = raised.get(first);
    if (name === 'alerts:read' && alert) return answer(alert);
    throw new AppError('NOT_FOUND', name);
  };
  const { ledger } = world.portal;
  portal = { ...world.portal, ledger: Object.assign(Object.create(ledger), { evaluate }) };
  number = await nextBlockOf(portal, 'care-0');
});
afterAll(() => world.stop());
beforeEach(() => {
  view = { seats: [] };
  epochs = [];
  raised = new Map();
});

const subject = () => patient.actor.subjectId;

function blockOf(name: string, payload: object): Block {
  const event = { name, payload: Buffer.from(JSON.stringify(payload)) };
  const transaction = { transactionId: `tx-${number}`, at: new Date(at), valid: true, contract: 'care', endorsers: [] };
  return { number, unreadable: 0, transactions: [{ ...transaction, event }] };
}

/** Follows one more block of the channel. */
async function follow(name: string, payload: object): Promise<void> {
  await recordBlock(portal, 'care-0', blockOf(name, payload));
  number += 1n;
}

const told = async ({ actor }: Person) =>
  (await portal.db.select().from(notices).where(eq(notices.personId, actor.personId))).map(({ kind }) => kind);

describe('circles', () => {
  const seat = (state: 'active' | 'ended', version: number) => ({
    ...{ patient: subject(), subject: doctor.actor.subjectId, kind: 'clinician' as const, state, since: at, version },
    ...{ institution: 'inst-north-hospital', by: subject(), ...(state === 'ended' && { endedAt: at }) },
  });
  const changed = (change: string, state: string, version: number) => ({
    ...{ id: subject(), change, state, version, at, patient: subject() },
    ...(change !== 'circles:commit' && { subject: doctor.actor.subjectId }),
  });
  const epoch = (place: number, more: object = {}): CircleEpoch => ({
    ...{ patient: subject(), generation: 1, epoch: place, cid, contentHash: hash, keyCommitment: hash, since: at },
    ...{ by: subject(), ...more },
  });

  it('have their seats, epochs and blocks here as the ledger has them, and people are told of seats', async () => {
    view = { seats: [seat('active', 1)] };
    await follow(careEvents.circles, changed('circles:seat', 'active', 1));
    expect(await portal.db.select().from(circleSeats)).toMatchObject([{ state: 'active', kind: 'clinician' }]);
    expect(await told(doctor)).toEqual(['seated']);
    expect(await told(patient)).toEqual(['seated']);

    await portal.db.insert(circleBlocks).values({ cid, patient: subject(), by: subject(), bytes: 10 });
    const { until: _, ...present } = epoch(2);
    const leaves = [{ leaf: 'b'.repeat(32), subject: subject(), keyHash: hash, signingKeyHash: hash }];
    view = { seats: [seat('active', 1)], circle: { ...present, leaves, version: 3 } };
    epochs = [epoch(0, { until: at }), epoch(1, { until: at, staleSince: at }), epoch(2)];
    await follow(careEvents.circles, changed('circles:commit', 'committed', 3));
    expect(await portal.db.select().from(circles)).toMatchObject([{ generation: 1, epoch: 2, staleSince: null }]);
    const rows = await portal.db.select().from(circleEpochs).orderBy(circleEpochs.epoch);
    expect(rows.map(({ until, staleSince }) => [until !== null, staleSince !== null])).toEqual([
      [true, false],
      [true, true],
      [false, false],
    ]);
    expect(await portal.db.select().from(circleBlocks)).toMatchObject([{ kept: true }]);

    view = { ...view, seats: [seat('ended', 2)] };
    await follow(careEvents.circles, changed('circles:unseat', 'ended', 2));
    expect(await portal.db.select().from(circleSeats)).toMatchObject([{ state: 'ended', version: 2 }]);
    expect(await told(doctor)).toEqual(['seated', 'unseated']);
  });

  it('are read again where the peer that is asked is behind', async () => {
    view = { seats: [seat('active', 2)] };
    const block = blockOf(careEvents.circles, changed('circles:seat', 'active', 3));
    await expect(recordBlock(portal, 'care-0', block)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(await nextBlockOf(portal, 'care-0')).toBe(number);
    view = { seats: [seat('active', 3)] };
    await recordBlock(portal, 'care-0', block);
    number += 1n;
    expect(await portal.db.select().from(circleSeats)).toMatchObject([{ state: 'active', version: 3 }]);
  });
});

describe('alerts', () => {
  const alert = (letter: string, level: Alert['level'], more: Partial<Alert> = {}): Alert => ({
    ...{ id: `al-0-${letter.repeat(26)}`, patient: subject(), device: `dev-${'d'.repeat(26)}`, level, at },
    ...{ frameHash: hash, escalateAfter: 60, state: 'raised', raisedAt: at, raisedBy: `dev-${'g'.repeat(26)}` },
    ...{ version: 1, ...more },
  });

  it('are told to the doctors who watch, once, without a word of what they are about; what only informs is not', async () => {
    const [urgent, slight] = [alert('a', 'urgent'), alert('b', 'notice')];
    raised = new Map([urgent, slight].map((one) => [one.id, one]));
    const outcomes = [...raised.keys()].map((id) => ({ id, outcome: 'accepted' }));
    const event = { id: urgent.raisedBy, change: 'alerts:raise', state: 'raised', version: 1, at, outcomes };
    await follow(careEvents.raised, event);
    expect((await portal.db.select().from(alerts)).map(({ level }) => level).sort()).toEqual(['notice', 'urgent']);
    expect((await told(doctor)).filter((kind) => kind === 'alertRaised')).toHaveLength(1);
    expect(await told(patient)).not.toContain('alertRaised');

    const escalated = alert('a', 'urgent', { state: 'escalated', escalatedAt: at, version: 2 });
    raised.set(escalated.id, escalated);
    const change = { id: urgent.id, change: 'alerts:escalate', state: 'escalated', version: 2, at, patient: subject() };
    await follow(careEvents.alerts, change);
    const [row] = await portal.db.select().from(alerts).where(eq(alerts.id, urgent.id));
    expect(row).toMatchObject({ state: 'escalated', version: 2 });
    for (const person of [doctor, patient]) expect(await told(person)).toContain('alertEscalated');
  });
});

describe('batches', () => {
  it('are proved by the transaction that anchored them', async () => {
    const batch = (id: string) => ({
      ...{
        id,
        channel: 'care-0',
        patient: subject(),
        generation: 1,
        epoch: 2,
        cid,
        root: hash,
        frames: 1,
        readings: 1,
      },
      ...{ from: new Date(at), to: new Date(at), streams: [], state: 'stored' },
    });
    await portal.db.insert(telemetryBatches).values([batch('tb-0-a'), batch('tb-0-b')]);
    const outcomes = [
      { id: 'tb-0-a', outcome: 'accepted' },
      { id: 'tb-0-b', outcome: 'refused', code: 'STALE_KEY' },
      { id: 'tb-0-elsewhere', outcome: 'accepted' },
    ];
    const counts = { batches: 2, frames: 2, readings: 2 };
    const event = { id: `dev-${'g'.repeat(26)}`, change: 'telemetry:anchor', state: 'refused', version: 1, at };
    await follow(careEvents.anchored, { ...event, outcomes, ...counts });
    const rows = await portal.db.select().from(telemetryBatches).orderBy(telemetryBatches.id);
    expect(rows.map(({ transactionId, blockNumber }) => [transactionId, blockNumber])).toEqual([
      [`tx-${number - 1n}`, Number(number - 1n)],
      [null, null],
    ]);
  });
});
