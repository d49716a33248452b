import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConsentTerms, type FullConsent, mostConsents, type PermittedNow } from '../../model/consent.ts';
import type { CategoryView } from '../../model/healthRecord.ts';
import type { Page } from '../../model/registry.ts';
import { refusal } from '../../testing/ledger.ts';
import { createRecordWorld, type GrantChange, hospital, ids, RecordCare, termsFor } from '../../testing/records.ts';
import { bytesOf, hour, instant, patientIds, serial } from '../../testing/samples.ts';
import { practitionerIdOf, type StaffName } from '../../testing/world.ts';

let care: RecordCare;

beforeEach(async () => {
  care = new RecordCare(await createRecordWorld());
  await care.open();
});

const { patient, otherPatient } = patientIds;
const mine = async (name: StaffName = 'doctor') => {
  const allowed = await care.evaluate<PermittedNow[]>(care.world.people[name], 'consents:mine', patient);
  return allowed.map(({ purpose, categories }) => `${purpose} ${categories}`);
};
const list = (by = care.world.people.patient) =>
  care.evaluate<Page<FullConsent>>(by, 'consents:list', patient, '10', '');
const refused = (terms: ConsentTerms, change: GrantChange = {}, by = care.patient) =>
  refusal(care.grant(9, terms, by, change));

describe('granting', () => {
  it('permits from the next transaction on; the ledger says only that there is a consent', async () => {
    const terms = termsFor('doctor', { categories: ['clinical', 'results'], purposes: ['TREAT', 'HRESCH'] });
    expect(await mine()).toEqual([]);
    const id = await care.grant(1, terms);
    expect(await mine()).toEqual(['TREAT clinical,results', 'HRESCH clinical,results']);
    expect(await mine('otherDoctor')).toEqual([]);
    expect((await list()).items).toMatchObject([{ id, patient, state: 'active', by: patient, version: 1, terms }]);
  });

  it('reaches a role or an institution, whose key its staff share', async () => {
    await care.grant(1, termsFor('doctor', { grantee: { kind: 'role', id: hospital, role: 'doctor' } }));
    expect(await mine('otherDoctor')).toEqual(['TREAT clinical']);
    expect(await mine('pharmacist')).toEqual([]);
    await care.grant(2, termsFor('doctor', { grantee: { kind: 'institution', id: 'inst-river-pharmacy' } }));
    expect(await mine('colleague')).toEqual(['TREAT clinical']);
    expect(await mine('otherPharmacist')).toEqual([]);
  });

  it('needs the second factor over the very call, and a denial none', async () => {
    const terms = termsFor('doctor');
    expect(await refused(terms, { confirmedBy: false })).toBe('SECOND_FACTOR_REQUIRED');
    expect(await refused(terms, { confirmedBy: 'otherPatient' })).toBe('SECOND_FACTOR_INVALID');
    const order = care.grantOrder(9, terms);
    const others = care.grantOrder(9, termsFor('doctor', { categories: ['hiv'] }));
    const swapped = {
      ...others,
      transient: { ...others.transient, assertion: order.transient.assertion ?? Buffer.of() },
    };
    expect(await refusal(care.world.ledger.submit(swapped))).toBe('SECOND_FACTOR_INVALID');
    await care.grant(1, { ...terms, decision: 'deny' }, care.patient, { confirmedBy: false });
  });

  it('is for the owner: a representative of this and of another channel, while one is', async () => {
    expect(await refusal(care.grant(1, termsFor('doctor'), { identity: care.world.people.doctor, id: patient }))).toBe(
      'NOT_REGISTERED',
    );
    const other = { identity: care.world.people.otherPatient, id: otherPatient };
    expect(await refusal(care.grant(1, termsFor('doctor'), other))).toBe('NOT_AUTHORISED');
    await care.grant(1, termsFor('doctor'), await care.appoint(1));
    const distant = await care.appoint(2, undefined, 'distantRepresentative');
    await care.grant(2, termsFor('otherDoctor'), distant);
    expect((await list(distant.identity)).items.map(({ by }) => by).toSorted()).toEqual(
      [otherPatient, distant.id].toSorted(),
    );
    const args = [ids.representation(2), 'no longer needed'];
    await care.submit(care.patient.identity, 'patients:endRepresentation', args);
    expect(await refused(termsFor('doctor'), {}, distant)).toBe('NOT_AUTHORISED');
    expect(await refusal(list(distant.identity))).toBe('NOT_AUTHORISED');
  });

  it('gives seeds to the grantee alone, in the categories of the consent', async () => {
    const doctor = practitionerIdOf('doctor');
    const wraps = (...given: Parameters<RecordCare['wrapOf']>) => ({ wraps: [care.wrapOf(...given)] });
    expect(await refused(termsFor('doctor'), wraps('clinical', 1, practitionerIdOf('otherDoctor')))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(await refused(termsFor('doctor'), wraps('hiv', 1, doctor))).toBe('INVALID_ARGUMENT');
    expect(await refused(termsFor('doctor'), wraps('clinical', 2, doctor))).toBe('STALE_KEY');
    const denial = termsFor('doctor', { decision: 'deny' });
    expect(await refused(denial, wraps('clinical', 1, doctor))).toBe('INVALID_ARGUMENT');
    expect(await refused(termsFor('doctor'), { epochs: care.nextEpochs(['hiv']).epochs })).toBe('INVALID_ARGUMENT');
    await care.grant(1, denial);
    expect(await refused(termsFor('doctor'))).toBe('NO_CONSENT');
  });

  it('refuses an id again, an end that has passed, another channel and a record without keys', async () => {
    await care.grant(9, termsFor('doctor'));
    expect(await refused(termsFor('doctor'))).toBe('ALREADY_EXISTS');
    expect(await refusal(care.grant(8, termsFor('doctor', { from: instant(-hour), until: instant(-1) })))).toBe(
      'INVALID_ARGUMENT',
    );
    const elsewhere = [JSON.stringify({ id: `con-1-${serial(1)}`, patient })];
    expect(await refusal(care.submit(care.patient.identity, 'consents:grant', elsewhere))).toBe('WRONG_CHANNEL');
    const unopened = new RecordCare(await createRecordWorld());
    expect(await refusal(unopened.grant(1, termsFor('doctor')))).toBe('RECORD_NOT_OPENED');
  });

  it('asks for nothing of the documents that there are', async () => {
    const reads = async () => {
      const { simulation } = await care.world.ledger.endorse(care.grantOrder(9, termsFor('doctor')));
      return simulation.reads.size + simulation.privateReads.size;
    };
    const before = await reads();
    for (let seed = 1; seed <= 20; seed += 1) await care.add(seed, 'clinical');
    expect(await reads()).toBe(before);
  });

  it('counts those in force, of which there may be 200; what has ended does not count', async () => {
    for (let seed = 1; seed < 10; seed += 1) await care.grant(seed, termsFor('doctor', { until: instant(hour) }));
    expect(mostConsents).toBe(200);
    for (let seed = 10; seed <= 200; seed += 1) {
      await care.grant(seed, termsFor('otherDoctor', { decision: 'deny' }), care.patient, { confirmedBy: false });
    }
    expect(await refusal(care.grant(300, termsFor('doctor')))).toBe('WRONG_STATE');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * hour });
    await care.grant(300, termsFor('doctor'));
    vi.useRealTimers();
  });
});

