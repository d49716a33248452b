import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Page } from '../../model/registry.ts';
import type { Batch, StoredBatch } from '../../model/telemetry.ts';
import { type CircleCare, circleIds, createCircleCare, deviceIdOf } from '../../testing/circles.ts';
import { whoMay } from '../../testing/everybody.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { cidOf, hexOf } from '../../testing/records.ts';
import { instant, institutions, patientIds, serial } from '../../testing/samples.ts';
import { practitionerIdOf, submitToRegistry, suspend } from '../../testing/world.ts';

let care: CircleCare;

beforeEach(async () => {
  care = await createCircleCare();
  await care.gather();
});

const minutes = (count: number) => count * 60_000;
const mirror = (subject: string) => care.submit(care.world.registrars.RegulatorMSP, 'standings:mirror', [subject]);
const suspendDevice = (name: 'sensor' | 'gateway') =>
  submitToRegistry(care.world, care.world.people.admin, 'setDeviceStatus', deviceIdOf(name), 'suspended');
const anchoredTo = async (device = deviceIdOf('sensor'), stream = 'a'.repeat(16)) => {
  const place = [care.subject, device, stream];
  return (await care.evaluate<{ last: number }>(care.world.people.service, 'telemetry:readStream', ...place)).last;
};

describe('an anchor', () => {
  it('keeps where a batch is, and tells of it', async () => {
    const batch = care.batchOf(1, { streams: [care.partOf(1, 6)] });
    const { result, simulation } = await care.world.ledger.submit(care.anchorOrder([batch]));
    const outcomes = [{ id: batch.id, outcome: 'accepted' }];
    expect(JSON.parse(result)).toEqual({ outcomes });
    expect(simulation.event?.name).toBe('TelemetryAnchored');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toEqual({
      ...{ id: deviceIdOf('gateway'), change: 'telemetry:anchor', state: 'anchored', version: 1 },
      ...{ at: expect.any(String), outcomes, batches: 1, frames: 6, readings: 60 },
    });
    const { streams: _, ...place } = batch;
    const stored = { ...place, by: deviceIdOf('gateway'), at: expect.any(String) };
    const { service } = care.world.people;
    expect(await care.evaluate(service, 'telemetry:readBatch', batch.id)).toEqual(stored);
    const page = await care.evaluate<Page<StoredBatch>>(service, 'telemetry:listBatches', care.subject, '10', '');
    expect(page).toEqual({ items: [stored], bookmark: '' });
    expect(await anchoredTo()).toBe(6);
    expect(await refusal(care.evaluate(service, 'telemetry:readBatch', circleIds.batch(2)))).toBe('NOT_FOUND');
  });

  it('is by gateways of those who treat, and nobody else', async () => {
    const { args } = care.anchorOrder([care.batchOf(1)]);
    expect(await whoMay(care.world, (other, caller) => other.submit(caller, 'telemetry:anchor', args))).toEqual([]);
    const by = (caller: Identity) => refusal(care.anchor([care.batchOf(1)], caller));
    for (const name of ['sensor', 'hub', 'monitor', 'system', 'legacy', 'insurersGateway'] as const) {
      expect(await by(care.world.devices[name]), name).toBe('NOT_AUTHORISED');
    }
    expect(await care.anchor([care.batchOf(1)], care.world.devices.otherGateway)).toMatchObject([
      { outcome: 'accepted' },
    ]);
  });

  it('is not by a gateway that is suspended, nor one of a suspended institution', async () => {
    const endorsed = await care.world.ledger.endorse(care.anchorOrder([care.batchOf(1)]));
    await suspendDevice('gateway');
    await mirror(deviceIdOf('gateway'));
    expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
    expect(await refusal(care.anchor([care.batchOf(1)]))).toBe('SUSPENDED');
    const { id } = institutions.otherHospital;
    const other = care.anchorOrder([care.batchOf(1)], care.world.devices.otherGateway);
    const endorsedByOther = await care.world.ledger.endorse(other);
    await submitToRegistry(care.world, care.world.people.regulator, 'setInstitutionStatus', id, 'suspended');
    expect(await refusal(care.world.ledger.endorse(other))).toBe('SUSPENDED');
    await mirror(id);
    expect(care.world.ledger.commit(endorsedByOther)).toBe('MVCC_READ_CONFLICT');
  });

  it('decides about each batch alone, each after those before it', async () => {
    await care.seat(deviceIdOf('otherSensor'));
    const batches = [
      care.batchOf(1, { streams: [care.partOf(1, 2)] }),
      care.batchOf(2, { streams: [care.partOf(4, 5)] }),
      care.batchOf(3, { streams: [care.partOf(3), care.partOf(1, 1, 'otherSensor')] }),
      care.batchOf(4, { streams: [care.partOf(1, 1, 'hub')] }),
      care.batchOf(1, { streams: [care.partOf(1, 2)] }),
      care.batchOf(5, { streams: [care.partOf(4, 5)], epoch: 9 }),
      care.batchOf(6, { streams: [care.partOf(4, 9)] }),
    ];
    expect((await care.anchor(batches)).map(({ code, outcome }) => code ?? outcome)).toEqual([
      ...['accepted', 'WRONG_STATE', 'accepted', 'NO_CONSENT', 'duplicate', 'NOT_FOUND', 'accepted'],
    ]);
    expect(await anchoredTo()).toBe(9);
  });

  it('refuses a list that is malformed, and one that is too long', async () => {
    const of = (change: object) => refusal(care.anchor([{ ...care.batchOf(1), ...change }]));
    for (const change of [
      { root: 'x' },
      { frames: 0 },
      { streams: [] },
      { patient: 'pt-1' },
      { more: 1 },
      { to: '1' },
    ]) {
      expect(await of(change)).toBe('INVALID_ARGUMENT');
    }
    expect(await of({ streams: [care.partOf(2, 1)] })).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.anchor([]))).toBe('INVALID_ARGUMENT');
    const many = Array.from({ length: 501 }, (_, seed) => care.batchOf(seed + 1));
    expect(await refusal(care.anchor(many))).toBe('INVALID_ARGUMENT');
  });
});

