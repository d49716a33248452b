import { beforeEach, describe, expect, it } from 'vitest';
import type { Seat } from '../../model/circle.ts';
import type { Page } from '../../model/registry.ts';
import { type CircleCare, createCircleCare, deviceIdOf } from '../../testing/circles.ts';
import { whoMay } from '../../testing/everybody.ts';
import { refusal } from '../../testing/ledger.ts';
import { day, hour, instant, institutions, patientIds, serial } from '../../testing/samples.ts';
import { hire, practitionerIdOf, submitToRegistry, suspend } from '../../testing/world.ts';

let care: CircleCare;

beforeEach(async () => {
  care = await createCircleCare();
});

const sensor = deviceIdOf('sensor');
const doctor = practitionerIdOf('doctor');
const seatOf = async (subject: string) => (await care.view()).seats.find((seat) => seat.subject === subject);

describe('a seat', () => {
  it('is given by the patient with the second factor, and says what its subject is', async () => {
    const { simulation } = await care.seat(sensor);
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ id: care.subject, change: 'circles:seat', state: 'active', version: 1 },
      ...{ patient: care.subject, subject: sensor },
    });
    await care.seat(deviceIdOf('monitor'));
    await care.seat(deviceIdOf('hub'));
    await care.seat(doctor);
    const { seats } = await care.view();
    expect(new Map(seats.map(({ subject, kind, institution }) => [subject, [kind, institution]]))).toEqual(
      new Map([
        [sensor, ['device', institutions.hospital.id]],
        [deviceIdOf('monitor'), ['monitor', institutions.hospital.id]],
        [deviceIdOf('hub'), ['device', institutions.otherHospital.id]],
        [doctor, ['clinician', institutions.hospital.id]],
      ]),
    );
    const args = [JSON.stringify({ patient: care.subject, subject: deviceIdOf('otherSensor') })];
    const bare = care.submit(care.patient.identity, 'circles:seat', args);
    expect(await refusal(bare)).toBe('SECOND_FACTOR_REQUIRED');
  });

  it('is given by nobody but an owner', async () => {
    const argument = JSON.stringify({ patient: care.subject, subject: sensor });
    const may = await whoMay(care.world, (other, caller) => {
      const args = [argument];
      const transient = care.confirm('patient', 'circles:seat', args);
      return other.submit(caller, 'circles:seat', args, transient);
    });
    expect(may).toEqual(['patient']);
    const representative = await care.appoint(1);
    await care.seat(sensor, undefined, representative);
    expect((await seatOf(sensor))?.by).toBe(patientIds.otherPatient);
    for (const name of ['sensor', 'gateway'] as const) {
      const by = care.submit(care.world.devices[name], 'circles:seat', [argument]);
      expect(await refusal(by)).toBe('NOT_REGISTERED');
    }
  });

  it('is for what measures or watches and for doctors, in standing', async () => {
    for (const name of ['gateway', 'system', 'legacy'] as const) {
      expect(await refusal(care.seat(deviceIdOf(name))), name).toBe('INVALID_ARGUMENT');
    }
    for (const name of ['pharmacist', 'admin', 'regulator'] as const) {
      expect(await refusal(care.seat(practitionerIdOf(name))), name).toBe('INVALID_ARGUMENT');
    }
    expect(await refusal(care.seat(`dev-${serial(99)}`))).toBe('NOT_FOUND');
    expect(await refusal(care.seat(`prac-${serial(99)}`))).toBe('NOT_FOUND');
    expect(await refusal(care.seat(patientIds.otherPatient))).toBe('INVALID_ARGUMENT');
    await suspend(care.world, 'doctor');
    expect(await refusal(care.seat(doctor))).toBe('SUSPENDED');
    await submitToRegistry(care.world, care.world.people.admin, 'setDeviceStatus', sensor, 'suspended');
    expect(await refusal(care.seat(sensor))).toBe('SUSPENDED');
    const { id } = institutions.hospital;
    await submitToRegistry(care.world, care.world.people.regulator, 'setInstitutionStatus', id, 'suspended');
    expect(await refusal(care.seat(deviceIdOf('otherSensor')))).toBe('SUSPENDED');
  });

  it('is given once, and again with another end', async () => {
    await care.seat(sensor);
    expect(await refusal(care.seat(sensor))).toBe('ALREADY_EXISTS');
    const until = instant(day);
    await care.seat(sensor, until);
    expect(await seatOf(sensor)).toMatchObject({ until, version: 2 });
    expect(await refusal(care.seat(sensor, until))).toBe('ALREADY_EXISTS');
    expect(await refusal(care.seat(sensor, instant(-1)))).toBe('INVALID_ARGUMENT');
  });

  it('is one of sixteen at most that are in force', async () => {
    for (let seed = 0; seed < 16; seed += 1) {
      const { id } = await hire(care.world, ['doctor', 'hospital'], 700 + seed);
      await care.seat(id);
    }
    expect(await refusal(care.seat(sensor))).toBe('WRONG_STATE');
    await care.unseat(`prac-${serial(700)}`);
    await care.seat(sensor);
  });

  it('is listed of a device and of a doctor', async () => {
    await care.seat(doctor);
    await care.unseat(doctor);
    const list = (subject: string) =>
      care.evaluate<Page<Seat>>(care.world.people.service, 'circles:listSeatsOf', subject, '10', '');
    expect((await list(doctor)).items).toMatchObject([{ patient: care.subject, state: 'ended', version: 2 }]);
    expect((await list(sensor)).items).toEqual([]);
  });
});

describe('the end of a seat', () => {
  it('is by an owner or by who has it, and nobody else', async () => {
    await care.seat(sensor);
    await care.seat(doctor);
    expect(await refusal(care.unseat(sensor, care.staff('doctor')))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.unseat(doctor, care.device('sensor')))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.unseat(sensor, care.staff('admin')))).toBe('NOT_AUTHORISED');
    const stranger = { identity: care.world.people.otherPatient, id: patientIds.otherPatient };
    expect(await refusal(care.unseat(sensor, stranger))).toBe('NOT_AUTHORISED');
    await care.unseat(sensor, care.device('sensor'));
    await care.unseat(doctor, care.staff('doctor'));
    expect(await seatOf(sensor)).toMatchObject({ state: 'ended', by: sensor, endedAt: expect.any(String) });
    expect(await refusal(care.unseat(doctor))).toBe('WRONG_STATE');
    expect(await refusal(care.unseat(deviceIdOf('hub')))).toBe('NOT_FOUND');
    await care.seat(doctor);
    expect(await seatOf(doctor)).toMatchObject({ state: 'active', by: care.subject, version: 3 });
    expect((await seatOf(doctor))?.endedAt).toBeUndefined();
  });

  it('makes the epoch stale where its subject is in it, and only there', async () => {
    await care.gather();
    await care.seat(deviceIdOf('hub'));
    await care.unseat(deviceIdOf('hub'));
    expect((await care.circle())?.staleSince).toBeUndefined();
    await care.unseat(doctor);
    const { endedAt } = (await seatOf(doctor)) ?? {};
    expect((await care.circle())?.staleSince).toBe(endedAt);
    await care.seat(doctor);
    expect((await care.circle())?.staleSince).toBeUndefined();
    const until = instant(hour);
    await care.seat(doctor, until);
    expect((await care.circle())?.seatsEnd).toBe(until);
  });
});
