import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alert } from '../../model/alert.ts';
import type { Page } from '../../model/registry.ts';
import { type CircleCare, circleIds, createCircleCare, deviceIdOf } from '../../testing/circles.ts';
import { whoMay } from '../../testing/everybody.ts';
import { refusal } from '../../testing/ledger.ts';
import { hexOf } from '../../testing/records.ts';
import { patientIds, serial } from '../../testing/samples.ts';
import { practitionerIdOf, submitToRegistry } from '../../testing/world.ts';

let care: CircleCare;
const id = circleIds.alert(1);

beforeEach(async () => {
  care = await createCircleCare();
  await care.gather();
});
afterEach(() => {
  vi.useRealTimers();
});

const read = (named = id) => care.evaluate<Alert>(care.world.people.service, 'alerts:read', named);
const act = (by: Parameters<CircleCare['submit']>[0], name: string, ...args: string[]) =>
  care.submit(by, `alerts:${name}`, [id, ...args]);
const codesOf = async (...raised: Parameters<CircleCare['raise']>) =>
  (await care.raise(...raised)).map(({ code, outcome }) => code ?? outcome);

describe('raising', () => {
  it('is by a gateway, or by a device for itself', async () => {
    const args = [JSON.stringify({ alerts: [care.alertOf(1)] })];
    expect(await whoMay(care.world, (other, caller) => other.submit(caller, 'alerts:raise', args))).toEqual([]);
    const { devices } = care.world;
    expect(await codesOf([care.alertOf(1)])).toEqual(['accepted']);
    expect(await codesOf([care.alertOf(2)], devices.sensor)).toEqual(['accepted']);
    expect(await read()).toMatchObject({ state: 'raised', raisedBy: deviceIdOf('gateway'), version: 1 });
    expect(await read(circleIds.alert(2))).toMatchObject({ raisedBy: deviceIdOf('sensor') });
    await care.seat(deviceIdOf('monitor'));
    expect(await codesOf([care.alertOf(3)], devices.monitor)).toEqual(['NOT_AUTHORISED']);
    expect(await codesOf([care.alertOf(3, { device: deviceIdOf('monitor') })], devices.monitor)).toEqual(['accepted']);
    expect(await codesOf([care.alertOf(4)], devices.insurersGateway)).toEqual(['NOT_AUTHORISED']);
    expect(await codesOf([care.alertOf(4)], devices.system)).toEqual(['NOT_AUTHORISED']);
  });

  it('decides about each alone, once, and tells which', async () => {
    const outcomes = await care.raise([
      ...[care.alertOf(1), care.alertOf(1), care.alertOf(1, { frameHash: hexOf('another') })],
      ...[care.alertOf(2, { device: deviceIdOf('hub') }), care.alertOf(3, { patient: patientIds.otherPatient })],
      ...[care.alertOf(4, { id: `al-1-${serial(4)}` }), care.alertOf(5)],
    ]);
    expect(outcomes.map(({ code, outcome }) => code ?? outcome)).toEqual([
      ...['accepted', 'duplicate', 'ALREADY_EXISTS', 'NO_CONSENT', 'NO_CONSENT', 'WRONG_CHANNEL', 'accepted'],
    ]);
    const { simulation } = await care.submit(care.world.devices.gateway, 'alerts:raise', [
      JSON.stringify({ alerts: [care.alertOf(1)] }),
    ]);
    expect([...simulation.writes.keys()]).toEqual([]);
    expect(simulation.event?.name).toBe('AlertsRaised');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ id: deviceIdOf('gateway'), change: 'alerts:raise', state: 'raised', version: 1 },
      outcomes: [{ id, outcome: 'duplicate' }],
    });
    const list = [care.subject, '10', ''] as const;
    const { items } = await care.evaluate<Page<Alert>>(care.world.people.service, 'alerts:listByPatient', ...list);
    expect(items.map((alert) => alert.id).toSorted()).toEqual([id, circleIds.alert(5)]);
  });

  it('is not for a device without a seat or out of standing', async () => {
    await care.unseat(deviceIdOf('sensor'));
    expect(await codesOf([care.alertOf(1)])).toEqual(['NO_CONSENT']);
    await care.seat(deviceIdOf('sensor'));
    await submitToRegistry(care.world, care.world.people.admin, 'setDeviceStatus', deviceIdOf('sensor'), 'suspended');
    expect(await refusal(care.raise([care.alertOf(1)], care.world.devices.sensor))).toBe('SUSPENDED');
    await care.submit(care.world.registrars.RegulatorMSP, 'standings:mirror', [deviceIdOf('sensor')]);
    expect(await codesOf([care.alertOf(1)])).toEqual(['SUSPENDED']);
  });

  it('refuses what is malformed', async () => {
    for (const change of [{ level: 'panic' }, { escalateAfter: 29 }, { escalateAfter: 86_401 }, { frameHash: 'x' }]) {
      const alerts = [{ ...care.alertOf(1), ...change }];
      const raise = care.submit(care.world.devices.gateway, 'alerts:raise', [JSON.stringify({ alerts })]);
      expect(await refusal(raise)).toBe('INVALID_ARGUMENT');
    }
    const many = Array.from({ length: 51 }, (_, seed) => care.alertOf(seed + 1));
    expect(await refusal(care.raise(many))).toBe('INVALID_ARGUMENT');
    expect(await codesOf(many.slice(0, 50))).toHaveLength(50);
  });
});

