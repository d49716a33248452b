import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessAudit, invitations, people } from '../gateways/db/schema/people.ts';
import { readInvitation } from '../people/enrolment.ts';
import { findPatients } from '../people/patients.ts';
import { type Role, roles } from '../people/schema.ts';
import { type Person, World } from '../testing/world.ts';
import { findEntries, invitePatient, putOnLedger, registerWard } from './entries.ts';
import { likenessOf } from './likeness.ts';
import { listMerges, mergePatients, undoMerge } from './merging.ts';
import { findSimilar, listDuplicates, registerPatient, takeOn } from './service.ts';

let world: World;
let admin: Person;
let doctor: Person;
let stranger: Person;

beforeAll(async () => {
  world = await World.start();
  admin = await world.person('admin', 'inst-north-hospital');
  doctor = await world.person('doctor', 'inst-north-hospital');
  stranger = await world.person('doctor', 'inst-south-hospital');
}, 60_000);
afterAll(() => world.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ code }) => code,
  );
const someone = (extra: object = {}) => ({
  ...{ name: 'Ingrid Solberg', birthDate: '1961-03-04', identifier: '', sex: 'female' as const, isAnother: false },
  email: `${crypto.randomUUID()}@example.org`,
  ...extra,
});
const register = (extra: object = {}, by = admin) => registerPatient(by.actor, someone(extra), world.portal);

describe('likeness', () => {
  const one = { name: 'Ingrid Solberg', birthDate: '1961-03-04', identifier: '610304-1234' };
  it.each([
    [{ ...one, name: 'Somebody Else', birthDate: '1990-01-01', identifier: '6103041234' }, ['identifier']],
    [{ ...one, identifier: '' }, ['birthDate', 'sameName']],
    [{ ...one, name: 'Solberg, Ingrid', identifier: '' }, ['birthDate', 'swappedName']],
    [{ ...one, name: 'Ingerid Solberg', identifier: '' }, ['birthDate', 'similarName']],
    [{ ...one, name: 'Íngrid Sølberg', identifier: '' }, ['birthDate', 'similarName']],
    [{ ...one, name: 'Peter Holm', identifier: '' }, []],
    [{ ...one, birthDate: '1961-03-05', identifier: '' }, []],
    [{ name: 'Ingrid Solberg', birthDate: '', identifier: '' }, []],
  ])('of %j', (other, why) => {
    expect(likenessOf(one, other)).toEqual(why);
  });
});

describe('registration', () => {
  it('takes somebody on with an invitation, and asks where somebody resembles them', async () => {
    const { personId, token } = await register({ name: 'Nora Berg', birthDate: '1970-01-02' });
    expect(await readInvitation({ address: '127.0.0.1' }, token, world.portal)).toMatchObject({ name: 'Nora Berg' });
    const again = { name: 'Nora Bergh', birthDate: '1970-01-02' };
    expect(await code(register(again))).toBe('CONFLICT');
    expect(await findSimilar(doctor.actor, someone(again), world.portal)).toMatchObject([
      { personId, why: ['birthDate', 'similarName'] },
    ]);
    const shown = await world.portal.db.select().from(accessAudit).where(eq(accessAudit.patientId, personId));
    expect(shown.some(({ foundBy, actorId }) => foundBy === 'similarity' && actorId === doctor.actor.personId)).toBe(
      true,
    );
    expect(await code(register({ ...again, isAnother: true }))).toBe('done');
    expect(await findSimilar(stranger.actor, someone(again), world.portal)).toEqual([]);
  });

  it('refuses an identifier that is somebody’s, or none', async () => {
    await register({ name: 'Kai Moen', identifier: '700102-1111', birthDate: '1970-02-02' });
    const other = { name: 'Other Person', birthDate: '1999-02-02' };
    expect(await code(register({ ...other, identifier: '7001021111' }, stranger))).toBe('ALREADY_EXISTS');
    expect(await code(register({ ...other, identifier: 'none' }))).toBe('INVALID_INPUT');
  });

  it('of somebody who is known elsewhere needs the exact identifier', async () => {
    const known = await world.person('patient', null, {
      name: 'Liv Aas',
      identifier: '800102-2222',
      treatedAt: ['inst-south-hospital'],
    });
    const { personId } = known.actor;
    expect(await code(takeOn(doctor.actor, { personId }, world.portal))).toBe('FORBIDDEN');
    await findPatients(doctor.actor, { query: '800102-2222' }, world.portal);
    await takeOn(doctor.actor, { personId }, world.portal);
    expect(await findPatients(doctor.actor, { query: 'Liv' }, world.portal)).toMatchObject([{ personId }]);
  });
});

