import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { putBlock, readBlock } from '../circles/blocks.ts';
import { accesses, representations } from '../gateways/db/schema/care.ts';
import { circleBlocks, circleSeats } from '../gateways/db/schema/circles.ts';
import { telemetryBatches, telemetryFrames } from '../gateways/db/schema/telemetry.ts';
import type { Actor } from '../people/schema.ts';
import { type Person, World } from '../testing/world.ts';
import { framesQuery } from './schema.ts';
import { listBatches, listOwnDevices, readFrames } from './service.ts';

let world: World;
let people: Record<
  'patient' | 'representative' | 'other' | 'doctor' | 'colleague' | 'reader' | 'pharmacist' | 'admin',
  Person
>;
let patient: string;

const hourMs = 3600_000;
const later = () => new Date(Date.now() + hourMs);
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'allowed',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

beforeAll(async () => {
  world = await World.start();
  people = {
    patient: await world.person('patient', null),
    representative: await world.person('patient', null),
    other: await world.person('patient', null),
    doctor: await world.person('doctor', 'inst-north-hospital'),
    colleague: await world.person('doctor', 'inst-north-hospital'),
    reader: await world.person('doctor', 'inst-south-hospital'),
    pharmacist: await world.person('pharmacist', 'inst-river-pharmacy'),
    admin: await world.person('admin', 'inst-north-hospital'),
  };
  patient = people.patient.actor.subjectId;
  const { db } = world.portal;
  const channel = world.portal.ledger.careChannelOf(patient);
  await db.insert(circleSeats).values({
    ...{ patient, subject: people.doctor.actor.subjectId, channel, kind: 'clinician', state: 'active', version: 1 },
    since: new Date(),
  });
  await db.insert(representations).values({
    ...{ id: `rep-0-${'a'.repeat(26)}`, channel, patient, representative: people.representative.actor.subjectId },
    ...{ state: 'active', version: 1, ledgerState: {} },
  });
  await db.insert(accesses).values({
    ...{ id: `acc-0-${'a'.repeat(26)}`, channel, patient, reader: people.reader.actor.subjectId, blockNumber: 1 },
    ...{ at: new Date(), until: later(), transactionId: 't' },
  });
  const frames = Array.from({ length: 5 }, (_, index) => ({
    ...{ channel, patient, device: `dev-${'d'.repeat(26)}`, stream: 'ab'.repeat(8), number: index + 1, generation: 1 },
    ...{ epoch: 1, kind: index === 4 ? 'alert' : 'readings', readings: 1, hash: `${index}`.repeat(64) },
    ...{ from: new Date(1_000_000 * index), to: new Date(1_000_000 * index + 1_000), bytes: randomBytes(20) },
    batchId: 'tb-0-x',
  }));
  await db.insert(telemetryFrames).values(frames);
  await db.insert(telemetryBatches).values({
    ...{ id: 'tb-0-x', channel, patient, generation: 1, epoch: 1, cid: 'b', root: 'r', frames: 5, readings: 4 },
    ...{ from: new Date(0), to: new Date(4_001_000), streams: [], state: 'anchored' },
  });
});
afterAll(() => world.stop());

const query = (more: object = {}) => framesQuery.parse({ patient, ...more });
const who = Object.fromEntries as (entries: [string, string][]) => Record<string, string>;
const everybody = async (ask: (actor: Actor) => Promise<unknown>) => {
  const said: [string, string][] = [];
  for (const [name, { actor }] of Object.entries(people)) said.push([name, await code(ask(actor))]);
  return who(said);
};

