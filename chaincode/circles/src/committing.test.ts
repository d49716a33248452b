import { beforeEach, describe, expect, it } from 'vitest';
import type { CircleEpoch, NewCommit } from '../../model/circle.ts';
import type { MirroredStanding } from '../../model/standing.ts';
import { type CircleCare, circleIds, createCircleCare, deviceIdOf } from '../../testing/circles.ts';
import { whoMay } from '../../testing/everybody.ts';
import { submitConfirmed } from '../../testing/factors.ts';
import { createIdentity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { hexOf, type Signer } from '../../testing/records.ts';
import { hour, instant, institutions, patientIds } from '../../testing/samples.ts';
import { expireLicence, hire, practitionerIdOf, submitToRegistry, suspend } from '../../testing/world.ts';

let care: CircleCare;
let patient: Signer;
let sensor: Signer;
let doctor: Signer;

beforeEach(async () => {
  care = await createCircleCare();
  patient = care.patient;
  sensor = care.device('sensor');
  doctor = care.staff('doctor');
});

const leavesOf = async () => (await care.circle())?.leaves.map(({ leaf }) => leaf);
const leaf = circleIds.leaf;
const epochs = (generation = 1, from = 0, size = 100) =>
  care.evaluate<CircleEpoch[]>(
    ...[care.world.people.service, 'circles:readEpochs', patient.id, `${generation}`, `${from}`, `${size}`],
  );
const mirror = (subject: string) => care.submit(care.world.registrars.RegulatorMSP, 'standings:mirror', [subject]);

describe('a circle', () => {
  it('is begun by an owner, alone, and by nobody else', async () => {
    const added = (by: Signer) => [care.leafOf(1, by)];
    const { args } = await care.commitOrder(patient, { added: added(patient) });
    expect(await whoMay(care.world, (other, caller) => other.submit(caller, 'circles:commit', args))).toEqual([
      'patient',
    ]);
    await care.seat(sensor.id);
    expect(await refusal(care.commit(sensor, { added: added(sensor) }))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.commit(patient))).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.commit(patient, { added: added(patient), generation: 2 }))).toBe('STALE_KEY');
    expect(await refusal(care.commit(patient, { added: added(patient), epoch: 1 }))).toBe('NOT_FOUND');
    const { simulation } = await care.join(patient, 1);
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ id: patient.id, change: 'circles:commit', state: 'begun', version: 1, patient: patient.id },
    });
    const signingKeyHash = patient.identity.keys.signingKeyHash;
    expect(await care.circle()).toMatchObject({
      ...{ generation: 1, epoch: 0, by: patient.id, version: 1 },
      leaves: [{ leaf: leaf(1), subject: patient.id, signingKeyHash }],
    });
  });

  it('grows by those with a seat, each with a leaf of their own, and keeps every epoch', async () => {
    await care.gather();
    expect(await care.circle()).toMatchObject({ generation: 1, epoch: 2, version: 3 });
    expect(await leavesOf()).toEqual([leaf(1), leaf(2), leaf(3)]);
    const all = await epochs();
    expect(all.map(({ epoch, by }) => [epoch, by])).toEqual([
      [0, patient.id],
      [1, sensor.id],
      [2, doctor.id],
    ]);
    expect(all[0]?.until).toBe(all[1]?.since);
    expect(all[2]?.until).toBeUndefined();
    expect(await epochs(1, 1, 1)).toEqual([all[1]]);
    expect(await epochs(2)).toEqual([]);
    expect(await refusal(epochs(1, -1))).toBe('INVALID_ARGUMENT');
  });

  it('is begun anew by an owner, whatever became of it', async () => {
    await care.gather();
    const begin = (by: Signer) => care.commit(by, { generation: 2, epoch: 0, added: [care.leafOf(9, by)] });
    expect(await refusal(begin(doctor))).toBe('NOT_AUTHORISED');
    await begin(patient);
    expect(await leavesOf()).toEqual([leaf(9)]);
    expect(await epochs(2)).toHaveLength(1);
    expect((await epochs()).at(-1)?.until).toBeDefined();
    const replayed = care.commit(sensor, { generation: 1, epoch: 3, added: [care.leafOf(10, sensor)] });
    expect(await refusal(replayed)).toBe('STALE_KEY');
  });
});

