import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isStale } from '#chaincode/model/circle.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { type CircleBlock, decodeBlock, encodeBlock } from '#crypto/circle/block.ts';
import { memoryCircleStore } from './circleStore.ts';
import { enterCircle, removeUnfit } from './circles.ts';
import { CircleWorld, clientOf } from './circleTesting.ts';
import { ContractWorld, type Member } from './contractTesting.ts';
import type { VaultKeeper } from './keeper.ts';

let world: ContractWorld;
let circles: CircleWorld;
let patient: Member;
let doctor: Member;

// Tabs of one browser take turns by a lock; browsers of different people do not, as here.
beforeAll(() => void vi.stubGlobal('navigator', {}));
afterAll(() => void vi.unstubAllGlobals());

beforeEach(async () => {
  world = await ContractWorld.begin();
  patient = await world.patient();
  doctor = await world.staff('doctor');
  circles = new CircleWorld(world, [patient, doctor]);
});

const enter = (member: Member, keeper: VaultKeeper = member.keeper) =>
  enterCircle(clientOf(keeper), circles.portOf(member), patient.id, { begin: member === patient });
const restart = () => enterCircle(clientOf(patient.keeper), circles.portOf(patient), patient.id, { restart: true });
const remove = (member: Member) => removeUnfit(clientOf(member.keeper), circles.portOf(member), patient.id);
const seat = (subject: string) =>
  world.submit(patient, { kind: 'circles:seat', seat: { patient: patient.id, subject } });
const unseat = (subject: string) => world.submit(patient, { kind: 'circles:unseat', patient: patient.id, subject });
const circleNow = async () => (await circles.portOf(patient).read(patient.id)).circle;

describe('a browser in a circle', () => {
  it('begins it as the patient’s, joins as the doctor’s once there is a seat, and follows the others', async () => {
    expect(await enter(patient)).toMatchObject({ state: 'in', generation: 1, epoch: 0 });
    expect(await enter(doctor)).toMatchObject({ state: 'outside' });
    await seat(doctor.id);
    expect(await enter(doctor)).toMatchObject({ state: 'in', epoch: 1 });
    const second = await world.browserOf(patient);
    expect(await enter(patient, second)).toMatchObject({ state: 'in', epoch: 2 });
    const followed = await enter(patient);
    expect(followed).toMatchObject({ state: 'in', epoch: 2, unfit: [] });
    if (followed.state !== 'in') throw new Error('outside');
    expect(followed.leaves.map(({ subject }) => subject)).toEqual([patient.id, doctor.id, patient.id]);
    expect(await enter(doctor)).toMatchObject({ state: 'in', epoch: 2, keyCommitment: followed.keyCommitment });
  });

  it('waits for the patient where nobody has begun', async () => {
    await seat(doctor.id);
    expect(await enter(doctor)).toMatchObject({ state: 'none' });
  });

  it('goes on after a reload where it was, through as many epochs as went by, without joining again', async () => {
    await seat(doctor.id);
    const store = memoryCircleStore();
    const before = await world.browserOf(patient, store);
    const begun = await enter(patient, before);
    await before.lock();
    const others: VaultKeeper[] = [];
    for (let one = 0; one < 4; one += 1) {
      const browser = await world.browserOf(doctor);
      await enter(doctor, browser);
      others.push(browser);
    }
    const after = await world.browserOf(patient, store);
    const again = await enter(patient, after);
    expect(again).toMatchObject({ state: 'in', epoch: 4 });
    expect(again.state === 'in' && begun.state === 'in' && again.leaf === begun.leaf).toBe(true);
    expect((await circleNow())?.leaves).toHaveLength(5);
  });

  it('is a member where it closed after the ledger took its change and before it knew', async () => {
    const store = memoryCircleStore();
    const first = await world.browserOf(patient, store);
    const source = await circles.portOf(patient).read(patient.id);
    const change = await first.circleEnter(source);
    if (change.state !== 'commit') throw new Error(change.state);
    world.upload([change.block]);
    await world.submit(patient, { kind: 'circles:commit', commit: change.commit });
    const second = await world.browserOf(patient, store);
    expect(await enter(patient, second)).toMatchObject({ state: 'in', epoch: 0 });
    expect((await circleNow())?.leaves).toHaveLength(1);
  });

  it('is the quicker one, or follows whoever was, when two change the circle at once', async () => {
    await enter(patient);
    await seat(doctor.id);
    const browsers = await Promise.all([world.browserOf(doctor), world.browserOf(doctor), world.browserOf(patient)]);
    const [one, two, three] = browsers;
    if (!one || !two || !three) throw new Error('no browsers');
    await Promise.all([enter(doctor, one), enter(doctor, two), enter(patient, three)]);
    const places = await Promise.all([enter(doctor, one), enter(doctor, two), enter(patient, three), enter(patient)]);
    expect(new Set(places.map((place) => place.state === 'in' && `${place.epoch} ${place.keyCommitment}`)).size).toBe(
      1,
    );
    expect((await circleNow())?.leaves).toHaveLength(4);
  });

  it('joins in the place of its own oldest one where a person has as many as the ledger lets in', async () => {
    for (let one = 0; one < 9; one += 1) await enter(patient, await world.browserOf(patient));
    expect((await circleNow())?.leaves).toHaveLength(8);
  });

  it('changes nothing by another tab of it that is behind', async () => {
    const store = memoryCircleStore();
    const [tab, other] = [await world.browserOf(patient, store), await world.browserOf(patient, store)];
    await enter(patient, tab);
    await enter(patient, other);
    await seat(doctor.id);
    await enter(doctor);
    await unseat(doctor.id);
    await enter(patient, tab);
    expect(await removeUnfit(clientOf(tab), circles.portOf(patient), patient.id)).toBe(true);
    expect(await enter(patient, other)).toMatchObject({ state: 'in', epoch: 2, unfit: [] });
    expect((await circleNow())?.leaves).toHaveLength(1);
  });
});

