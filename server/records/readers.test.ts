import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { institutionStatement } from '#chaincode/model/statements.ts';
import { findGrantees, namesOf } from '../consents/service.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import { certifiedKeyHash } from '../people/certificates.ts';
import { type Role, roles } from '../people/schema.ts';
import { name26, type Person, World } from '../testing/world.ts';
import { prepareTransaction } from '../transactions/service.ts';
import { certificatesFor, escrowReaders, readersOf } from './readers.ts';

let world: World;
let patient: Person;
let doctor: Person;

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  doctor = await world.person('doctor', 'inst-north-hospital', { name: 'Dr Amara Weiss' });
}, 60_000);
afterAll(() => world.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ code }) => code,
  );

describe('whom a patient can let read', () => {
  it('is found by the beginnings of a name, active clinicians and institutions only', async () => {
    const find = (query: string) => findGrantees(patient.actor, { query }, world.portal);
    expect(await find('wei')).toMatchObject([{ kind: 'person', id: doctor.actor.subjectId, role: 'doctor' }]);
    expect(await find('river pharm')).toMatchObject([{ kind: 'institution', id: 'inst-river-pharmacy' }]);
    expect(await find('Authority')).toEqual([]);
    const hill = eq(institutions.id, 'inst-hill-pharmacy');
    await world.portal.db.update(institutions).set({ status: 'suspended' }).where(hill);
    expect(await find('hill')).toEqual([]);
  });

  it.each(roles.filter((role) => role !== 'patient'))('is nothing that a %s looks for', async (role) => {
    expect(await code(findGrantees({ ...doctor.actor, role }, { query: 'wei' }, world.portal))).toBe('FORBIDDEN');
  });

  it('has a name for everybody, and a patient has none', async () => {
    const ids = [doctor.actor.subjectId, 'inst-north-hospital', patient.actor.subjectId];
    expect(await namesOf(patient.actor, { ids }, world.portal)).toEqual({
      [doctor.actor.subjectId]: 'Dr Amara Weiss',
      'inst-north-hospital': 'North Hospital',
    });
  });
});

describe('those for whom keys are wrapped', () => {
  const readingKey = 'P'.repeat(1622);

  it('come with the certificate of the very key that the ledger records', async () => {
    const id = doctor.actor.subjectId;
    const { certificatePem } = doctor.key;
    const keys = { signingKeyHash: certifiedKeyHash(certificatePem), readingKey, wallet: '' };
    world.ledger.registry.register({ id, institutionId: 'inst-north-hospital', role: 'doctor', keys });
    const claim = { kind: 'person', id, readingKey, certificatePem };
    expect(await readersOf(patient.actor, { ids: [id, id] }, world.portal)).toEqual([claim]);
    const other = { ...keys, signingKeyHash: 'ab'.repeat(32) };
    world.ledger.registry.register({ id, institutionId: 'inst-north-hospital', role: 'doctor', keys: other });
    expect(await readersOf(patient.actor, { ids: [id] }, world.portal)).toEqual([]);
  });

  it('leave out a ward without keys, and say where somebody is nobody', async () => {
    const pseudonym = `pt-0-${name26()}`;
    const ids = [pseudonym];
    expect(await code(readersOf(patient.actor, { ids }, world.portal))).toBe('NOT_FOUND');
    world.ledger.entries.set(pseudonym, { pseudonym, status: 'active', version: 1 });
    expect(await readersOf(patient.actor, { ids }, world.portal)).toEqual([]);
  });

  it('of an institution come with the certificate of the admin who signed its key', async () => {
    const admin = await world.person('admin', 'inst-north-hospital');
    const by = admin.actor.subjectId;
    const said = { generation: 1, readingKey, by };
    const signature = await admin.key.sign(institutionStatement('inst-north-hospital', said));
    const reading = { ...said, signature };
    const entry = {
      id: 'inst-north-hospital',
      kind: 'hospital',
      name: 'North Hospital',
      mspId: 'HospitalMSP',
    } as const;
    world.ledger.registry.institutions.set(entry.id, { ...entry, status: 'active', reading, version: 2 });
    const ids = ['inst-north-hospital'];
    const { certificatePem } = admin.key;
    expect(await readersOf(patient.actor, { ids }, world.portal)).toEqual([
      { kind: 'institution', id: 'inst-north-hospital', reading, certificatePem },
    ]);
    const forged = { ...reading, generation: 2 };
    world.ledger.registry.institutions.set(entry.id, { ...entry, status: 'active', reading: forged, version: 3 });
    expect(await readersOf(patient.actor, { ids }, world.portal)).toEqual([]);
  });

  const allowed: Role[] = ['patient', 'doctor', 'pharmacist'];
  it.each(roles.filter((role) => !allowed.includes(role)))('are no business of a %s', async (role) => {
    const actor = { ...doctor.actor, role };
    const input = { ids: [doctor.actor.subjectId] };
    expect(await code(readersOf(actor, input, world.portal))).toBe('FORBIDDEN');
    const certificates = await code(certificatesFor(actor, input, world.portal));
    // Admins and the staff of authority and insurers check by them who made their institution's key.
    const checks = role === 'admin' || role === 'regulator' || role === 'insurer';
    expect(certificates).toBe(checks ? 'done' : 'FORBIDDEN');
    expect(await code(escrowReaders(actor, undefined, world.portal))).toBe('FORBIDDEN');
  });

  it('are checked by every certificate that they have', async () => {
    const input = { ids: [doctor.actor.subjectId] };
    expect(await certificatesFor(patient.actor, input, world.portal)).toEqual({
      [doctor.actor.subjectId]: [doctor.key.certificatePem],
    });
  });
});

