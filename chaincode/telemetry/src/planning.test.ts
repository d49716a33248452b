import { beforeEach, expect, it } from 'vitest';
import type { Plan } from '../../model/telemetry.ts';
import { type CircleCare, createCircleCare, deviceIdOf } from '../../testing/circles.ts';
import { whoMay } from '../../testing/everybody.ts';
import { refusal } from '../../testing/ledger.ts';
import { cidOf, hexOf } from '../../testing/records.ts';
import { patientIds } from '../../testing/samples.ts';
import { practitionerIdOf } from '../../testing/world.ts';

let care: CircleCare;

beforeEach(async () => {
  care = await createCircleCare();
  await care.gather();
});

const read = () => care.evaluate<Plan>(care.world.people.service, 'telemetry:readPlan', care.subject);
const doctor = practitionerIdOf('doctor');

it('is made by a doctor with a seat, and by nobody else', async () => {
  expect(await refusal(read())).toBe('NOT_FOUND');
  const place = {
    patient: care.subject,
    version: 1,
    generation: 1,
    epoch: 2,
    cid: cidOf('x'),
    contentHash: hexOf('x'),
  };
  const args = [JSON.stringify(place)];
  expect(await whoMay(care.world, (other, caller) => other.submit(caller, 'telemetry:setPlan', args))).toEqual([
    'doctor',
  ]);
  expect(await refusal(care.plan(care.device('sensor')))).toBe('NOT_REGISTERED');
  const { simulation } = await care.plan(care.staff('doctor'));
  expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
    ...{ id: care.subject, change: 'telemetry:setPlan', state: 'active', version: 1 },
  });
  expect(await read()).toMatchObject({ version: 1, by: doctor, sealedBy: doctor });
  await care.unseat(doctor);
  expect(await refusal(care.plan(care.staff('doctor'), { version: 2 }))).toBe('NO_CONSENT');
});

it('has versions that rise by one, under the key of the present epoch', async () => {
  const set = (change: object) => refusal(care.plan(care.staff('doctor'), change));
  for (const change of [{ version: 2 }, { epoch: 1 }, { epoch: 3 }, { generation: 2 }]) {
    expect(await set(change)).toBe('STALE_KEY');
  }
  await care.plan(care.staff('doctor'));
  expect(await set({})).toBe('STALE_KEY');
  await care.seat(practitionerIdOf('otherDoctor'));
  await care.plan(care.staff('otherDoctor'), { version: 2 });
  expect(await read()).toMatchObject({ version: 2, by: practitionerIdOf('otherDoctor') });
  expect(await refusal(care.plan(care.staff('doctor'), { patient: patientIds.otherPatient }))).toBe('NO_CONSENT');
});

it('is sealed anew for a new epoch by anybody in the circle, and stays the clinician’s', async () => {
  const reseal = (by: Parameters<typeof care.plan>[0], change: object = {}) => care.plan(by, change, 'resealPlan');
  const sensor = care.device('sensor');
  expect(await refusal(reseal(sensor))).toBe('NOT_FOUND');
  await care.plan(care.staff('doctor'));
  const made = await read();
  expect(await refusal(reseal(sensor))).toBe('ALREADY_EXISTS');
  await care.commit(sensor);
  expect(await refusal(reseal(sensor))).toBe('STALE_KEY');
  expect(await refusal(reseal(sensor, { epoch: 3, version: 2 }))).toBe('STALE_KEY');
  expect(await refusal(reseal(care.device('hub'), { epoch: 3 }))).toBe('NO_CONSENT');
  await reseal(sensor, { epoch: 3 });
  expect(await read()).toMatchObject({ epoch: 3, version: 1, by: doctor, at: made.at, sealedBy: deviceIdOf('sensor') });
  await care.commit(care.patient);
  await reseal(care.patient, { epoch: 4 });
  expect(await read()).toMatchObject({ epoch: 4, sealedBy: care.subject });
});

it('two plans for one version do not both stand', async () => {
  await care.seat(practitionerIdOf('otherDoctor'));
  const order = (name: 'doctor' | 'otherDoctor') => {
    const place = { patient: care.subject, version: 1, generation: 1, epoch: 2 };
    const plan = { ...place, cid: cidOf(name), contentHash: hexOf(name) };
    return care.world.ledger.endorse(care.order(care.world.people[name], 'telemetry:setPlan', [JSON.stringify(plan)]));
  };
  const [first, second] = [await order('doctor'), await order('otherDoctor')];
  expect(care.world.ledger.commit(second)).toBe('VALID');
  expect(care.world.ledger.commit(first)).toBe('MVCC_READ_CONFLICT');
});
