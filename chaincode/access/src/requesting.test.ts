import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Access, AccessTerms, AccessView, FullAccess } from '../../model/access.ts';
import type { Page } from '../../model/registry.ts';
import { refusal } from '../../testing/ledger.ts';
import { createRecordWorld, ids, RecordCare, termsFor } from '../../testing/records.ts';
import { bytesOf, hour, instant, patientIds, serial } from '../../testing/samples.ts';
import { expireLicence, suspend } from '../../testing/world.ts';

let care: RecordCare;

beforeEach(async () => {
  care = new RecordCare(await createRecordWorld());
  await care.open();
});
afterEach(() => {
  vi.useRealTimers();
});

const { patient } = patientIds;
const treat: AccessTerms = { categories: ['clinical', 'hiv'], purpose: 'TREAT' };
const entry = (id: string) => care.evaluate<Access>(care.world.people.service, 'access:readEntry', id);
const read = (id: string, by = care.world.people.doctor) => care.evaluate<AccessView>(by, 'access:read', id);
const request = (...given: Parameters<RecordCare['requestAccess']>) => refusal(care.requestAccess(...given));
const goOn = (hours: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * hour });

describe('an access', () => {
  it('stands on the ledger for twelve hours; what it released, only the owner sees', async () => {
    await care.grant(1, termsFor('doctor'));
    const id = await care.requestAccess(1, treat);
    const access = await entry(id);
    expect(access).toMatchObject({
      id,
      patient,
      reader: care.staff('doctor').id,
      institution: 'inst-general-hospital',
    });
    expect(Date.parse(access.until) - Date.parse(access.at)).toBe(12 * hour);
    expect(access).not.toHaveProperty('terms');
    const list = (by = care.world.people.patient) =>
      care.evaluate<Page<FullAccess>>(by, 'access:listByPatient', patient, '10', '');
    expect((await list()).items).toMatchObject([{ id, terms: { categories: ['clinical'], purpose: 'TREAT' } }]);
    expect(await refusal(list(care.world.people.doctor))).toBe('NOT_REGISTERED');
    expect(await refusal(list(care.world.people.otherPatient))).toBe('NOT_AUTHORISED');
  });

  it('needs a consent in force for something of it', async () => {
    expect(await request(1, treat)).toBe('NO_CONSENT');
    await care.grant(1, termsFor('doctor'));
    expect(await request(1, { ...treat, purpose: 'HRESCH' })).toBe('NO_CONSENT');
    expect(await request(1, { ...treat, categories: ['hiv'] })).toBe('NO_CONSENT');
    expect(await request(1, treat, care.staff('otherDoctor'))).toBe('NO_CONSENT');
    await care.grant(2, termsFor('otherDoctor', { from: instant(hour) }));
    expect(await request(1, treat, care.staff('otherDoctor'))).toBe('NO_CONSENT');
    await care.grant(3, termsFor('doctor', { decision: 'deny' }));
    expect(await request(1, treat)).toBe('NO_CONSENT');
  });

  it('is no emergency without one', async () => {
    await care.grant(1, termsFor('doctor'));
    expect(await request(1, { categories: ['clinical'], purpose: 'ETREAT' })).toBe('NO_CONSENT');
  });

  it('refuses an id again, another channel and who is in no standing', async () => {
    await care.grant(1, termsFor('doctor'));
    await care.grant(2, termsFor('pharmacist'));
    await care.requestAccess(1, treat);
    expect(await request(1, treat)).toBe('ALREADY_EXISTS');
    const ask = (id: string, of: string) =>
      refusal(
        care.submit(care.world.people.doctor, 'access:request', [JSON.stringify({ id, patient: of })], {
          access: bytesOf(treat),
        }),
      );
    expect(await ask(`acc-1-${serial(1)}`, patient)).toBe('WRONG_CHANNEL');
    expect(await ask(ids.access(2), `pt-0-${serial(99)}`)).toBe('NOT_FOUND');
    expect(await ask(ids.access(2), patientIds.otherPatient)).toBe('RECORD_NOT_OPENED');
    await expireLicence(care.world, 'pharmacist');
    expect(await request(2, treat, care.staff('pharmacist'))).toBe('LICENCE_INVALID');
    await suspend(care.world, 'doctor');
    expect(await request(2, treat)).toBe('SUSPENDED');
    expect(await refusal(read(ids.access(1)))).toBe('SUSPENDED');
  });
});

