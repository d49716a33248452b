import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reenrolment } from '#chaincode/model/patient.ts';
import type { NewCredential } from '#chaincode/model/secondFactor.ts';
import { AppError } from '#server/errors.ts';
import { people } from '../gateways/db/schema/people.ts';
import { readInvitation } from '../people/enrolment.ts';
import { roles, staffRoles } from '../people/schema.ts';
import { transact } from '../testing/intents.ts';
import { name26, type Person, World } from '../testing/world.ts';
import { prepareTransaction } from '../transactions/service.ts';
import { listDeviceOffers, listDevices, listReenrolments } from './service.ts';
import { dropStaff, inviteStaff, listStaff, listStaffKeys, takeOn } from './staff.ts';

let world: World;
let admin: Person;
let others: Person[];
const licence = {
  number: 'N-77',
  specialty: 'Cardiology',
  validFrom: '2026-01-01T00:00:00Z',
  validTo: '2030-01-01T00:00:00Z',
};
const north = 'inst-north-hospital';

beforeAll(async () => {
  world = await World.start();
  admin = await world.person('admin', north, { name: 'Ann Admin' });
  world.ledger.registry.register({ id: admin.actor.subjectId, institutionId: north, role: 'admin' });
  world.ledger.registry.register({ id: `prac-${name26()}`, institutionId: 'inst-river-pharmacy', role: 'pharmacist' });
  others = await Promise.all([
    world.person('doctor', north),
    world.person('pharmacist', 'inst-river-pharmacy'),
    world.person('regulator', 'inst-the-authority'),
    world.person('patient', null),
  ]);
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
const newcomer = (email = `${name26()}@example.org`) => ({ name: 'Nora New', email, role: 'doctor' as const, licence });
const take = (input = newcomer(), who = admin) => takeOn(who.actor, input, world.portal);
/** Taken on, and registered by the admin's signature. */
async function registered() {
  const practitioner = await take();
  await transact(world, admin, { kind: 'registerPractitioner', practitioner });
  return practitioner.id;
}
const prepare = (who: Person, intent: Parameters<typeof prepareTransaction>[1]) =>
  code(prepareTransaction(who.actor, intent, world.portal));

describe('taking somebody on', () => {
  it('waits for the admin’s signature, and only then there is an invitation', async () => {
    const practitioner = await take();
    const of = async () => (await listStaff(admin.actor, world.portal)).find(({ id }) => id === practitioner.id);
    expect(await of()).toMatchObject({ name: 'Nora New', registered: false, enrolled: false });
    expect(await code(inviteStaff(admin.actor, { subject: practitioner.id }, world.portal))).toBe('NOT_REGISTERED');
    await transact(world, admin, { kind: 'registerPractitioner', practitioner });
    expect(await of()).toMatchObject({ registered: true, licence, status: 'active' });
    const { token } = await inviteStaff(admin.actor, { subject: practitioner.id }, world.portal);
    expect((await of())?.invitedUntil).toBeDefined();
    expect(await readInvitation({ address: '203.0.113.1' }, token, world.portal)).toMatchObject({
      subjectId: practitioner.id,
      role: 'doctor',
    });
  });

  it('makes a new invitation worth more than the one before', async () => {
    const subject = await registered();
    const first = await inviteStaff(admin.actor, { subject }, world.portal);
    await inviteStaff(admin.actor, { subject }, world.portal);
    expect(await code(readInvitation({ address: '203.0.113.2' }, first.token, world.portal))).toBe(
      'INVITATION_INVALID',
    );
  });

  it('refuses an e-mail that has an account, and a role that the institution has not', async () => {
    const input = newcomer();
    await take(input);
    expect(await code(take(input))).toBe('ALREADY_EXISTS');
    expect(
      await code(
        take(
          { ...newcomer(), role: 'doctor' },
          { ...admin, actor: { ...admin.actor, institutionId: 'inst-river-pharmacy' } },
        ),
      ),
    ).toBe('INVALID_INPUT');
  });

  it('is undone as long as nobody has signed', async () => {
    const { id } = await take();
    await dropStaff(admin.actor, { subject: id }, world.portal);
    expect(await world.portal.db.select().from(people).where(eq(people.subjectId, id))).toHaveLength(0);
    const subject = await registered();
    expect(await code(dropStaff(admin.actor, { subject }, world.portal))).toBe('WRONG_STATE');
  });

  it('is nobody’s but the institution’s admin’s', async () => {
    const subject = await registered();
    for (const { actor } of others) {
      const attempts = [
        takeOn(actor, newcomer(), world.portal),
        dropStaff(actor, { subject }, world.portal),
        inviteStaff(actor, { subject }, world.portal),
        listStaff(actor, world.portal),
        listStaffKeys(actor, undefined, world.portal),
        listDevices(actor, world.portal),
        listDeviceOffers(actor, world.portal),
      ];
      const refused = await Promise.all(attempts.map((attempt) => code(attempt)));
      expect(new Set(refused), actor.role).toEqual(new Set(['FORBIDDEN']));
    }
    const { actor } = await world.person('admin', 'inst-south-hospital');
    expect(await code(dropStaff(actor, { subject }, world.portal))).toBe('NOT_FOUND');
    expect(await code(inviteStaff(actor, { subject }, world.portal))).toBe('NOT_FOUND');
  });
});

describe('what an admin signs', () => {
  it('is about people of the own institution, and never about herself', async () => {
    const subject = await registered();
    const elsewhere = await world.person('admin', 'inst-south-hospital');
    const suspend = { kind: 'setPractitionerStatus', subject, status: 'suspended' } as const;
    expect(await prepare(elsewhere, suspend)).toBe('FORBIDDEN');
    expect(await prepare(admin, { ...suspend, subject: admin.actor.subjectId })).toBe('FORBIDDEN');
    expect(await prepare(elsewhere, { kind: 'renewLicence', subject, licence })).toBe('FORBIDDEN');
    expect(await prepare(admin, { kind: 'renewLicence', subject: admin.actor.subjectId, licence })).toBe('FORBIDDEN');
    await transact(world, admin, suspend);
    const [row] = await world.portal.db.select().from(people).where(eq(people.subjectId, subject));
    expect(row?.status).toBe('suspended');
  });

  it('registers only whom the institution has taken on', async () => {
    const practitioner = { id: `prac-${name26()}`, institutionId: north, role: 'doctor' as const, licence };
    expect(await prepare(admin, { kind: 'registerPractitioner', practitioner })).toBe('NOT_FOUND');
    const taken = await take();
    expect(await prepare(admin, { kind: 'registerPractitioner', practitioner: { ...taken, role: 'admin' } })).toBe(
      'NOT_FOUND',
    );
    const other = { ...taken, institutionId: 'inst-south-hospital' };
    expect(await prepare(admin, { kind: 'registerPractitioner', practitioner: other })).toBe('FORBIDDEN');
  });

  it('gives the institution’s key to staff with private data that only its own organisation and the authority endorse', async () => {
    const staff = [
      {
        ...{ practitioner: admin.actor.subjectId, generation: 1, readerKeyHash: 'ab'.repeat(32) },
        ...{ wrap: 'A'.repeat(1558), signature: 'A'.repeat(90) },
      },
    ];
    expect(await prepare(admin, { kind: 'wrapForStaff', institution: 'inst-south-hospital', staff })).toBe('FORBIDDEN');
    await transact(world, admin, { kind: 'wrapForStaff', institution: north, staff });
    expect(world.ledger.endorsedBy.at(-1)).toEqual(['RegulatorMSP', 'HospitalMSP']);
  });
});

describe('new keys for who has lost them', () => {
  const keys = { signingKeyHash: 'cd'.repeat(32), readingKey: 'A'.repeat(1622), wallet: '' };
  const proposed = (subject: string): Reenrolment => ({
    ...{ subject, keys, proposedBy: admin.actor.subjectId, proposedFor: 'HospitalMSP' },
    ...{ at: '2026-05-01T00:00:00Z', state: 'proposed', version: 1 },
  });

  it('are proposed by the institution’s admin only as the person made them, and refused by the person, the admin or the authority', async () => {
    const colleague = await world.person('doctor', north);
    const { subjectId: subject } = colleague.actor;
    world.ledger.registry.register({ id: subject, institutionId: north, role: 'doctor' });
    const elsewhere = await world.person('admin', 'inst-south-hospital');
    expect(await prepare(elsewhere, { kind: 'proposeReenrolment', subject, keys })).toBe('FORBIDDEN');
    expect(await prepare(admin, { kind: 'proposeReenrolment', subject: admin.actor.subjectId, keys })).toBe(
      'FORBIDDEN',
    );
    expect(await prepare(admin, { kind: 'proposeReenrolment', subject, keys })).toBe('WRONG_STATE');
    world.ledger.registry.reenrolments.set(subject, proposed(subject));
    const refuse = { kind: 'refuseReenrolment', subject, reason: 'It was not me' } as const;
    const [doctor, pharmacist, regulator] = others;
    if (!doctor || !pharmacist || !regulator) throw new Error('nobody');
    expect(await prepare(colleague, refuse)).toBeUndefined();
    expect(await prepare(admin, refuse)).toBeUndefined();
    expect(await prepare(regulator, refuse)).toBeUndefined();
    for (const stranger of [doctor, pharmacist, elsewhere]) expect(await prepare(stranger, refuse)).toBe('FORBIDDEN');
  });

  it('are listed for the regulator with whom they are about, and for nobody else', async () => {
    const colleague = await world.person('doctor', north, { name: 'Lou Lost' });
    const { subjectId: subject } = colleague.actor;
    world.ledger.registry.reenrolments.set(subject, proposed(subject));
    world.ledger.registry.reenrolments.set(`prac-${name26()}`, { ...proposed('x'), state: 'completed' });
    const regulator = await world.person('regulator', 'inst-the-authority');
    const listed = await listReenrolments(regulator.actor, world.portal);
    expect(listed.find((entry) => entry.subject === subject)).toMatchObject({ name: 'Lou Lost', institutionId: north });
    expect(listed.every(({ state }) => state === 'proposed')).toBe(true);
    for (const role of roles.filter((known) => known !== 'regulator')) {
      expect(await code(listReenrolments({ ...regulator.actor, role }, world.portal)), role).toBe('FORBIDDEN');
    }
  });
});

it('a person changes the own keys and second factors only', async () => {
  const person = await world.person('doctor', north);
  const subject = `prac-${name26()}`;
  const credential: NewCredential = {
    ...{ id: 'A'.repeat(22), kind: 'pin' },
    ...{ publicKey: 'A'.repeat(122), rpIdHash: 'ab'.repeat(32) },
  };
  const keys = { signingKeyHash: 'ef'.repeat(32), readingKey: 'A'.repeat(1622), wallet: '' };
  expect(await prepare(person, { kind: 'addCredential', subject, credential })).toBe('FORBIDDEN');
  expect(await prepare(person, { kind: 'removeCredential', subject, credentialId: credential.id })).toBe('FORBIDDEN');
  expect(await prepare(person, { kind: 'rotateKeys', subject, keys })).toBe('FORBIDDEN');
  expect(staffRoles).toContain(person.actor.role);
});
