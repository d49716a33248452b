import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessView } from '#chaincode/model/access.ts';
import { categories } from '#chaincode/model/category.ts';
import { circleEpoch } from '#chaincode/model/circle.ts';
import { categoryView, storedCategory } from '#chaincode/model/healthRecord.ts';
import { escrowKey, escrowMsps } from '#chaincode/model/patient.ts';
import { plan as planEntry, storedArchive } from '#chaincode/model/telemetry.ts';
import { createEscrow } from '#connector/escrow/escrow.ts';
import { connectTo } from '#connector/testing/contracts.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { newCareId } from '#crypto/identifier.ts';
import type { ClaimedReader } from '#crypto/reader.ts';
import { batchOf } from '#crypto/telemetry/batch.ts';
import { defaultTerms } from '#monitoring/planDefaults.ts';
import type { Reading } from '#monitoring/reading.ts';
import { enterCircle, removeUnfit } from './circles.ts';
import { CircleWorld, clientOf, TestDevice } from './circleTesting.ts';
import { ContractWorld, claimOf, type Member } from './contractTesting.ts';
import type { VaultKeeper } from './keeper.ts';

let world: ContractWorld;
let circles: CircleWorld;
let patient: Member;
let doctor: Member;
let sensor: Member;
let device: TestDevice;

const enter = (member: Member, keeper: VaultKeeper = member.keeper) =>
  enterCircle(clientOf(keeper), circles.portOf(member), patient.id, { begin: member === patient });
const seat = (subject: string) =>
  world.submit(patient, { kind: 'circles:seat', seat: { patient: patient.id, subject } });
const open = (keeper: VaultKeeper, ...frames: Uint8Array[]) =>
  keeper.circleOpenFrames({ patient: patient.id, frames, certificates: world.certificates });
/** What each frame came to: its readings, or why it was not opened. */
const outcome = async (keeper: VaultKeeper, ...frames: Uint8Array[]) =>
  (await open(keeper, ...frames)).map((frame) =>
    frame.kind === 'readings' ? frame.readings : frame.kind === 'refused' ? frame.problem.code : frame.kind,
  );
const pulse = (value: number, at = Date.now()): Reading => ({ at, measure: 'heartRate', values: [value], flags: 0 });

beforeEach(async () => {
  world = await ContractWorld.begin();
  [patient, doctor, sensor] = [await world.patient(), await world.staff('doctor'), await world.device()];
  circles = new CircleWorld(world, [patient, doctor, sensor]);
  await enter(patient);
  for (const { id } of [sensor, doctor]) await seat(id);
  device = await TestDevice.join(circles, sensor, patient.id);
  await enter(doctor);
  await enter(patient);
  await device.follow(circles);
});