describe('a commit', () => {
  beforeEach(() => care.gather());

  it('is for the epoch that is due, in the order of the ledger', async () => {
    for (const epoch of [2, 4]) expect(await refusal(care.commit(patient, { epoch }))).toBe('STALE_KEY');
    const order = await care.commitOrder(patient);
    const [first, second] = await Promise.all([
      care.world.ledger.endorse(order),
      care.commitOrder(sensor).then((other) => care.world.ledger.endorse(other)),
    ]);
    expect(care.world.ledger.commit(second)).toBe('VALID');
    expect(care.world.ledger.commit(first)).toBe('MVCC_READ_CONFLICT');
    expect(await care.circle()).toMatchObject({ epoch: 3, by: sensor.id });
    expect(await refusal(care.world.ledger.submit(order))).toBe('STALE_KEY');
  });

  it('is by who takes part, and by who is in the group by then', async () => {
    const by: [Signer, string][] = [
      [care.staff('otherDoctor'), 'NO_CONSENT'],
      [care.device('hub'), 'NO_CONSENT'],
      [care.device('gateway'), 'NO_CONSENT'],
      [care.staff('pharmacist'), 'NOT_AUTHORISED'],
      [{ identity: care.world.people.otherPatient, id: patientIds.otherPatient }, 'NOT_AUTHORISED'],
      [{ identity: care.world.people.stranger, id: patient.id }, 'NOT_REGISTERED'],
      [{ identity: care.world.people.impostor, id: doctor.id }, 'NOT_REGISTERED'],
    ];
    for (const [signer, code] of by) {
      expect(await refusal(care.commit(signer, { added: [care.leafOf(20, signer)] })), signer.id).toBe(code);
    }
    await care.seat(deviceIdOf('hub'));
    expect(await refusal(care.commit(care.device('hub')))).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.commit(doctor, { removed: [leaf(3)] }))).toBe('INVALID_ARGUMENT');
  });

  it('adds a leaf of the caller’s, once', async () => {
    const add = (by: Signer, added: NewCommit['added']) => refusal(care.commit(by, { added }));
    expect(await add(doctor, [care.leafOf(20, sensor)])).toBe('NOT_AUTHORISED');
    expect(await add(sensor, [{ ...care.leafOf(20, sensor), subject: patient.id }])).toBe('NOT_AUTHORISED');
    expect(await add(doctor, [care.leafOf(1, doctor)])).toBe('ALREADY_EXISTS');
    expect(await add(doctor, [{ ...care.leafOf(20, doctor), keyHash: hexOf('key of leaf 2') }])).toBe('ALREADY_EXISTS');
    expect(await add(doctor, [care.leafOf(20, doctor), care.leafOf(21, doctor)])).toBe('INVALID_ARGUMENT');
    await care.join(doctor, 20);
    await care.join(doctor, 21, [leaf(20)]);
    expect(await leavesOf()).toEqual([leaf(1), leaf(2), leaf(3), leaf(21)]);
  });

  it('leaves room for others: eight leaves of one subject, thirty-two in all', async () => {
    for (let seed = 0; seed < 7; seed += 1) await care.join(doctor, 30 + seed);
    expect(await refusal(care.join(doctor, 40))).toBe('WRONG_STATE');
    for (let one = 0; one < 3; one += 1) {
      const hired = await hire(care.world, ['doctor', 'hospital'], 800 + one);
      await care.seat(hired.id);
      const room = one === 2 ? 6 : 8;
      for (let seed = 0; seed < room; seed += 1) {
        await care.join({ identity: hired, id: hired.id }, 50 + 10 * one + seed);
      }
    }
    expect(await leavesOf()).toHaveLength(32);
    expect(await refusal(care.join(patient, 90))).toBe('WRONG_STATE');
    await care.join(patient, 90, [leaf(30)]);
  });

  it('removes own leaves, an owner’s all, and nobody’s who takes part by consent', async () => {
    for (const by of [doctor, sensor]) {
      expect(await refusal(care.commit(by, { removed: [leaf(1)] }))).toBe('NOT_AUTHORISED');
    }
    expect(await refusal(care.commit(sensor, { removed: [leaf(3)] }))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.commit(patient, { removed: [leaf(99)] }))).toBe('NOT_FOUND');
    expect(await refusal(care.commit(patient, { removed: [leaf(3), leaf(3)] }))).toBe('INVALID_ARGUMENT');
    await care.commit(patient, { removed: [leaf(3)] });
    expect(await leavesOf()).toEqual([leaf(1), leaf(2)]);
  });

  it('removes, by anybody, whose seat has ended, who can do nothing more', async () => {
    await care.unseat(doctor.id);
    expect(await refusal(care.commit(doctor, { removed: [leaf(1)] }))).toBe('NO_CONSENT');
    expect(await refusal(care.join(doctor, 20))).toBe('NO_CONSENT');
    const { staleSince } = (await care.circle()) ?? {};
    expect(staleSince).toBeDefined();
    await care.commit(sensor);
    expect((await care.circle())?.staleSince).toBe(staleSince);
    await care.commit(sensor, { removed: [leaf(3)] });
    expect((await care.circle())?.staleSince).toBeUndefined();
    const [gathered, kept] = (await epochs()).slice(2);
    expect([gathered?.staleSince, kept?.staleSince]).toEqual([staleSince, staleSince]);
  });

  it('removes, by anybody, whose seat has ended by itself', async () => {
    const until = instant(hour);
    await care.seat(doctor.id, until);
    expect((await care.circle())?.seatsEnd).toBe(until);
    expect(await refusal(care.commit(sensor, { removed: [leaf(3)] }))).toBe('NOT_AUTHORISED');
  });

  it('removes, by anybody, who is out of standing: by the mirror, or by the registry before it', async () => {
    await suspend(care.world, 'doctor');
    expect((await care.circle())?.staleSince).toBeUndefined();
    await mirror(doctor.id);
    const { since } = await care.evaluate<MirroredStanding>(care.world.people.service, 'standings:read', doctor.id);
    expect((await care.circle())?.staleSince).toBe(since);
    await care.commit(sensor, { removed: [leaf(3)] });
    expect((await care.circle())?.staleSince).toBeUndefined();
    const hub = care.device('hub');
    await care.seat(hub.id);
    await care.join(hub, 4);
    const { id } = institutions.otherHospital;
    await submitToRegistry(care.world, care.world.people.regulator, 'setInstitutionStatus', id, 'suspended');
    await mirror(id);
    expect(await refusal(care.commit(hub))).toBe('SUSPENDED');
    await care.commit(sensor);
    expect((await care.circle())?.staleSince).toBeDefined();
    await care.commit(sensor, { removed: [leaf(4)] });
    expect((await care.circle())?.staleSince).toBeUndefined();
  });

  it('removes, by anybody, a leaf whose signing key is nobody’s any more', async () => {
    const next = await createIdentity('HospitalMSP');
    const rotation = { channel: 'registry', contract: 'registry', function: 'rotateKeys', caller: doctor.identity };
    const newKeys = [doctor.id, JSON.stringify(next.keys)];
    await submitConfirmed(care.world, care.world.credentials.doctor, { ...rotation, args: newKeys, transient: {} });
    await care.commit(sensor, { removed: [leaf(3)] });
    const { readingKey, signingKeyHash } = (await createIdentity('HospitalMSP')).keys;
    const keys = JSON.stringify({ readingKey, signingKeyHash });
    await submitToRegistry(care.world, care.world.people.admin, 'rotateDeviceKeys', sensor.id, keys);
    expect(await refusal(care.commit(sensor))).toBe('NOT_REGISTERED');
    await care.seat(deviceIdOf('hub'));
    await care.join(care.device('hub'), 4, [leaf(2)]);
    const own = await createIdentity('PatientMSP', { role: 'patient', subject: patient.id });
    const args = [patient.id, JSON.stringify(own.keys)];
    await care.submit(
      patient.identity,
      'patients:rotateKeys',
      args,
      care.confirm('patient', 'patients:rotateKeys', args),
    );
    await care.commit(care.device('hub'), { removed: [leaf(1)] });
    expect(await leavesOf()).toEqual([leaf(4)]);
  });

  it('removes, by anybody, whose licence does not cover the time', async () => {
    await expireLicence(care.world, 'doctor');
    expect(await refusal(care.commit(doctor))).toBe('LICENCE_INVALID');
    await care.commit(sensor, { removed: [leaf(3)] });
  });

  it('removes, by anybody, a patient who is suspended, and from the time that the patient’s key is another', async () => {
    const setStatus = (status: string) =>
      care.submit(care.world.registrars.RegulatorMSP, 'patients:setStatus', [patient.id, status]);
    await setStatus('suspended');
    await care.world.ledger.endorse(await care.commitOrder(sensor, { removed: [leaf(1)] }));
    await setStatus('active');
    expect(await refusal(care.commit(sensor, { removed: [leaf(1)] }))).toBe('NOT_AUTHORISED');
    const own = await createIdentity('PatientMSP', { role: 'patient', subject: patient.id });
    const args = [patient.id, JSON.stringify(own.keys)];
    const transient = care.confirm('patient', 'patients:rotateKeys', args);
    const { simulation } = await care.submit(patient.identity, 'patients:rotateKeys', args, transient);
    const { staleSince, version } = (await care.circle()) ?? {};
    expect(staleSince).toBeDefined();
    const said = JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString());
    expect(said).toMatchObject({ change: 'patients:rotateKeys', circle: version });
    const again = { identity: own, id: patient.id };
    await care.join(again, 4);
    expect((await care.circle())?.staleSince).toBe(staleSince);
    await care.commit(sensor, { removed: [leaf(1)] });
    expect((await care.circle())?.staleSince).toBeUndefined();
    expect(await leavesOf()).toEqual([leaf(2), leaf(3), leaf(4)]);
  });

  it('is no longer by a device that another institution has, until the patient gives it a seat anew', async () => {
    const next = await createIdentity('HospitalMSP', { role: 'device', subject: sensor.id });
    const { readingKey, signingKeyHash } = next.keys;
    await submitToRegistry(
      care.world,
      care.world.people.admin,
      'transferDevice',
      sensor.id,
      institutions.otherHospital.id,
    );
    expect(await refusal(care.commit(sensor))).toBe('SUSPENDED');
    await submitToRegistry(
      ...([care.world, care.world.people.otherAdmin, 'acceptDevice', sensor.id] as const),
      JSON.stringify({ readingKey, signingKeyHash }),
    );
    const moved = { identity: next, id: sensor.id };
    expect(await refusal(care.commit(moved))).toBe('NO_CONSENT');
    await care.commit(doctor, { removed: [leaf(2)] });
    await care.seat(sensor.id);
    await care.join(moved, 4);
  });

  it('never begins before the one that it follows', async () => {
    const before = await care.circle();
    const order = await care.commitOrder(patient);
    await care.world.ledger.submit({ ...order, at: new Date(Date.now() - 100_000) });
    expect((await care.circle())?.since).toBe(before?.since);
    const late = care.world.ledger.submit({ ...(await care.commitOrder(patient)), at: new Date(Date.now() - 121_000) });
    expect(await refusal(late)).toBe('CLOCK_SKEW');
  });
});