describe('revoking', () => {
  const epochOf = async (name: StaffName) => {
    const terms = { categories: ['clinical' as const], purpose: 'TREAT' as const };
    const access = await care.requestAccess(1, terms, care.staff(name));
    const { categories } = await care.evaluate<{ categories: CategoryView[] }>(
      care.world.people[name],
      'access:read',
      access,
    );
    return categories[0]?.wrap?.epoch;
  };

  it('ends at once what was permitted, with a new epoch for those who remain', async () => {
    const id = await care.grant(1, termsFor('doctor'));
    await care.grant(2, termsFor('otherDoctor'));
    await care.revoke(id, ['clinical'], [practitionerIdOf('otherDoctor')]);
    expect(await mine()).toEqual([]);
    expect(await epochOf('otherDoctor')).toBe(2);
    expect((await list()).items.map(({ id: named, state }) => [named, state])).toContainEqual([id, 'revoked']);
    expect(await refusal(care.revoke(id, ['clinical']))).toBe('WRONG_STATE');
  });

  it('gives no seed to whom it takes the consent, and leaves out no category', async () => {
    const id = await care.grant(1, termsFor('doctor', { categories: ['clinical', 'hiv'] }));
    expect(await refusal(care.revoke(id, ['clinical', 'hiv'], [practitionerIdOf('doctor')]))).toBe('NO_CONSENT');
    expect(await refusal(care.revoke(id, ['clinical']))).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.submit(care.patient.identity, 'consents:revoke', [id]))).toBe('INVALID_ARGUMENT');
    care.epochs.set('hiv', 2);
    expect(await refusal(care.revoke(id, ['clinical', 'hiv']))).toBe('STALE_KEY');
  });

  it('of a denial brings no epoch, and lets a permit hold again', async () => {
    await care.grant(1, termsFor('doctor'));
    const denial = await care.grant(2, termsFor('doctor', { decision: 'deny' }), care.patient, { confirmedBy: false });
    expect(await mine()).toEqual([]);
    await care.submit(care.patient.identity, 'consents:revoke', [denial]);
    expect(await mine()).toEqual(['TREAT clinical']);
  });

  it('is for the owner', async () => {
    const id = await care.grant(1, termsFor('doctor'));
    const by = { identity: care.world.people.otherPatient, id: otherPatient };
    expect(await refusal(care.revoke(id, ['clinical'], [], by))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.revoke(ids.consent(8), ['clinical']))).toBe('NOT_FOUND');
    await care.revoke(id, ['clinical'], [], await care.appoint(1));
  });

  it('overtakes an access that was endorsed before', async () => {
    const id = await care.grant(1, termsFor('doctor'));
    const args = [JSON.stringify({ id: ids.access(1), patient })];
    const transient = { access: bytesOf({ categories: ['clinical'], purpose: 'TREAT' }) };
    const order = care.order(care.world.people.doctor, 'access:request', args, transient);
    const endorsed = await care.world.ledger.endorse(order);
    await care.revoke(id, ['clinical']);
    expect(care.world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
  });
});