describe('what a device sealed', () => {
  it('opens for everybody who was in the circle then, and for nobody else', async () => {
    const frame = await device.seal([pulse(71), pulse(72)]);
    const expected = [[expect.objectContaining({ values: [71] }), expect.objectContaining({ values: [72] })]];
    expect(await outcome(patient.keeper, frame)).toEqual(expected);
    expect(await outcome(doctor.keeper, frame)).toEqual(expected);
    const stranger = await world.staff('doctor');
    expect(await outcome(stranger.keeper, frame)).toEqual(['CIRCLE_KEY']);
    const late = await world.browserOf(patient);
    await enter(patient, late);
    expect(await outcome(late, frame)).toEqual(['CIRCLE_KEY']);
  });

  it('does not open for a doctor who was removed before it was measured, and the one from before does', async () => {
    const before = await device.seal([pulse(70)]);
    await world.submit(patient, { kind: 'circles:unseat', patient: patient.id, subject: doctor.id });
    expect(await removeUnfit(clientOf(patient.keeper), circles.portOf(patient), patient.id)).toBe(true);
    await device.follow(circles);
    const after = await device.seal([pulse(140)]);
    expect(await outcome(doctor.keeper, before, after)).toEqual([[expect.anything()], 'CIRCLE_KEY']);
    expect(await enter(doctor)).toMatchObject({ state: 'outside' });
    expect(await outcome(doctor.keeper, after)).toEqual(['CIRCLE_KEY']);
    expect(await outcome(patient.keeper, after)).toEqual([[expect.objectContaining({ values: [140] })]]);
  });

  it('is refused where it was changed, is of another patient, or not signed by the device that it names', async () => {
    const frame = await device.seal([pulse(71)]);
    const other = await world.device();
    const changed = frame.slice();
    changed[changed.length - 10] = (changed.at(-10) ?? 0) ^ 1;
    const foreign = await device.seal([pulse(71)], { device: other.id });
    const elsewhere = await device.seal([pulse(71)], { patient: await world.ward() });
    const wrongKey = await device.seal([pulse(71)], { epoch: 0 });
    const codes = await outcome(patient.keeper, changed, foreign, elsewhere, wrongKey, new Uint8Array(9), frame);
    expect(codes.slice(0, 5).every((code) => typeof code === 'string')).toBe(true);
    expect(codes.slice(1, 4)).toEqual(['FRAME_FOREIGN', 'FRAME_FOREIGN', 'FRAME_SEALED']);
    expect(codes[5]).toEqual([expect.objectContaining({ values: [71] })]);
  });

  it('is forgotten when the vault locks', async () => {
    const frame = await device.seal([pulse(71)]);
    await patient.keeper.lock();
    await expect(open(patient.keeper, frame)).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  });

  it('is proved, one reading of it, against the ledger’s entry of its batch', async () => {
    const frames = [await device.seal([pulse(71), pulse(190), pulse(73)]), await device.seal([pulse(74)])];
    const { batch, bytes } = batchOf(frames);
    world.upload([{ cid: batch.cid, codec: 'raw', bytes }]);
    const [shown] = await open(doctor.keeper, ...frames);
    const asked = { batch, frame: shown?.hash ?? '', index: 1, certificates: world.certificates };
    const { reading, proved } = await doctor.keeper.proveFrameReading(asked);
    expect([reading.values, proved.d]).toEqual([[190], sensor.id]);
    const forged = { ...batch, root: '0'.repeat(64) };
    await expect(doctor.keeper.proveFrameReading({ ...asked, batch: forged })).rejects.toThrow();
  });
});