describe('what is told before anybody signs', () => {
  const wrap = 'W'.repeat(1558);
  const signature = 'S'.repeat(96);
  const prepare = (person: Person, patientId: string, extra: object = {}) => {
    const channel = patientId.split('-')[1];
    const document = {
      ...{
        id: `doc-${channel}-${name26()}`,
        patient: patientId,
        cid: `b${'a'.repeat(58)}`,
        contentHash: 'ab'.repeat(32),
      },
      ...{ attachments: [], signature, keyCommitment: 'C'.repeat(43), ...extra },
    };
    const record = { category: 'clinical' as const, epoch: 1, wrap };
    return code(prepareTransaction(person.actor, { kind: 'records:add', document, record }, world.portal));
  };

  it('a document is not uploaded, of another channel, or of a patient who is treated elsewhere', async () => {
    const pseudonym = patient.actor.subjectId;
    expect(await prepare(doctor, pseudonym)).toBe('NOT_FOUND');
    const elsewhere = `doc-${pseudonym.startsWith('pt-0') ? 1 : 0}-${name26()}`;
    expect(await prepare(doctor, pseudonym, { id: elsewhere })).toBe('WRONG_CHANNEL');
    const stranger = await world.person('doctor', 'inst-south-hospital');
    expect(await prepare(stranger, pseudonym)).toBe('FORBIDDEN');
    const other = await world.person('patient', null);
    expect(await prepare(other, pseudonym)).toBe('FORBIDDEN');
  });

  it('a grant is about somebody else’s record, a request about a patient out of reach', async () => {
    const terms = {
      ...{ decision: 'deny' as const, grantee: { kind: 'institution' as const, id: 'inst-river-pharmacy' } },
      ...{ categories: ['clinical' as const], purposes: ['TREAT' as const], from: '2026-01-01T00:00:00Z' },
    };
    const pseudonym = patient.actor.subjectId;
    const channel = pseudonym.split('-')[1];
    const other = await world.person('patient', null);
    const grant = {
      ...{ kind: 'consents:grant' as const, consent: { id: `con-${channel}-${name26()}`, patient: pseudonym }, terms },
      record: { epochs: [], wraps: [] },
    };
    expect(await code(prepareTransaction(other.actor, grant, world.portal))).toBe('FORBIDDEN');
    expect(await code(prepareTransaction(patient.actor, grant, world.portal))).toBe('done');
    const stranger = await world.person('doctor', 'inst-south-hospital');
    const asked = { categories: ['clinical' as const], purposes: ['TREAT' as const], reason: 'a first visit' };
    const request = { id: `req-${channel}-${name26()}`, patient: pseudonym };
    const ask = { kind: 'consents:request' as const, request, terms: asked };
    expect(await code(prepareTransaction(stranger.actor, ask, world.portal))).toBe('FORBIDDEN');
    expect(await code(prepareTransaction(doctor.actor, ask, world.portal))).toBe('done');
  });
});
