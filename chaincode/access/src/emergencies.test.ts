import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AccessTerms, AccessView, Emergency, Release } from '../../model/access.ts';
import { categories } from '../../model/category.ts';
import type { StoredSeedWrap } from '../../model/healthRecord.ts';
import type { Page } from '../../model/registry.ts';
import { createIdentity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { createRecordWorld, escrowReaders, ids, RecordCare, termsFor } from '../../testing/records.ts';
import { hour, patientIds } from '../../testing/samples.ts';
import { confirmed } from '../../testing/signing.ts';
import { hire, practitionerIdOf, suspend } from '../../testing/world.ts';

let care: RecordCare;

beforeEach(async () => {
  care = new RecordCare(await createRecordWorld());
  await care.open();
});
afterEach(() => {
  vi.useRealTimers();
});

const { patient, otherPatient } = patientIds;
const everything: AccessTerms = { categories: [...categories], purpose: 'ETREAT' };
const readEmergency = (id: string) => care.evaluate<Emergency>(care.world.people.service, 'access:readEmergency', id);
const read = (id: string) => care.evaluate<AccessView>(care.world.people.doctor, 'access:read', id);
const released = async (id: string) => (await read(id)).categories.map(({ category }) => category);
/** Asked at the regulator's peer, which keeps no private data. */
const mayRelease = (category: string, person: string) =>
  care.world.ledger.evaluate<Release>({
    ...care.order(care.world.registrars.RegulatorMSP, 'access:mayRelease', [patient, category, person]),
    peerIsMember: false,
  });
const review = (
  id: string,
  by: Parameters<typeof care.submit>[0],
  outcome = 'justified',
  note = 'as the record shows',
) => care.submit(by, 'access:reviewEmergency', [id, JSON.stringify({ outcome, note })]);
const goOn = (hours: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * hour });

describe('one doctor', () => {
  it('opens the summary and nothing else', async () => {
    const emergency = await care.openEmergency(1);
    expect(await readEmergency(emergency)).toMatchObject({ level: 'summary', actor: practitionerIdOf('doctor') });
    const id = await care.requestAccess(1, everything, care.staff('doctor'), emergency);
    expect(await released(id)).toEqual(['summary']);
    const shares = await care.evaluate<StoredSeedWrap[]>(care.world.people.doctor, 'access:readEscrow', id);
    expect(shares.map(({ category, reader }) => [category, reader])).toEqual(
      escrowReaders.map((reader) => ['summary', reader]),
    );
  });

  it('reads by it only in an emergency’s name, in the hours', async () => {
    const emergency = await care.openEmergency(1);
    const request = (terms: AccessTerms, name: 'doctor' | 'otherDoctor' = 'doctor') =>
      refusal(care.requestAccess(1, terms, care.staff(name), emergency));
    expect(await request({ categories: ['summary'], purpose: 'TREAT' })).toBe('NO_CONSENT');
    expect(await request({ categories: ['clinical'], purpose: 'ETREAT' })).toBe('NO_CONSENT');
    expect(await request(everything, 'otherDoctor')).toBe('NOT_AUTHORISED');
    expect(await refusal(care.requestAccess(1, everything, care.patient, emergency))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.requestAccess(1, everything, care.staff('doctor'), ids.emergency(9)))).toBe('NOT_FOUND');
    const id = await care.requestAccess(1, everything, care.staff('doctor'), emergency);
    goOn(4);
    expect(await refusal(read(id))).toBe('EXPIRED');
    expect(await refusal(care.requestAccess(2, everything, care.staff('doctor'), emergency))).toBe('EXPIRED');
  });

  it('needs the second factor, a reason and to be a doctor; one at a time', async () => {
    const args = (reason: string, id = ids.emergency(1)) => [JSON.stringify({ id, patient, reason })];
    const name = 'access:openEmergency';
    const { doctor, pharmacist } = care.world.people;
    expect(await refusal(care.submit(doctor, name, args('a fall')))).toBe('SECOND_FACTOR_REQUIRED');
    const [given, other] = [args('a fall'), args('a fall', ids.emergency(2))];
    expect(await refusal(care.submit(doctor, name, given, care.confirm('otherDoctor', name, given)))).toBe(
      'SECOND_FACTOR_INVALID',
    );
    expect(await refusal(care.submit(doctor, name, given, care.confirm('doctor', name, other)))).toBe(
      'SECOND_FACTOR_INVALID',
    );
    const call = { channel: care.channel, contract: 'care', function: name, args: given };
    const unverified = confirmed(care.world.credentials.doctor, call, { flags: 0x01 });
    expect(await refusal(care.submit(doctor, name, given, unverified))).toBe('SECOND_FACTOR_INVALID');
    expect(await refusal(care.submit(pharmacist, name, given, care.confirm('pharmacist', name, given)))).toBe(
      'NOT_AUTHORISED',
    );
    expect(await refusal(care.submit(doctor, name, args(' '), {}))).toBe('INVALID_ARGUMENT');
    await care.openEmergency(1);
    expect(await refusal(care.openEmergency(1, 'otherDoctor'))).toBe('ALREADY_EXISTS');
    expect(await refusal(care.openEmergency(2))).toBe('ALREADY_EXISTS');
    await care.openEmergency(3, 'otherDoctor');
    goOn(4);
    await care.openEmergency(4);
  });

  it('reads whatever consents say', async () => {
    await care.grant(1, termsFor('doctor', { decision: 'deny', categories: ['summary'] }));
    const emergency = await care.openEmergency(1);
    expect(await released(await care.requestAccess(1, everything, care.staff('doctor'), emergency))).toEqual([
      'summary',
    ]);
  });
});