describe('a change that leads nowhere', () => {
  beforeEach(async () => {
    await enter(patient);
    await seat(doctor.id);
    await enter(doctor);
    await enter(patient);
  });

  const blockNow = async () => world.blocks.get((await circleNow())?.cid ?? '') ?? new Uint8Array();

  /** What a dishonest member of the circle has the ledger take for the next epoch. */
  const take = async (parts: CircleBlock) => {
    const circle = await circleNow();
    if (!circle) throw new Error('no circle');
    const { block, cid, contentHash } = encodeBlock(parts);
    world.upload([{ cid, codec: 'raw', bytes: block }]);
    const { generation, epoch } = circle;
    const place = { patient: patient.id, generation, epoch: epoch + 1, cid, contentHash };
    const keyCommitment = '0'.repeat(64);
    await world.submit(doctor, {
      kind: 'circles:commit',
      commit: { ...place, keyCommitment, added: [], removed: [] },
    });
    return cid;
  };
  const garbage = randomBytes(500);

  it('is named with whose it was, and the owner begins the circle anew', async () => {
    await take({ commit: garbage, groupInfo: garbage });
    expect(await enter(patient)).toMatchObject({ state: 'stuck', by: doctor.id });
    expect(await enter(doctor)).toMatchObject({ state: 'stuck', by: doctor.id });
    expect(await restart()).toMatchObject({ state: 'in', generation: 2, epoch: 0, unfit: [] });
    expect(await enter(doctor)).toMatchObject({ state: 'in', generation: 2, epoch: 1 });
    expect(await enter(patient)).toMatchObject({ state: 'in', generation: 2, epoch: 1 });
  });

  it('is told from a block that did not arrive', async () => {
    const before = await blockNow();
    const cid = await take({ commit: garbage, groupInfo: decodeBlock(before).groupInfo });
    const sent = await blockNow();
    world.blocks.set(cid, before);
    await expect(enter(patient)).rejects.toMatchObject({ code: 'CIRCLE_BLOCK' });
    world.blocks.set(cid, sent);
    expect(await enter(patient)).toMatchObject({ state: 'stuck', by: doctor.id });
  });
});

describe('whoever may not be in a circle any more', () => {
  beforeEach(async () => {
    await enter(patient);
    await seat(doctor.id);
    await enter(doctor);
    await enter(patient);
  });

  it('is removed with a new key once the seat has ended, and stays outside', async () => {
    await unseat(doctor.id);
    const stale = await circleNow();
    expect(stale && isStale(stale, new Date())).toBe(true);
    expect(await enter(patient)).toMatchObject({ unfit: [{ subject: doctor.id, reason: 'no-seat' }] });
    expect(await remove(patient)).toBe(true);
    expect(await enter(patient)).toMatchObject({ state: 'in', epoch: 2, unfit: [] });
    const fresh = await circleNow();
    expect(fresh && isStale(fresh, new Date())).toBe(false);
    expect(await enter(doctor)).toMatchObject({ state: 'outside', was: true });
    expect(await enter(doctor)).toMatchObject({ state: 'outside', was: false });
    expect(await remove(patient)).toBe(false);
  });

  it('is who is suspended, and who signs with another key than the one on the registry', async () => {
    circles.statuses.set(doctor.id, 'suspended');
    expect(await enter(patient)).toMatchObject({ unfit: [{ reason: 'suspended' }] });
    circles.statuses.set(doctor.id, 'expired');
    expect(await enter(patient)).toMatchObject({ unfit: [{ reason: 'expired' }] });
    circles.statuses.delete(doctor.id);
    const [first, second] = circles.members;
    if (!first || !second) throw new Error('nobody');
    second.identity.keys.signingKeyHash = '0'.repeat(64);
    expect(await enter(patient)).toMatchObject({ unfit: [{ reason: 'wrong-key' }] });
  });

  it('comes back by a new seat, as another leaf', async () => {
    await unseat(doctor.id);
    await remove(patient);
    await seat(doctor.id);
    expect(await enter(doctor)).toMatchObject({ state: 'in', epoch: 3 });
    expect(await enter(patient)).toMatchObject({ state: 'in', epoch: 3 });
  });
});