describe('reading by it', () => {
  it('asks the consents anew each time', async () => {
    const clinical = await care.grant(1, termsFor('doctor'));
    const hiv = await care.grant(2, termsFor('doctor', { categories: ['hiv'] }));
    const id = await care.requestAccess(1, treat);
    const released = async () => (await read(id)).categories.map(({ category }) => category);
    expect(await released()).toEqual(['clinical', 'hiv']);
    await care.revoke(clinical, ['clinical']);
    expect(await released()).toEqual(['hiv']);
    await care.grant(3, termsFor('doctor', { categories: ['clinical', 'results'] }));
    expect(await released()).toEqual(['clinical', 'hiv']);
    await care.revoke(ids.consent(3), ['clinical', 'results']);
    await care.revoke(hiv, ['hiv']);
    expect(await refusal(read(id))).toBe('NO_CONSENT');
  });

  it('ends with the hours, the consent, the licence', async () => {
    await care.grant(1, termsFor('doctor', { until: instant(5 * hour) }));
    const id = await care.requestAccess(1, treat);
    goOn(4);
    await read(id);
    goOn(1);
    expect(await refusal(read(id))).toBe('NO_CONSENT');
    await care.grant(2, termsFor('doctor', { from: instant(0) }));
    await read(id);
    goOn(7);
    expect(await refusal(read(id))).toBe('EXPIRED');
  });

  it('is its reader’s alone', async () => {
    await care.grant(1, termsFor('doctor'));
    await care.grant(2, termsFor('otherDoctor'));
    const id = await care.requestAccess(1, treat);
    expect(await refusal(read(id, care.world.people.otherDoctor))).toBe('NOT_AUTHORISED');
    expect(await refusal(read(id, care.world.people.impostor))).toBe('NOT_REGISTERED');
    expect(await refusal(read(id, care.world.people.patient))).toBe('NOT_AUTHORISED');
    expect(await refusal(read(ids.access(9)))).toBe('NOT_FOUND');
  });

  it('opens documents of what is released, and says of others nothing but that they are not', async () => {
    const shared = await care.add(1, 'clinical', care.staff('otherDoctor'));
    const kept = await care.add(2, 'mental', care.staff('otherDoctor'));
    await care.grant(1, termsFor('doctor'));
    const id = await care.requestAccess(1, treat);
    const open = (...wanted: string[]) =>
      care.evaluate(care.world.people.doctor, 'access:readDocuments', id, JSON.stringify(wanted));
    await open(shared);
    expect(await refusal(open(shared, kept))).toBe('NOT_FOUND');
    expect(await refusal(open(ids.document(9)))).toBe('NOT_FOUND');
    const view = await read(id);
    expect(JSON.stringify(view)).not.toContain(kept);
    expect(view.withheld).toHaveLength(9);
  });

  it('opens no escrow by a consent', async () => {
    await care.grant(1, termsFor('doctor'));
    const id = await care.requestAccess(1, treat);
    expect(await refusal(care.evaluate(care.world.people.doctor, 'access:readEscrow', id))).toBe('NO_CONSENT');
  });
});

describe('a representative', () => {
  it('reads everything, until the end of the representation', async () => {
    const by = await care.appoint(1, instant(2 * hour));
    const id = await care.requestAccess(1, treat, by);
    expect(Date.parse((await entry(id)).until)).toBeLessThanOrEqual(Date.now() + 2 * hour);
    expect((await read(id, by.identity)).categories).toHaveLength(2);
    const shares = await care.evaluate<object[]>(by.identity, 'access:readEscrow', id);
    expect(shares).toHaveLength(6);
    goOn(2.1);
    expect(await refusal(read(id, by.identity))).toBe('NOT_AUTHORISED');
  });

  it('reads nothing once it is ended', async () => {
    const by = await care.appoint(1);
    const id = await care.requestAccess(1, treat, by);
    const args = [ids.representation(1), 'no longer needed'];
    await care.submit(care.patient.identity, 'patients:endRepresentation', args);
    expect(await refusal(read(id, by.identity))).toBe('NOT_AUTHORISED');
    expect(await request(2, treat, by)).toBe('NOT_AUTHORISED');
  });
});