describe('a second doctor', () => {
  it('of the institution opens everything to the first, who requests anew', async () => {
    const emergency = await care.openEmergency(1);
    const before = await care.requestAccess(1, everything, care.staff('doctor'), emergency);
    await care.confirmEmergency(emergency);
    expect(await readEmergency(emergency)).toMatchObject({
      level: 'full',
      confirmedBy: practitionerIdOf('otherDoctor'),
    });
    expect(await released(before)).toEqual(['summary']);
    expect(await released(await care.requestAccess(2, everything, care.staff('doctor'), emergency))).toEqual(
      categories,
    );
  });

  it('is another one, a doctor, of the same institution, with the second factor', async () => {
    const emergency = await care.openEmergency(1);
    expect(await refusal(care.confirmEmergency(emergency, 'doctor'))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.confirmEmergency(emergency, 'pharmacist'))).toBe('NOT_AUTHORISED');
    const elsewhere = await hire(care.world, ['doctor', 'otherHospital'], 901);
    expect(await refusal(care.submit(elsewhere, 'access:confirmEmergency', [emergency]))).toBe('NOT_AUTHORISED');
    const confirm = () => care.submit(care.world.people.otherDoctor, 'access:confirmEmergency', [emergency]);
    expect(await refusal(confirm())).toBe('SECOND_FACTOR_REQUIRED');
    await care.confirmEmergency(emergency);
    expect(await refusal(care.confirmEmergency(emergency))).toBe('WRONG_STATE');
    expect(await refusal(care.confirmEmergency(ids.emergency(9)))).toBe('NOT_FOUND');
  });

  it('comes in the hours', async () => {
    const emergency = await care.openEmergency(1);
    goOn(4);
    expect(await refusal(care.confirmEmergency(emergency))).toBe('EXPIRED');
  });
});

describe('a review', () => {
  it('is a regulator’s or an admin’s of the institution, once', async () => {
    const { admin, otherAdmin, pharmacyAdmin, doctor, regulator, patient: owner } = care.world.people;
    const emergency = await care.openEmergency(1);
    for (const by of [otherAdmin, pharmacyAdmin, doctor])
      expect(await refusal(review(emergency, by))).toBe('NOT_AUTHORISED');
    expect(await refusal(review(emergency, owner))).toBe('NOT_REGISTERED');
    expect(await refusal(review(emergency, admin, 'unclear'))).toBe('INVALID_ARGUMENT');
    await review(emergency, admin);
    expect((await readEmergency(emergency)).review).toMatchObject({
      by: practitionerIdOf('admin'),
      outcome: 'justified',
    });
    expect(await refusal(review(emergency, regulator))).toBe('WRONG_STATE');
    await review(await care.openEmergency(2, 'otherDoctor'), regulator);
  });

  it('closes at once what was not justified', async () => {
    const emergency = await care.openEmergency(1);
    const id = await care.requestAccess(1, everything, care.staff('doctor'), emergency);
    await review(emergency, care.world.people.regulator, 'unjustified');
    expect(await refusal(read(id))).toBe('EXPIRED');
  });
});