describe('keys in the record', () => {
  const ownViews = () => world.read(patient, { kind: 'records:readOwn', patient: patient.id }, z.array(categoryView));
  const archives = (member: Member, access?: string) => {
    const asked = { patient: patient.id, generation: 1, from: 0, ...(access && { access }) };
    return world.read(member, { kind: 'telemetry:readArchives', ...asked }, z.array(storedArchive));
  };
  const epochs = () => {
    const asked = { patient: patient.id, generation: 1, from: 0, pageSize: 100 };
    return world.read(patient, { kind: 'circles:readEpochs', ...asked }, z.array(circleEpoch));
  };

  beforeEach(async () => {
    for (const mspId of escrowMsps) {
      const officer = world.registrars[mspId];
      await createEscrow(connectTo(world.ledger, officer), officer, randomBytes(32)).publish();
    }
    const keys = await world.ask(z.array(escrowKey), 'registry', 'readEscrowKeys');
    const escrow: ClaimedReader[] = keys.map((key) => ({ kind: 'escrow', key }));
    const opening = { patient: patient.id, categories: [...categories], readers: [], escrow };
    await world.submit(patient, await patient.keeper.openRecord(opening));
  });

  async function archive() {
    const keys = await world.read(patient, { kind: 'records:readKeys', patient: patient.id }, z.array(storedCategory));
    const results = keys.find(({ category }) => category === 'results');
    if (results === undefined) throw new Error('no results');
    const asked = { patient: patient.id, results, certificates: world.certificates };
    await world.submit(patient, await patient.keeper.archiveKey(asked));
  }

  it('give a browser that came later what was measured before', async () => {
    const frame = await device.seal([pulse(71)]);
    await archive();
    const late = await world.browserOf(patient);
    await enter(patient, late);
    await late.unlockRecord({ patient: patient.id, views: await ownViews(), certificates: world.certificates });
    const given = { patient: patient.id, archives: await archives(patient), epochs: await epochs() };
    expect(await late.historyKeys(given)).toEqual({ opened: 1, refused: [] });
    expect(await outcome(late, frame)).toEqual([[expect.objectContaining({ values: [71] })]]);
  });

  it('give a doctor without a seat what the patient shares of the results, and nobody without', async () => {
    const frame = await device.seal([pulse(71)]);
    await archive();
    const other = await world.staff('doctor');
    await patient.keeper.unlockRecord({
      ...{ patient: patient.id, views: await ownViews(), certificates: world.certificates },
    });
    const terms = {
      ...{ decision: 'permit' as const, grantee: { kind: 'person' as const, id: other.id } },
      ...{ categories: ['results' as const], purposes: ['TREAT' as const] },
      from: new Date(Date.now() - 60_000).toISOString(),
    };
    const granted = await patient.keeper.grantConsent({ patient: patient.id, terms, reader: claimOf(other) });
    await world.submit(patient, granted);
    const access = { id: newCareId('acc', patient.id), patient: patient.id };
    await expect(archives(other, access.id)).rejects.toThrow();
    await world.submit(other, { kind: 'access:request', access, terms: { categories: ['results'], purpose: 'TREAT' } });
    const { categories: views } = await world.read(other, { kind: 'access:read', id: access.id }, accessView);
    await other.keeper.unlockRecord({ patient: patient.id, views, certificates: world.certificates });
    await other.keeper.historyKeys({
      ...{ patient: patient.id, archives: await archives(other, access.id), epochs: await epochs() },
    });
    expect(await outcome(other.keeper, frame)).toEqual([[expect.objectContaining({ values: [71] })]]);
  });

  it('are refused where they are not those that the ledger committed to', async () => {
    await archive();
    const late = await world.browserOf(patient);
    await late.unlockRecord({ patient: patient.id, views: await ownViews(), certificates: world.certificates });
    const forged = (await epochs()).map((epoch) => ({ ...epoch, keyCommitment: '0'.repeat(64) }));
    const given = { patient: patient.id, archives: await archives(patient), epochs: forged };
    expect(await late.historyKeys(given)).toMatchObject({ opened: 0, refused: [{ code: 'CIRCLE_KEY' }] });
  });
});

describe('a plan', () => {
  const set = async (version = 1) => {
    const made = { patient: patient.id, version, terms: defaultTerms(doctor.id) };
    const { intent, block } = await doctor.keeper.circleSealPlan(made);
    world.upload([block]);
    await world.submit(doctor, intent);
  };
  const read = () => world.read(patient, { kind: 'telemetry:readPlan', patient: patient.id }, planEntry);
  const opened = async (keeper: VaultKeeper) =>
    keeper.circleOpenPlan({ plan: await read(), certificates: world.certificates });

  it('is signed by its clinician, opens for the circle, and is sealed anew for who comes later', async () => {
    await set();
    expect(await opened(patient.keeper)).toMatchObject({ version: 1, by: doctor.id });
    const late = await world.browserOf(patient);
    await enter(patient, late);
    await expect(opened(late)).rejects.toMatchObject({ code: 'CIRCLE_KEY' });
    await enter(patient);
    const asked = { plan: await read(), certificates: world.certificates };
    const { intent, block } = await patient.keeper.circleResealPlan(asked);
    world.upload([block]);
    await world.submit(patient, intent);
    expect(await opened(late)).toMatchObject({ version: 1, by: doctor.id });
  });

  it('is not taken from somebody who did not sign it, or as another version', async () => {
    await set();
    const plan = await read();
    const certificates = world.certificates.filter((pem) => pem !== doctor.owner.certificatePem);
    await expect(patient.keeper.circleOpenPlan({ plan, certificates })).rejects.toMatchObject({
      code: 'SIGNATURE_FOREIGN',
    });
    const later = { ...plan, version: 2 };
    await expect(
      patient.keeper.circleOpenPlan({ plan: later, certificates: world.certificates }),
    ).rejects.toMatchObject({ code: 'ALTERED' });
  });
});