describe('who may have what', () => {
  const members = { patient: 'allowed', representative: 'allowed', doctor: 'allowed' };
  const strangers = { other: 'NOT_FOUND', colleague: 'NOT_FOUND', pharmacist: 'NOT_FOUND', admin: 'NOT_FOUND' };

  it('sealed frames and batches: members, and who has an access in force', async () => {
    const expected = { ...members, ...strangers, reader: 'allowed' };
    expect(await everybody((actor) => readFrames(actor, query(), world.portal))).toEqual(expected);
    expect(await everybody((actor) => listBatches(actor, { patient }, world.portal))).toEqual(expected);
  });

  it('blocks of the circle: members alone', async () => {
    const bytes = randomBytes(100);
    const expected = { ...members, ...strangers, reader: 'NOT_FOUND' };
    expect(await everybody((actor) => putBlock(actor, { patient, bytes }, world.portal))).toEqual(expected);
    const { cid } = await putBlock(people.patient.actor, { patient, bytes }, world.portal);
    expect(await everybody((actor) => readBlock(actor, { cid }, world.portal))).toEqual(expected);
    expect(await code(readBlock(people.patient.actor, { cid: `b${'a'.repeat(58)}` }, world.portal))).toBe('NOT_FOUND');
  });

  it('devices of the own institution: its admin alone', async () => {
    const allowed = await everybody((actor) =>
      Promise.resolve().then(() => listOwnDevices(actor, undefined, world.portal)),
    );
    expect(Object.entries(allowed).filter(([, said]) => said === 'allowed')).toEqual([['admin', 'allowed']]);
  });

  it('a seat that has ended is none', async () => {
    const { db } = world.portal;
    const subject = people.colleague.actor.subjectId;
    const ended = { patient, subject, channel: 'care-0', kind: 'clinician', version: 1, since: new Date(0) };
    await db.insert(circleSeats).values({ ...ended, state: 'active', until: new Date(Date.now() - 1_000) });
    expect(await code(readFrames(people.colleague.actor, query(), world.portal))).toBe('NOT_FOUND');
    await db.update(circleSeats).set({ until: null, state: 'ended' });
    expect(await code(readFrames(people.doctor.actor, query(), world.portal))).toBe('NOT_FOUND');
    await db.update(circleSeats).set({ state: 'active' });
  });
});

describe('frames', () => {
  const numbers = async (more: object) =>
    (await readFrames(people.patient.actor, query(more), world.portal)).map(({ seq }) => seq);

  it('come in the order of arrival, the newest without a place, or those after one', async () => {
    const all = await numbers({ kind: 'readings,alert' });
    expect(all).toHaveLength(5);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(await numbers({ limit: 2 })).toEqual(all.slice(2, 4));
    expect(await numbers({ after: all[1], limit: 1 })).toEqual([all[2]]);
    expect(await numbers({ kind: 'alert' })).toEqual([all[4]]);
    const from = new Date(1_000_500).toISOString();
    expect(await numbers({ from, to: new Date(2_500_000).toISOString() })).toEqual(all.slice(1, 3));
  });

  it('are found in their batch by their hash', async () => {
    const find = (frame: string) => listBatches(people.patient.actor, { patient, frame }, world.portal);
    expect((await find('2'.repeat(64))).map(({ id, state }) => [id, state])).toEqual([['tb-0-x', 'anchored']]);
    expect(await find('f'.repeat(64))).toEqual([]);
  });
});

describe('blocks of circles', () => {
  beforeEach(() => world.portal.db.delete(circleBlocks));

  it('are bounded in size, and in number as long as no ledger names them', async () => {
    const put = (bytes: Uint8Array) => code(putBlock(people.patient.actor, { patient, bytes }, world.portal));
    expect(await put(new Uint8Array(1_000_000))).toBe('TOO_LARGE');
    expect(await put(new Uint8Array())).toBe('TOO_LARGE');
    for (let count = 0; count < 50; count += 1) expect(await put(randomBytes(40))).toBe('allowed');
    expect(await put(randomBytes(40))).toBe('RATE_LIMITED');
    await world.portal.db.update(circleBlocks).set({ kept: true });
    expect(await put(randomBytes(40))).toBe('allowed');
  });
});