describe('exactly once', () => {
  it('a batch that comes again changes nothing, whatever became of its device since', async () => {
    const batch = care.batchOf(1);
    expect(await care.anchorOne(batch)).toBe('accepted');
    const { simulation } = await care.world.ledger.submit(care.anchorOrder([batch]));
    expect([...simulation.writes.keys()]).toEqual([]);
    await care.unseat(deviceIdOf('sensor'));
    await suspendDevice('sensor');
    await mirror(deviceIdOf('sensor'));
    expect(await care.anchorOne(batch)).toBe('duplicate');
    for (const change of [
      { cid: cidOf('another') },
      { root: hexOf('another') },
      { patient: patientIds.otherPatient },
    ]) {
      expect(await care.anchorOne({ ...batch, ...change })).toBe('ALREADY_EXISTS');
    }
  });

  it('the same frames in another batch are refused, and so are frames with others left out', async () => {
    await care.anchor([care.batchOf(1, { streams: [care.partOf(1, 5)] })]);
    const again = (first: number, last: number) =>
      care.anchorOne(care.batchOf(2, { streams: [care.partOf(first, last)] }));
    expect(await again(1, 5)).toBe('ALREADY_EXISTS');
    expect(await again(5, 6)).toBe('ALREADY_EXISTS');
    expect(await again(7, 8)).toBe('WRONG_STATE');
    expect(await again(6, 8)).toBe('accepted');
    // A stream is a patient's, a device's and its own.
    expect(await care.anchorOne(care.batchOf(3, { streams: [care.partOf(1, 2, 'sensor', 'b'.repeat(16))] }))).toBe(
      'accepted',
    );
  });

  it('of two anchors of the same frames a single one is valid', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map((seed) => care.world.ledger.endorse(care.anchorOrder([care.batchOf(seed)]))),
    );
    if (!first || !second) throw new Error('two were endorsed');
    expect(care.world.ledger.commit(second)).toBe('VALID');
    expect(care.world.ledger.commit(first)).toBe('MVCC_READ_CONFLICT');
    expect(await care.anchorOne(care.batchOf(1))).toBe('ALREADY_EXISTS');
  });

  it('anchors of different streams and patients never conflict', async () => {
    const other = (seed: number, stream: string) =>
      care.batchOf(seed, { streams: [care.partOf(1, 3, 'sensor', stream)] });
    const [first, second] = await Promise.all(
      [other(1, 'c'.repeat(16)), other(2, 'd'.repeat(16))].map((batch) =>
        care.world.ledger.endorse(care.anchorOrder([batch])),
      ),
    );
    if (!first || !second) throw new Error('two were endorsed');
    expect([care.world.ledger.commit(second), care.world.ledger.commit(first)]).toEqual(['VALID', 'VALID']);
  });

  it('what a batch says of its streams is what it holds', async () => {
    const of = (change: Partial<Batch>) => care.anchorOne(care.batchOf(1, { streams: [care.partOf(1, 3)], ...change }));
    expect(await of({ frames: 2 })).toBe('INVALID_ARGUMENT');
    expect(await of({ frames: 4 })).toBe('INVALID_ARGUMENT');
    expect(await of({ streams: [care.partOf(1, 2), care.partOf(3)] })).toBe('INVALID_ARGUMENT');
    expect(await of({})).toBe('accepted');
  });
});