describe('answering', () => {
  beforeEach(() => care.raise([care.alertOf(1)]));

  it('is by doctors with a seat, and by nobody else', async () => {
    for (const [name, rest] of [
      ['acknowledge', []],
      ['close', ['treated']],
    ] as const) {
      expect(
        await whoMay(care.world, (other, caller) => other.submit(caller, `alerts:${name}`, [id, ...rest])),
      ).toEqual(['doctor']);
      if (name === 'acknowledge') await act(care.world.people.doctor, 'acknowledge');
      expect(await refusal(act(care.world.devices.gateway, name, ...rest))).toBe('NOT_REGISTERED');
    }
    await care.unseat(practitionerIdOf('doctor'));
    expect(await refusal(act(care.world.people.doctor, 'close', 'treated'))).toBe('NO_CONSENT');
  });

  it('is once each, in order', async () => {
    const { doctor } = care.world.people;
    expect(await refusal(act(doctor, 'close', 'treated'))).toBe('WRONG_STATE');
    const { simulation } = await act(doctor, 'acknowledge');
    expect(simulation.event?.name).toBe('AlertChanged');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ id, change: 'alerts:acknowledge', state: 'acknowledged', version: 2, patient: care.subject },
    });
    expect(await refusal(act(doctor, 'acknowledge'))).toBe('WRONG_STATE');
    expect(await refusal(act(doctor, 'close', 'cured'))).toBe('INVALID_ARGUMENT');
    await act(doctor, 'close', 'expected');
    expect(await read()).toMatchObject({
      ...{ state: 'closed', outcome: 'expected', version: 3 },
      ...{ acknowledgedBy: practitionerIdOf('doctor'), closedBy: practitionerIdOf('doctor') },
    });
    for (const [name, ...rest] of [['acknowledge'], ['close', 'treated']] as const) {
      expect(await refusal(act(doctor, name, ...rest))).toBe('WRONG_STATE');
    }
    expect(await refusal(care.submit(doctor, 'alerts:acknowledge', [circleIds.alert(9)]))).toBe('NOT_FOUND');
  });

  it('of two who acknowledge at once, one has', async () => {
    await care.seat(practitionerIdOf('otherDoctor'));
    const acknowledge = (name: 'doctor' | 'otherDoctor') =>
      care.world.ledger.endorse(care.order(care.world.people[name], 'alerts:acknowledge', [id]));
    const [first, second] = [await acknowledge('doctor'), await acknowledge('otherDoctor')];
    expect([care.world.ledger.commit(second), care.world.ledger.commit(first)]).toEqual([
      'VALID',
      'MVCC_READ_CONFLICT',
    ]);
  });
});

describe('escalating', () => {
  const pass = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
  beforeEach(() => care.raise([care.alertOf(1)]));

  it('is by a gateway, when nobody came in time', async () => {
    const { gateway } = care.world.devices;
    expect(await refusal(act(gateway, 'escalate'))).toBe('NOT_DUE');
    pass(58);
    expect(await refusal(act(gateway, 'escalate'))).toBe('NOT_DUE');
    pass(3);
    expect(await whoMay(care.world, (other, caller) => other.submit(caller, 'alerts:escalate', [id]))).toEqual([]);
    expect(await refusal(act(care.world.devices.sensor, 'escalate'))).toBe('NOT_AUTHORISED');
    await act(gateway, 'escalate');
    expect(await read()).toMatchObject({ state: 'escalated', version: 2 });
    expect(await refusal(act(gateway, 'escalate'))).toBe('WRONG_STATE');
    await act(care.world.people.doctor, 'acknowledge');
    expect(await read()).toMatchObject({ state: 'acknowledged', escalatedAt: expect.any(String) });
  });

  it('does not follow an acknowledgement, nor overtake it', async () => {
    pass(61);
    const { gateway } = care.world.devices;
    const endorsed = await care.world.ledger.endorse(care.order(gateway, 'alerts:escalate', [id]));
    await act(care.world.people.doctor, 'acknowledge');
    expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
    expect(await refusal(act(gateway, 'escalate'))).toBe('WRONG_STATE');
  });
});
