import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Institution } from '#chaincode/model/registry.ts';
import { institutionStatement } from '#chaincode/model/statements.ts';
import { AppError } from '#server/errors.ts';
import { devices } from '../gateways/db/schema/circles.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import { certifiedKeyHash, keepCertificate } from '../people/certificates.ts';
import { roles } from '../people/schema.ts';
import { name26, type Person, World } from '../testing/world.ts';
import { insurerReaders } from './readers.ts';

const insurer = 'inst-northern-mutual';
const readingKey = 'P'.repeat(1622);
let world: World;
let patient: Person;
let admin: Person;

beforeAll(async () => {
  world = await World.start();
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  await world.portal.db
    .insert(institutions)
    .values({ id: insurer, kind: 'insurer', name: 'Northern Mutual', mspId: 'InsurerMSP' });
  admin = await world.person('admin', insurer);
}, 60_000);
afterAll(() => world.stop());
beforeEach(async () => {
  await world.portal.db.delete(devices);
  world.ledger.registry.institutions.set(insurer, await institution());
});

/** The insurer with a reading key by its admin's word. */
async function institution(change: Partial<Institution> = {}): Promise<Institution> {
  const said = { generation: 1, readingKey, by: admin.actor.subjectId };
  const reading = { ...said, signature: await admin.key.sign(institutionStatement(insurer, said)) };
  const entry = { id: insurer, kind: 'insurer' as const, name: 'Northern Mutual', mspId: 'InsurerMSP' };
  return { ...entry, status: 'active', reading, version: 2, ...change };
}

/** A device of the insurer, on the ledger and as the portal last heard of it. */
async function device({ purpose = 'adjudicator', told = 'active', status = 'active', ofKey = admin } = {}) {
  const id = `dev-${name26()}`;
  const signingKeyHash = certifiedKeyHash(admin.key.certificatePem);
  await keepCertificate(world.portal.db, { subjectId: id, pem: ofKey.key.certificatePem });
  const about = { id, institutionId: insurer, mspId: 'InsurerMSP', model: 'Adjudicator', version: 1 };
  const registered = { ...about, serialHash: 'a'.repeat(64), keys: { signingKeyHash, readingKey } };
  world.ledger.registry.devices.set(id, {
    ...registered,
    purpose: purpose as 'adjudicator',
    status: status as 'active',
  });
  await world.portal.db.insert(devices).values({ ...about, purpose, status: told, signingKeyHash });
  return id;
}
const read = (person: Person, id = insurer) => insurerReaders(person.actor, { insurer: id }, world.portal);
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

it('are the insurer with its admin’s certificate and its active adjudicators with theirs', async () => {
  const [adjudicator] = [await device(), await device({ purpose: 'monitor' }), await device({ told: 'suspended' })];
  const { certificatePem } = admin.key;
  const { reading } = await institution();
  const found = await read(patient);
  expect(found.insurer).toEqual({
    kind: 'institution',
    id: insurer,
    reading: { ...reading, signature: expect.any(String) },
    certificatePem,
  });
  expect(found.adjudicators).toEqual([{ kind: 'person', id: adjudicator, readingKey, certificatePem }]);
});

it('leave out a device that the ledger has suspended meanwhile', async () => {
  await device({ status: 'suspended' });
  expect((await read(patient)).adjudicators).toEqual([]);
});

it('leave out a device of whose key the portal has no certificate', async () => {
  await device({ ofKey: patient });
  expect((await read(patient)).adjudicators).toEqual([]);
});

it('are nobody where it is no insurer, or has no key', async () => {
  world.ledger.registry.institutions.set(insurer, await institution({ kind: 'hospital' }));
  expect(await code(read(patient))).toBe('NOT_FOUND');
  const { reading: _, ...keyless } = await institution();
  world.ledger.registry.institutions.set(insurer, keyless);
  expect(await code(read(patient))).toBe('NOT_FOUND');
  expect(await code(read(patient, 'inst-nobody-at-all'))).toBe('NOT_FOUND');
});

it('are told to patients and providers, and to nobody else', async () => {
  for (const role of roles) {
    const asked = await code(read({ ...patient, actor: { ...patient.actor, role } }));
    expect(asked, role).toBe(['patient', 'doctor', 'pharmacist'].includes(role) ? 'done' : 'FORBIDDEN');
  }
});