describe('a device', () => {
  const by = (seed: number, name: 'sensor' | 'hub' | 'otherSensor', change: Partial<Batch> = {}) =>
    care.anchorOne(care.batchOf(seed, { streams: [care.partOf(1, 1, name)], ...change }));

  it('is never anchored for a patient who gave it no seat', async () => {
    expect(await by(1, 'otherSensor')).toBe('NO_CONSENT');
    expect(await by(1, 'sensor', { patient: patientIds.otherPatient })).toBe('NOT_FOUND');
    expect(await by(1, 'sensor', { patient: `pt-1-${serial(4)}` })).toBe('WRONG_CHANNEL');
    expect(await by(1, 'sensor', { id: `tb-1-${serial(1)}` })).toBe('WRONG_CHANNEL');
    expect(
      await care.anchor([care.batchOf(1, { streams: [care.partOf(1), care.partOf(1, 1, 'otherSensor')] })]),
    ).toEqual([{ id: circleIds.batch(1), outcome: 'refused', code: 'NO_CONSENT', device: deviceIdOf('otherSensor') }]);
  });

  it('has what it measured before its seat ended, and nothing after', async () => {
    const hub = deviceIdOf('hub');
    await care.seat(hub);
    await care.unseat(hub);
    expect(await by(1, 'hub', { to: instant(minutes(1)) })).toBe('accepted');
    const next = (to: string) => care.anchorOne(care.batchOf(2, { streams: [care.partOf(2, 2, 'hub')], to }));
    expect(await next(instant(minutes(8)))).toBe('NO_CONSENT');
    await care.seat(hub, instant(minutes(1)));
    expect(await next(instant(minutes(9)))).toBe('NO_CONSENT');
    expect(await next(instant(minutes(2)))).toBe('accepted');
  });

  it('is refused from the moment that its suspension is mirrored, also for what it measured before', async () => {
    const endorsed = await care.world.ledger.endorse(care.anchorOrder([care.batchOf(1)]));
    await suspendDevice('sensor');
    await mirror(deviceIdOf('sensor'));
    expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
    expect(await by(1, 'sensor', { from: instant(-minutes(9)), to: instant(-minutes(8)) })).toBe('SUSPENDED');
    await submitToRegistry(care.world, care.world.people.admin, 'setDeviceStatus', deviceIdOf('sensor'), 'active');
    await mirror(deviceIdOf('sensor'));
    expect(await by(1, 'sensor')).toBe('accepted');
  });

  it('is refused where another institution has taken it over, until the patient gives it a seat anew', async () => {
    const { readingKey, signingKeyHash } = (await createIdentity('HospitalMSP')).keys;
    const { admin, otherAdmin } = care.world.people;
    const sensor = deviceIdOf('sensor');
    await submitToRegistry(care.world, admin, 'transferDevice', sensor, institutions.otherHospital.id);
    const keys = JSON.stringify({ readingKey, signingKeyHash });
    await submitToRegistry(care.world, otherAdmin, 'acceptDevice', sensor, keys);
    await mirror(sensor);
    expect(await by(1, 'sensor')).toBe('SUSPENDED');
    await care.seat(sensor);
    // Its leaf of before is still in the epoch, with a key that the institution of before may know.
    expect(await by(1, 'sensor', { to: instant(minutes(8)) })).toBe('STALE_KEY');
    expect(await by(1, 'sensor')).toBe('accepted');
  });

  it('is refused while it is offered to another institution, and with its own', async () => {
    const { hospital, otherHospital } = institutions;
    await submitToRegistry(
      care.world,
      care.world.people.admin,
      'transferDevice',
      deviceIdOf('sensor'),
      otherHospital.id,
    );
    await mirror(deviceIdOf('sensor'));
    expect(await by(1, 'sensor')).toBe('SUSPENDED');
    await submitToRegistry(care.world, care.world.people.admin, 'transferDevice', deviceIdOf('sensor'), hospital.id);
    await mirror(deviceIdOf('sensor'));
    expect(await by(1, 'sensor')).toBe('accepted');
    await submitToRegistry(care.world, care.world.people.regulator, 'setInstitutionStatus', hospital.id, 'suspended');
    await mirror(hospital.id);
    const more = care.batchOf(2, { streams: [care.partOf(2)] });
    const [decided] = await care.anchor([more], care.world.devices.otherGateway);
    expect(decided?.code).toBe('SUSPENDED');
  });
});