describe('a representative', () => {
  it('has leaves until the representation ends, which makes the epoch stale', async () => {
    await care.gather();
    const until = instant(hour);
    const representative = await care.appoint(1, until);
    await care.join(representative, 4);
    expect(await care.circle()).toMatchObject({ seatsEnd: until });
    expect(await refusal(care.commit(sensor, { removed: [leaf(4)] }))).toBe('NOT_AUTHORISED');
    await care.submit(patient.identity, 'patients:endRepresentation', [`rep-0-${'a'.repeat(25)}b`, 'no longer']);
    expect((await care.circle())?.staleSince).toBeDefined();
    expect(await refusal(care.commit(representative))).toBe('NOT_AUTHORISED');
    await care.commit(sensor, { removed: [leaf(4)] });
    const { staleSince, seatsEnd } = (await care.circle()) ?? {};
    expect([staleSince, seatsEnd]).toEqual([undefined, undefined]);
  });
});

it('an unseating and a commit of who is unseated do not both stand', async () => {
  await care.gather();
  const joining = await care.commitOrder(doctor, { added: [care.leafOf(20, doctor)] });
  const endorsed = await care.world.ledger.endorse(joining);
  await care.unseat(doctor.id);
  expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
  expect(await leavesOf()).toEqual([leaf(1), leaf(2), leaf(3)]);
  const other = await care.world.ledger.endorse(await care.commitOrder(sensor, { removed: [leaf(3)] }));
  await care.seat(doctor.id);
  expect(care.world.ledger.commit(other)).toBe('MVCC_READ_CONFLICT');
  expect(await refusal(care.commit(sensor, { removed: [leaf(3)] }))).toBe('NOT_AUTHORISED');
});

it('a suspension that is mirrored overtakes a commit of who is suspended', async () => {
  await care.gather();
  const endorsed = await care.world.ledger.endorse(await care.commitOrder(doctor));
  await suspend(care.world, 'doctor');
  await mirror(practitionerIdOf('doctor'));
  expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
});