it('everybody of the channel sees the emergencies, newest first', async () => {
  const first = await care.openEmergency(1);
  goOn(1 / 60);
  const second = await care.openEmergency(2, 'otherDoctor');
  const list = (name: string, ...args: string[]) =>
    care.evaluate<Page<Emergency>>(care.world.people.regulator, `access:${name}`, ...args, '10', '');
  for (const page of [await list('listEmergencies'), await list('listEmergenciesOf', patient)]) {
    expect(page.items.map(({ id }) => id)).toEqual([second, first]);
  }
  expect((await list('listEmergenciesOf', otherPatient)).items).toEqual([]);
});

describe('a connector releases its share', () => {
  const doctor = practitionerIdOf('doctor');

  it('of what an emergency opens, once the access stands on the ledger', async () => {
    const release = (category: string) => refusal(mayRelease(category, doctor));
    expect(await release('summary')).toBe('NO_CONSENT');
    const emergency = await care.openEmergency(1);
    expect(await release('summary')).toBe('NO_CONSENT');
    await care.requestAccess(1, everything, care.staff('doctor'), emergency);
    const { until } = await readEmergency(emergency);
    const { readingKey } = care.world.people.doctor.keys;
    expect(await mayRelease('summary', doctor)).toEqual({
      ...{ reason: 'emergency', id: emergency, reader: doctor, readingKey, until },
    });
    expect(await release('hiv')).toBe('NO_CONSENT');
    goOn(1 / 60);
    await care.confirmEmergency(emergency);
    expect(await release('hiv')).toBe('NO_CONSENT');
    await care.requestAccess(2, everything, care.staff('doctor'), emergency);
    await mayRelease('hiv', doctor);
    expect(await refusal(mayRelease('hiv', practitionerIdOf('otherDoctor')))).toBe('NO_CONSENT');
    await suspend(care.world, 'doctor');
    expect(await release('hiv')).toBe('SUSPENDED');
  });

  it('until the emergency closes', async () => {
    const emergency = await care.openEmergency(1);
    await care.requestAccess(1, everything, care.staff('doctor'), emergency);
    goOn(4);
    expect(await refusal(mayRelease('summary', doctor))).toBe('NO_CONSENT');
  });

  it('to nobody by a consent', async () => {
    await care.grant(1, termsFor('doctor'));
    await care.requestAccess(1, { categories: ['clinical'], purpose: 'TREAT' });
    expect(await refusal(mayRelease('clinical', doctor))).toBe('NO_CONSENT');
  });

  it('to a representative with an access, and to a patient only after new keys', async () => {
    expect(await refusal(mayRelease('hiv', otherPatient))).toBe('NO_CONSENT');
    const by = await care.appoint(1);
    expect(await refusal(mayRelease('hiv', otherPatient))).toBe('NO_CONSENT');
    await care.requestAccess(1, { categories: ['hiv'], purpose: 'TREAT' }, by);
    expect(await mayRelease('hiv', otherPatient)).toMatchObject({
      ...{ reason: 'representative', id: ids.representation(1), reader: otherPatient },
    });
    await care.requestAccess(2, { categories: ['hiv'], purpose: 'TREAT' }, care.patient);
    expect(await refusal(mayRelease('hiv', patient))).toBe('NO_CONSENT');
    const args = [ids.representation(1), 'no longer needed'];
    await care.submit(care.patient.identity, 'patients:endRepresentation', args);
    expect(await refusal(mayRelease('hiv', otherPatient))).toBe('NO_CONSENT');
  });

  it('to a patient with new keys, for what an access of theirs asks', async () => {
    const { admin } = care.world.people;
    const renewed = { ...(await createIdentity('PatientMSP', { subject: patient })), id: patient };
    const proposal = JSON.stringify({ subject: patient, keys: renewed.keys });
    await care.submit(admin, 'patients:proposeReenrolment', [proposal]);
    await care.submit(care.world.registrars.RegulatorMSP, 'patients:approveReenrolment', [patient]);
    goOn(73);
    await care.submit(care.world.registrars.HospitalMSP, 'patients:completeReenrolment', [patient]);
    expect(await refusal(mayRelease('hiv', patient))).toBe('NO_CONSENT');
    await care.requestAccess(1, { categories: ['hiv'], purpose: 'TREAT' }, { identity: renewed, id: patient });
    expect(await mayRelease('hiv', patient)).toMatchObject({ reason: 'reenrolment', id: patient, reader: patient });
  });

  it('asked about nothing that there is', async () => {
    expect(await refusal(mayRelease('everything', doctor))).toBe('INVALID_ARGUMENT');
    expect(await refusal(mayRelease('hiv', 'inst-general-hospital'))).toBe('INVALID_ARGUMENT');
  });
});
