import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { accessView } from '#chaincode/model/access.ts';
import { categories } from '#chaincode/model/category.ts';
import { type CategoryView, categoryView, seedWrap, storedCategory } from '#chaincode/model/healthRecord.ts';
import { escrowKey, escrowMsps, patientRecord, reenrolmentDelayHours } from '#chaincode/model/patient.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { createEscrow } from '#connector/escrow/escrow.ts';
import { completeReenrolments } from '#connector/registrar/completeReenrolments.ts';
import { connectTo } from '#connector/testing/contracts.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { newCareId } from '#crypto/identifier.ts';
import type { Identified } from '#fhir/record.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { ContractWorld, claimOf, type Member } from './contractTesting.ts';
import type { VaultKeeper } from './keeper.ts';

/** Somebody who has lost everything gets new keys and reads the own record again: on the real contracts, the clock moved on. */

const hour = 3600_000;
const log = { info: () => {}, warn: () => {} };
const seeds = escrowMsps.map(() => randomBytes(32));
let world: ContractWorld;
let doctor: Member;
let admin: Member;

const escrowAt = (at: number) => {
  const officer = world.registrars[escrowMsps[at] ?? 'HospitalMSP'];
  return createEscrow(connectTo(world.ledger, officer), officer, seeds[at] ?? new Uint8Array());
};
const passTime = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

beforeAll(async () => {
  world = await ContractWorld.begin();
  doctor = await world.staff('doctor');
  admin = await world.staff('admin');
  for (const at of escrowMsps.keys()) await escrowAt(at).publish();
});
afterEach(() => vi.useRealTimers());
afterAll(() => vi.useRealTimers());

const condition = (of: string, id: string, text: string): Identified => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
  code: { text },
  subject: { reference: `Patient/${of}` },
  onsetDateTime: '2025-03-01',
});

async function write(of: string, text: string): Promise<void> {
  const keys = await world.read(doctor, { kind: 'records:readKeys', patient: of }, z.array(storedCategory));
  const category = keys.find((each) => each.category === 'clinical');
  if (category === undefined) throw new RangeError('no key to write to');
  const { id } = await doctor.keeper.beginDocument({ patient: of });
  const { intent, block } = await doctor.keeper.composeDocument({
    ...{ document: id, category, certificates: world.certificates },
    resources: [condition(of, `c-${id.slice(-8)}`, text)],
  });
  world.upload([block]);
  await doctor.keeper.endDocument({ document: id });
  await world.submit(doctor, intent);
}

/** A patient with a record in which something stands. */
async function patientWithRecord(): Promise<Member> {
  const patient = await world.patient();
  const keys = await world.ask(z.array(escrowKey), 'registry', 'readEscrowKeys');
  const escrow = keys.map((key) => ({ kind: 'escrow' as const, key }));
  const opening = { patient: patient.id, categories: [...categories], readers: [], escrow };
  await world.submit(patient, await patient.keeper.openRecord(opening));
  await write(patient.id, 'Asthma');
  return patient;
}

const ownViews = (who: Member) => world.read(who, { kind: 'records:readOwn', patient: who.id }, z.array(categoryView));
async function chart(keeper: VaultKeeper, patient: string, views: CategoryView[]) {
  const source = { patient, views, certificates: world.certificates };
  const unlocked = await keeper.unlockRecord(source);
  const { screen } = await keeper.openChart(source);
  return { states: new Set(unlocked.map(({ state }) => state)), words: screen.problems.map(({ x }) => x) };
}

const propose = (who: Member, by = admin) =>
  world.submit(by, { kind: 'patients:proposeReenrolment', subject: who.id, keys: who.identity.keys });
const approve = ({ id }: Member) =>
  world.ledger.submit({
    ...{ channel: 'care-0', contract: 'care', function: 'patients:approveReenrolment', args: [id] },
    caller: world.registrars.RegulatorMSP,
  });
/** What the connectors do from time to time. */
const complete = () =>
  completeReenrolments(
    'HospitalMSP',
    connectTo(world.ledger, world.registrars.HospitalMSP),
    ['care-0'],
    log,
    new Date(),
  );