describe('the directory', () => {
  const find = (query: string, by = admin) => findEntries(by.actor, { query }, world.portal);

  it('has everybody of the institution, with keys or without, and nobody else', async () => {
    const { personId, token } = await register({ name: 'Tuva Lie', birthDate: '1988-03-03' });
    expect(await find('tuva')).toMatchObject([{ personId, enrolled: false }]);
    expect(await find('tuva', stranger)).toEqual([]);
    const again = await invitePatient(admin.actor, { personId }, world.portal);
    const read = (link: string) => readInvitation({ address: '127.0.0.1' }, link, world.portal);
    expect(await code(read(token))).toBe('INVITATION_INVALID');
    expect(await read(again.token)).toMatchObject({ name: 'Tuva Lie' });
    expect(await code(invitePatient(stranger.actor, { personId }, world.portal))).toBe('NOT_FOUND');
    expect(await code(putOnLedger(admin.actor, { personId }, world.portal))).toBe('WRONG_STATE');
  });

  it('takes a ward on without an account, who is found by doctors once on the ledger', async () => {
    const { email: _, ...child } = { ...someone({ name: 'Odin Vik', birthDate: '2019-05-06' }) };
    const { personId } = await registerWard(admin.actor, child, world.portal);
    expect(await code(registerWard(admin.actor, child, world.portal))).toBe('CONFLICT');
    expect(await find('odin')).toMatchObject([{ personId, ward: 'waiting', enrolled: false }]);
    expect(await findPatients(doctor.actor, { query: 'Odin' }, world.portal)).toEqual([]);
    expect(await code(invitePatient(admin.actor, { personId }, world.portal))).toBe('WRONG_STATE');
    world.connector.down = true;
    expect(await code(putOnLedger(admin.actor, { personId }, world.portal))).toBe('CONNECTOR_UNAVAILABLE');
    world.connector.down = false;
    const { pseudonym } = await putOnLedger(admin.actor, { personId }, world.portal);
    expect(world.ledger.entries.get(pseudonym)).toMatchObject({ status: 'active' });
    expect(await putOnLedger(admin.actor, { personId }, world.portal)).toMatchObject({ ward: 'registered' });
    const found = await findPatients(doctor.actor, { query: 'Odin' }, world.portal);
    expect(found).toMatchObject([{ personId, readingKey: '' }]);
    expect(await code(putOnLedger(stranger.actor, { personId }, world.portal))).toBe('NOT_FOUND');
  });
});

