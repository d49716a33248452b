import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredCategory } from '../../model/healthRecord.ts';
import type { StoredArchive } from '../../model/telemetry.ts';
import { type CircleCare, createCircleCare, deviceIdOf } from '../../testing/circles.ts';
import type { Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { ids, termsFor } from '../../testing/records.ts';
import { patientIds } from '../../testing/samples.ts';

let care: CircleCare;

beforeEach(async () => {
  care = await createCircleCare();
  await care.open();
  await care.gather();
});

const read = (by = care.world.people.patient, access = '', from = '0') =>
  care.evaluate<StoredArchive[]>(by, 'telemetry:readArchives', care.subject, '1', from, access);
const results = { categories: ['results' as const], purpose: 'TREAT' as const };

describe('the key of an epoch', () => {
  it('is archived by a device or owner, for who may read results', async () => {
    const { simulation } = await care.archive(care.device('sensor'));
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ id: care.subject, change: 'telemetry:archive', state: 'archived', version: 1 },
    });
    expect([...simulation.writes.keys()]).toEqual([]);
    await care.archive(care.patient, { epoch: 0 });
    const all = await read();
    expect(all.map(({ generation, epoch, by }) => [generation, epoch, by])).toEqual([
      [1, 0, care.subject],
      [1, 2, deviceIdOf('sensor')],
    ]);
    expect(await read(undefined, '', '1')).toEqual(all.slice(1));
    const said = JSON.stringify(care.world.ledger.publicRecords.at(-1));
    expect(said).not.toContain(all[0]?.wrap);
  });

  it('is archived under a public key that members and gateways may know', async () => {
    const key = (by: Identity) => care.evaluate<StoredCategory>(by, 'telemetry:readArchiveKey', care.subject);
    const gateway = await key(care.device('gateway').identity);
    expect(gateway).toMatchObject({ category: 'results', epoch: 1, by: care.subject });
    for (const by of [care.device('sensor'), care.staff('doctor')]) expect(await key(by.identity)).toEqual(gateway);
    expect(await refusal(key(care.device('hub').identity))).toBe('NO_CONSENT');
    expect(await refusal(key(care.world.people.otherPatient))).toBe('NOT_AUTHORISED');
  });

  it('is not archived by others', async () => {
    expect(await refusal(care.archive(care.staff('doctor')))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.archive(care.device('hub')))).toBe('NO_CONSENT');
    expect(await refusal(care.archive(care.device('gateway')))).toBe('NO_CONSENT');
    const other = { identity: care.world.people.otherPatient, id: patientIds.otherPatient };
    expect(await refusal(care.archive(other))).toBe('NOT_AUTHORISED');
    await care.unseat(deviceIdOf('sensor'));
    expect(await refusal(care.archive(care.device('sensor')))).toBe('NO_CONSENT');
  });

  it('is of an epoch that there was, under the present key of results', async () => {
    const sensor = care.device('sensor');
    expect(await refusal(care.archive(sensor, { epoch: 3 }))).toBe('NOT_FOUND');
    expect(await refusal(care.archive(sensor, { generation: 2, epoch: 0 }))).toBe('NOT_FOUND');
    await care.renew(['results']);
    expect(await refusal(care.archive(sensor))).toBe('STALE_KEY');
    await care.archive(sensor, {}, 2);
    expect(await read()).toMatchObject([{ categoryEpoch: 2 }]);
  });

  it('is the one that was brought first, or the owner’s', async () => {
    await care.seat(deviceIdOf('monitor'));
    await care.archive(care.device('sensor'));
    const again = await care.archive(care.device('monitor'));
    expect([...again.simulation.privateWrites.keys()]).toEqual([]);
    expect(await read()).toMatchObject([{ by: deviceIdOf('sensor') }]);
    await care.archive(care.patient);
    expect(await read()).toMatchObject([{ by: care.subject }]);
    for (const by of [care.device('sensor'), care.patient]) {
      expect([...(await care.archive(by)).simulation.privateWrites.keys()]).toEqual([]);
    }
  });
});

it('archived keys go to owners, and to whom results are released now', async () => {
  await care.archive(care.device('sensor'));
  const { doctor, otherDoctor } = care.world.people;
  expect(await refusal(read(doctor))).toBe('NOT_REGISTERED');
  expect(await refusal(read(care.world.people.otherPatient))).toBe('NOT_AUTHORISED');
  const consent = await care.grant(1, termsFor('doctor', { categories: ['results'] }));
  await care.grant(2, termsFor('otherDoctor'));
  const access = await care.requestAccess(1, results);
  const clinical = await care.requestAccess(2, { ...results, categories: ['clinical'] }, care.staff('otherDoctor'));
  expect(await read(doctor, access)).toHaveLength(1);
  expect(await refusal(read(otherDoctor, access))).toBe('NOT_AUTHORISED');
  expect(await refusal(read(otherDoctor, clinical))).toBe('NO_CONSENT');
  expect(await refusal(read(doctor, ids.access(9)))).toBe('NOT_FOUND');
  await care.revoke(consent, ['results']);
  expect(await refusal(read(doctor, access))).toBe('NO_CONSENT');
});

it('an access to another patient’s record gives nothing', async () => {
  await care.archive(care.device('sensor'));
  await care.grant(1, termsFor('doctor', { categories: ['results'] }));
  const access = await care.requestAccess(1, results);
  const elsewhere = [patientIds.otherPatient, '1', '0', access] as const;
  expect(await refusal(care.evaluate(care.world.people.doctor, 'telemetry:readArchives', ...elsewhere))).toBe(
    'NOT_AUTHORISED',
  );
});

it('a patient who has opened no record archives nothing', async () => {
  const other = await createCircleCare();
  await other.gather();
  expect(await refusal(other.archive(other.device('sensor')))).toBe('RECORD_NOT_OPENED');
});