describe('time', () => {
  const of = (from: string, to: string, change: Partial<Batch> = {}) =>
    care.anchorOne(care.batchOf(1, { from, to, ...change }));

  it('is neither long ago nor ahead, and does not run backwards', async () => {
    expect(await of('2019-12-31T23:59:59.999Z', instant(0))).toBe('INVALID_ARGUMENT');
    expect(await of('1970-01-01T00:00:00.000Z', '1970-01-01T00:00:01.000Z')).toBe('INVALID_ARGUMENT');
    expect(await of(instant(0), instant(-1))).toBe('INVALID_ARGUMENT');
    expect(await of(instant(0), instant(minutes(10) + 2000))).toBe('INVALID_ARGUMENT');
    expect(await of('2020-01-01T00:00:00.000Z', instant(minutes(10) - 2000))).toBe('accepted');
  });

  it('is before an epoch’s end: seven minutes after it, nothing counts', async () => {
    await care.commit(care.patient);
    expect(await of(instant(0), instant(minutes(7) + 2000))).toBe('STALE_KEY');
    expect(await of(instant(0), instant(minutes(7) - 2000))).toBe('accepted');
    // The present epoch has no end.
    const present = care.batchOf(2, { epoch: 3, to: instant(minutes(8)), streams: [care.partOf(2)] });
    expect(await care.anchorOne(present)).toBe('accepted');
  });

  it('is before the epoch became stale by the end of a seat, in that epoch and when it is over', async () => {
    await care.unseat(practitionerIdOf('doctor'));
    expect(await of(instant(0), instant(minutes(8)))).toBe('STALE_KEY');
    await care.commit(care.device('sensor'), { removed: [circleIds.leaf(3)] });
    expect(await of(instant(0), instant(minutes(8)))).toBe('STALE_KEY');
    expect(await of(instant(0), instant(minutes(8)), { epoch: 3 })).toBe('accepted');
  });

  it('is before the epoch became stale because a seat ends then', async () => {
    await care.seat(practitionerIdOf('doctor'), instant(minutes(1)));
    expect(await of(instant(0), instant(minutes(9)))).toBe('STALE_KEY');
    expect(await of(instant(0), instant(minutes(2)))).toBe('accepted');
  });

  it('is before somebody in the epoch was suspended', async () => {
    await suspend(care.world, 'doctor');
    expect(await of(instant(0), instant(minutes(8)))).toBe('accepted');
    await mirror(practitionerIdOf('doctor'));
    const more = (seed: number, to: string) => care.anchorOne(care.batchOf(seed, { to, streams: [care.partOf(seed)] }));
    expect(await more(2, instant(minutes(8)))).toBe('STALE_KEY');
    expect(await more(2, instant(minutes(1)))).toBe('accepted');
    await care.commit(care.device('sensor'));
    expect(await more(3, instant(minutes(8)))).toBe('STALE_KEY');
  });

  it('of the proposal is near the peer’s', async () => {
    const order = care.anchorOrder([care.batchOf(1)]);
    const late = care.world.ledger.submit({ ...order, at: new Date(Date.now() - 121_000) });
    expect(await refusal(late)).toBe('CLOCK_SKEW');
  });
});

it('a commit overtakes an anchor of the epoch that it ends', async () => {
  const endorsed = await care.world.ledger.endorse(care.anchorOrder([care.batchOf(1)]));
  await care.commit(care.patient);
  expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
  expect(await care.anchorOne(care.batchOf(1))).toBe('accepted');
});

it('asks the registry no oftener for five hundred batches than for one, and keeps to keys', async () => {
  const asked = vi.spyOn(care.world.ledger.namespace('registry', 'registry').state, 'get');
  const readsOf = async (batches: Batch[]) => {
    asked.mockClear();
    const { simulation } = await care.world.ledger.endorse(care.anchorOrder(batches));
    const { reads, ranges, writes } = simulation;
    return { reads: reads.size, ranges: ranges.size, writes: writes.size, asked: asked.mock.calls.length };
  };
  const many = Array.from({ length: 500 }, (_, seed) => care.batchOf(seed + 1, { streams: [care.partOf(seed + 1)] }));
  const one = await readsOf(many.slice(0, 1));
  const all = await readsOf(many);
  expect([one.ranges, all.ranges]).toEqual([0, 0]);
  // One batch each, besides what they share: circle, seat, standings, stream.
  expect(all.reads - one.reads).toBe(499);
  expect(all.writes).toBe(1001);
  expect(one.asked).toBeGreaterThan(0);
  expect(all.asked).toBe(one.asked);
});