describe('duplicates', () => {
  async function pair() {
    const birthDate = `19${String(10 + Math.floor(Math.random() * 80))}-0${1 + Math.floor(Math.random() * 9)}-11`;
    const kept = await world.person('patient', null, {
      name: 'Per Dahl',
      birthDate,
      treatedAt: ['inst-north-hospital'],
    });
    const merged = await register({ name: 'Per Dahll', birthDate, isAnother: true });
    return { keepId: kept.actor.personId, mergeId: merged.personId, token: merged.token, birthDate };
  }

  it('are listed, merged and parted again', async () => {
    const { keepId, mergeId, token } = await pair();
    const listed = await listDuplicates(admin.actor, undefined, world.portal);
    const ids = listed.map(({ entries }) => entries.map(({ personId }) => personId).sort());
    expect(ids).toContainEqual([keepId, mergeId].sort());
    const { id } = await mergePatients(admin.actor, { keepId, mergeId }, world.portal);
    const after = await listDuplicates(admin.actor, undefined, world.portal);
    expect(after.flatMap(({ entries }) => entries).some(({ personId }) => personId === mergeId)).toBe(false);
    // The kept one has keys: nobody can make others with the merged one's invitation.
    expect(await code(readInvitation({ address: '127.0.0.1' }, token, world.portal))).toBe('INVITATION_INVALID');
    expect(await listMerges(doctor.actor, undefined, world.portal)).toMatchObject([{ id, reversible: true }]);
    await undoMerge(doctor.actor, { id }, world.portal);
    expect(await readInvitation({ address: '127.0.0.1' }, token, world.portal)).toMatchObject({ name: 'Per Dahll' });
    expect((await listDuplicates(admin.actor, undefined, world.portal)).length).toBe(listed.length);
    expect(await code(undoMerge(admin.actor, { id }, world.portal))).toBe('WRONG_STATE');
    const [row] = await world.portal.db.select().from(invitations).where(eq(invitations.personId, mergeId));
    expect(row).toBeDefined();
  });

  it('of which the merged one has keys, or a place on the ledger, are not merged', async () => {
    const { keepId, mergeId } = await pair();
    const turned = { keepId: mergeId, mergeId: keepId };
    expect(await code(mergePatients(admin.actor, turned, world.portal))).toBe('WRONG_STATE');
    const [row] = await world.portal.db.select().from(people).where(eq(people.id, mergeId));
    const pseudonym = row?.subjectId ?? '';
    world.ledger.entries.set(pseudonym, { pseudonym, status: 'active', version: 1 });
    expect(await code(mergePatients(admin.actor, { keepId, mergeId }, world.portal))).toBe('WRONG_STATE');
    world.ledger.entries.delete(pseudonym);
    expect(await code(mergePatients(admin.actor, { keepId, mergeId }, world.portal))).toBe('done');
    expect(await code(mergePatients(admin.actor, { keepId, mergeId }, world.portal))).toBe('NOT_FOUND');
  });

  it('of another institution are nobody’s business', async () => {
    const { keepId, mergeId } = await pair();
    expect(await code(mergePatients(stranger.actor, { keepId, mergeId }, world.portal))).toBe('NOT_FOUND');
    const { id } = await mergePatients(admin.actor, { keepId, mergeId }, world.portal);
    expect(await code(undoMerge(stranger.actor, { id }, world.portal))).toBe('NOT_FOUND');
    expect(await listMerges(stranger.actor, undefined, world.portal)).toEqual([]);
  });
});

describe('who may not', () => {
  const keepers: Role[] = ['doctor', 'admin'];
  it.each(roles.filter((role) => !keepers.includes(role)))('a %s', async (role) => {
    const actor = { ...admin.actor, role };
    const nobody = { keepId: crypto.randomUUID(), mergeId: crypto.randomUUID() };
    const tried = await Promise.all([
      code(findSimilar(actor, someone(), world.portal)),
      code(registerPatient(actor, someone(), world.portal)),
      code(takeOn(actor, { personId: crypto.randomUUID() }, world.portal)),
      code(listDuplicates(actor, undefined, world.portal)),
      code(mergePatients(actor, nobody, world.portal)),
      code(undoMerge(actor, { id: crypto.randomUUID() }, world.portal)),
      code(listMerges(actor, undefined, world.portal)),
      code(findEntries(actor, { query: 'somebody' }, world.portal)),
      code(invitePatient(actor, { personId: crypto.randomUUID() }, world.portal)),
      code(registerWard(actor, someone(), world.portal)),
      code(putOnLedger(actor, { personId: crypto.randomUUID() }, world.portal)),
    ]);
    expect(new Set(tried)).toEqual(new Set(['FORBIDDEN']));
  });

  it('an admin of a pharmacy', async () => {
    const actor = { ...admin.actor, institutionId: 'inst-river-pharmacy', mspId: 'PharmacyMSP' };
    expect(await code(listDuplicates(actor, undefined, world.portal))).toBe('FORBIDDEN');
  });
});