const keysOf = async ({ id }: Member) => (await world.ask(patientRecord, 'care-0', 'patients:read', id)).keys;

/** Requests the own record, and has two organisations release their shares for the present reading key. */
async function openByEscrow(who: Member) {
  const { id: patient } = who;
  const access = { id: newCareId('acc', patient), patient };
  await world.submit(who, {
    ...{ kind: 'access:request', access, terms: { categories: [...categories], purpose: 'TREAT' } },
  });
  const { categories: views } = await world.read(who, { kind: 'access:read', id: access.id }, accessView);
  const sealed = await world.read(who, { kind: 'access:readEscrow', id: access.id }, z.array(seedWrap.loose()));
  const released = await Promise.all(
    [0, 2].map((at) => {
      const mspId = escrowMsps[at] ?? '';
      const own = sealed.filter(({ reader }) => reader === `escrow:${mspId}`);
      const shares = own.map(({ category, epoch, wrap }) => ({ category, epoch, wrap }));
      return escrowAt(at).release({ mspId, patient, person: patient, shares });
    }),
  );
  const given = released.flatMap(({ shares }) => shares);
  const shares = categories.map((category) => {
    const of = given.filter((share) => share.category === category);
    return { category, epoch: of[0]?.epoch ?? 0, wraps: of.map(({ wrap }) => wrap) };
  });
  return who.keeper.unlockByShares({ patient, views, shares, certificates: world.certificates });
}

describe('a patient who has lost everything', () => {
  it('reads the own record again by new keys, and no key from before reads or signs', async () => {
    const lost = await patientWithRecord();
    const found = await world.withOtherKeys(lost);
    expect(await refusal(propose(found, doctor))).toBe('NOT_AUTHORISED');
    await propose(found);
    expect(await refusal(propose(found))).toBe('WRONG_STATE');
    await approve(found);
    passTime((reenrolmentDelayHours - 1) * hour);
    await complete();
    expect(await keysOf(lost)).toEqual(lost.identity.keys);
    expect((await chart(lost.keeper, lost.id, await ownViews(lost))).words).toEqual(['Asthma']);

    passTime(2 * hour);
    await complete();
    expect(await keysOf(found)).toEqual(found.identity.keys);
    expect(await refusal(ownViews(lost))).toBe('NOT_REGISTERED');
    const views = await ownViews(found);
    const before = await chart(found.keeper, found.id, views);
    expect(before).toEqual({ states: new Set(['refused']), words: [] });

    const unlocked = await openByEscrow(found);
    expect(new Set(unlocked.map(({ state }) => state))).toEqual(new Set(['open']));
    const readers = [{ claim: claimOf(found), categories: [...categories] }];
    await world.submit(found, await found.keeper.addWraps({ patient: found.id, readers }));
    const elsewhere = await world.browserOf(found);
    const again = await chart(elsewhere, found.id, await ownViews(found));
    expect(again).toEqual({ states: new Set(['open']), words: ['Asthma'] });
    await write(found.id, 'Migraine');
    expect((await chart(elsewhere, found.id, await ownViews(found))).words.sort()).toEqual(['Asthma', 'Migraine']);
  });

  it('who still has the keys refuses, and everything stays; nothing is released then', async () => {
    const lost = await patientWithRecord();
    const found = await world.withOtherKeys(lost);
    await propose(found);
    await approve(found);
    const refuse: TransactionIntent = {
      ...{ kind: 'patients:refuseReenrolment', subject: lost.id, reason: 'It was not me' },
    };
    expect(await refusal(world.submit(found, refuse))).toBe('NOT_REGISTERED');
    await world.submit(lost, refuse);
    passTime((reenrolmentDelayHours + 1) * hour);
    await complete();
    expect(await keysOf(lost)).toEqual(lost.identity.keys);
    expect((await chart(lost.keeper, lost.id, await ownViews(lost))).words).toEqual(['Asthma']);
    await expect(openByEscrow(lost)).rejects.toMatchObject({ code: 'NO_CONSENT' });
    expect(await refusal(openByEscrow(found))).toBe('NOT_REGISTERED');
  });
});
