import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '#chaincode/model/alert.ts';
import type { CircleEpoch, Seat } from '#chaincode/model/circle.ts';
import type { Page } from '#chaincode/model/registry.ts';
import type { Batch, StoredArchive, StoredBatch } from '#chaincode/model/telemetry.ts';
import { CircleCare, circleIds, deviceIdOf, equipAll } from '#chaincode/testing/circles.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import { prepareRecords } from '#chaincode/testing/records.ts';
import { populate, practitionerIdOf, submitToRegistry } from '#chaincode/testing/world.ts';
import { Consortium } from './consortium.ts';
import { GatewayLedger, personOf } from './gatewayLedger.ts';

/** Circles, batches and alerts as they run: behind gateways, with ranges, private data, other channels, and many keys in a transaction. */

let consortium: Consortium;
let care: CircleCare;
const valid = 0;
const mvccReadConflict = 11;

beforeAll(async () => {
  consortium = await Consortium.start();
  const ledger = new GatewayLedger(consortium);
  const enrol = (mspId: string, attributes: Record<string, string>) => ledger.enrol(mspId, attributes);
  care = new CircleCare(await equipAll(await prepareRecords(await populate(ledger, enrol)), enrol));
  await care.open();
  await care.gather();
}, 300_000);

afterAll(() => consortium?.close());

/** Endorses a call of the tests, so that others can come before its commit. */
const endorse = ({ caller, function: name, args }: ReturnType<CircleCare['order']>) =>
  consortium.endorse(personOf(caller), 'care', [name, ...args]);
const read = <T>(name: string, ...args: string[]) => care.evaluate<T>(care.world.people.service, name, ...args);
const many = (from: number, count: number): Batch[] =>
  Array.from({ length: count }, (_, index) =>
    care.batchOf(from + index, { streams: [care.partOf(from + index)], epoch: 3 }),
  );

it('orders commits: of two for one epoch, one is valid', async () => {
  const commits = await Promise.all(
    [care.patient, care.device('sensor')].map(async (member) => endorse(await care.commitOrder(member))),
  );
  const codes = await consortium.commit(personOf(care.patient.identity), ...commits);
  expect(codes.toSorted()).toEqual([valid, mvccReadConflict]);
  const epochs = await read<CircleEpoch[]>('circles:readEpochs', care.subject, '1', '0', '10');
  expect(epochs.map(({ epoch, until }) => [epoch, until !== undefined])).toEqual([
    ...[0, 1, 2].map((epoch) => [epoch, true]),
    [3, false],
  ]);
}, 120_000);

it('anchors five hundred batches in a transaction, once', async () => {
  const batches = many(1, 500);
  const outcomes = await care.anchor(batches);
  expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(500);
  expect((await care.anchor(batches)).every(({ outcome }) => outcome === 'duplicate')).toBe(true);
  const stream = [care.subject, deviceIdOf('sensor'), 'a'.repeat(16)];
  expect(await read('telemetry:readStream', ...stream)).toEqual({ last: 500 });
  const page = await read<Page<StoredBatch>>('telemetry:listBatches', care.subject, '100', '');
  expect(page.items).toHaveLength(100);
  expect(page.bookmark).not.toBe('');
  const again = await Promise.all([many(501, 1), many(501, 2)].map((each) => endorse(care.anchorOrder(each))));
  const codes = await consortium.commit(personOf(care.world.devices.gateway), ...again);
  expect(codes.toSorted()).toEqual([valid, mvccReadConflict]);
}, 120_000);

it('keeps archived keys from every block, and gives them to the patient', async () => {
  await care.archive(care.device('sensor'), { epoch: 3 });
  const read = () =>
    care.evaluate<StoredArchive[]>(care.patient.identity, 'telemetry:readArchives', care.subject, '1', '0', '');
  const [kept] = await read();
  expect(kept).toMatchObject({ epoch: 3, by: deviceIdOf('sensor') });
  await care.archive(care.patient, { epoch: 3 });
  expect(await read()).toMatchObject([{ by: care.subject }]);
}, 120_000);

it('raises and answers alerts, and plans what is watched', async () => {
  const alerts = [care.alertOf(1), care.alertOf(2, { device: deviceIdOf('hub') })];
  await care.submit(care.world.devices.gateway, 'alerts:raise', [JSON.stringify({ alerts })]);
  await care.submit(care.world.people.doctor, 'alerts:acknowledge', [circleIds.alert(1)]);
  await care.submit(care.world.people.doctor, 'alerts:close', [circleIds.alert(1), 'expected']);
  const { items } = await read<Page<Alert>>('alerts:listByPatient', care.subject, '10', '');
  expect(items).toMatchObject([{ id: circleIds.alert(1), state: 'closed', outcome: 'expected' }]);
  await care.plan(care.staff('doctor'), { epoch: 3 });
  expect(await read('telemetry:readPlan', care.subject)).toMatchObject({ version: 1, by: practitionerIdOf('doctor') });
}, 120_000);

it('anchors nothing of a suspended device, also what was endorsed before', async () => {
  const endorsed = await endorse(care.anchorOrder(many(600, 1)));
  await submitToRegistry(care.world, care.world.people.admin, 'setDeviceStatus', deviceIdOf('sensor'), 'suspended');
  await care.submit(care.world.registrars.RegulatorMSP, 'standings:mirror', [deviceIdOf('sensor')]);
  const gateway = personOf(care.world.devices.gateway);
  expect(await consortium.commit(gateway, endorsed)).toEqual([mvccReadConflict]);
  expect((await care.anchor(many(600, 1))).map(({ code }) => code)).toEqual(['SUSPENDED']);
  await care.commit(care.patient, { removed: [circleIds.leaf(2)] });
  await care.unseat(deviceIdOf('sensor'));
  expect(await refusal(care.commit(care.device('sensor')))).toBe('SUSPENDED');
  const seats = await read<Page<Seat>>('circles:listSeatsOf', deviceIdOf('sensor'), '10', '');
  expect(seats.items).toMatchObject([{ patient: care.subject, state: 'ended' }]);
}, 120_000);
