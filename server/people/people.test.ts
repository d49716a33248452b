import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLock, parseVaultRecord } from '#crypto/vault.ts';
import { AppError } from '#server/errors.ts';
import { accessAudit, invitations, people, replacedVaults } from '../gateways/db/schema/people.ts';
import { cleanUp } from '../session/cleanup.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { signInWithPassword } from '../session/service.ts';
import { invite as inviteSomebody } from '../testing/enrolment.ts';
import { type Person, World } from '../testing/world.ts';
import { createPerson, invitePerson } from './accounts.ts';
import { enrolPerson, readInvitation } from './enrolment.ts';
import { findPatients, readPatient } from './patients.ts';
import { type Operator, operator } from './policy.ts';
import { type Actor, enrol, roles } from './schema.ts';
import { readVault, saveVault } from './vaults.ts';

let world: World;
let doctor: Person;
const caller = { address: '192.0.2.1' };

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  await world.person('patient', null, {
    treatedAt: ['inst-north-hospital'],
    name: 'Åsa Nordström',
    identifier: '19800101-1234',
    birthDate: '1980-01-01',
  });
  await world.person('patient', null, {
    treatedAt: ['inst-south-hospital'],
    name: 'Astrid Nord',
    identifier: '19900202-5678',
  });
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

describe('finding patients', () => {
  const find = (query: string, actor: Actor = doctor.actor) => findPatients(actor, { query }, world.portal);

  it('by the beginnings of a name, at the own institution', async () => {
    const found = await find('as nord');
    expect(found.map(({ name }) => name)).toEqual(['Åsa Nordström']);
    expect(found[0]).toMatchObject({ birthDate: '1980-01-01', identifier: '19800101-1234' });
    expect(await find('nordlund')).toEqual([]);
    expect(await find('a')).toEqual([]);
  });

  it('by exact identifier anywhere, in any writing', async () => {
    expect((await find('19900202 5678')).map(({ name }) => name)).toEqual(['Astrid Nord']);
    expect(await find('19900202-567')).toEqual([]);
  });

  it('is written to the access audit', async () => {
    const rows = await world.portal.db.select().from(accessAudit);
    expect(new Set(rows.map(({ foundBy }) => foundBy))).toEqual(new Set(['name', 'identifier']));
    expect(rows.every(({ actorId }) => actorId === doctor.actor.personId)).toBe(true);
  });

  it('leaves a trace of identifiers that are nobody’s, without what was typed', async () => {
    const curious = await world.person('doctor', 'inst-north-hospital');
    for (const query of ['19700101-001', '19700101 001', '19700101-002', 'nobody']) await find(query, curious.actor);
    const rows = await world.portal.db
      .select()
      .from(accessAudit)
      .where(eq(accessAudit.actorId, curious.actor.personId));
    expect(rows.map(({ patientId, foundBy }) => [patientId, foundBy])).toEqual(
      Array.from({ length: 3 }, () => [null, 'identifier']),
    );
    const asked = rows.map((row) => row.asked?.toString('hex'));
    expect(new Set(asked).size).toBe(2);
    expect(rows.some((row) => row.asked?.includes('19700101'))).toBe(false);
  });

  it('cannot go through identifiers: after too many of nobody, none is looked up, and names still are', async () => {
    const guesser = await world.person('doctor', 'inst-north-hospital');
    const hit = '19900202-5678';
    const misses = { max: 100, windowSeconds: 12 * 3_600 };
    await countAttempt(world.portal.db, `find-identifier:${guesser.actor.personId}`, misses, 97);
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await find(hit, guesser.actor)).toHaveLength(1);
      expect(await find(`19900202-${tries}`, guesser.actor)).toEqual([]);
    }
    expect(await code(find('19900202-9999', guesser.actor))).toBe('RATE_LIMITED');
    expect(await code(find(hit, guesser.actor))).toBe('RATE_LIMITED');
    expect(await find('as nord', guesser.actor)).toHaveLength(1);
    expect(await find(hit)).toHaveLength(1);
  });

  it('is limited by the person who searches', async () => {
    const busy = await world.person('doctor', 'inst-north-hospital');
    await countAttempt(world.portal.db, `find:${busy.actor.personId}`, { max: 300, windowSeconds: 600 }, 300);
    expect(await code(find('nord', busy.actor))).toBe('RATE_LIMITED');
    expect(await find('nord')).toHaveLength(1);
  });

  it.each(roles.filter((role) => role !== 'doctor'))('is not for a %s', async (role) => {
    expect(await code(find('nord', { ...doctor.actor, role }))).toBe('FORBIDDEN');
  });

  it('one of whom the page has the number: only in reach, and only for doctors', async () => {
    const [near, far] = [
      await world.person('patient', null, { treatedAt: ['inst-north-hospital'], name: 'Una Near' }),
      await world.person('patient', null, { treatedAt: ['inst-south-hospital'], name: 'Otto Far' }),
    ];
    const read = (actor: Actor, of: Person) => readPatient(actor, of.actor.personId, world.portal);
    expect(await read(doctor.actor, near)).toMatchObject({ name: 'Una Near', pseudonym: near.actor.subjectId });
    expect(await read(doctor.actor, far)).toBeUndefined();
    expect(await read(doctor.actor, doctor)).toBeUndefined();
    expect(await code(read({ ...doctor.actor, role: 'pharmacist' }, near))).toBe('FORBIDDEN');
  });
});

describe('the database', () => {
  it('holds no name, e-mail, birth date or identifier in clear', async () => {
    const rows = JSON.stringify(await world.portal.db.select().from(people), (_key, value: unknown) =>
      Buffer.isBuffer(value) ? value.toString('latin1') : value,
    );
    const buffers = (await world.portal.db.select().from(people)).flatMap((row) =>
      Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('utf8') : String(value))),
    );
    for (const word of ['Nordström', '1980-01-01', '19800101', 'example.org']) {
      expect(rows.includes(word)).toBe(false);
      expect(buffers.some((text) => text.includes(word))).toBe(false);
    }
  });

  it('takes each e-mail and each identifier once', async () => {
    const person = { role: 'patient', mspId: 'PatientMSP', name: 'A Name', email: 'once@example.org' } as const;
    await createPerson(operator, person, world.portal);
    expect(await code(createPerson(operator, { ...person, email: 'ONCE@example.org' }, world.portal))).toBe(
      'ALREADY_EXISTS',
    );
    const taken = { ...person, email: 'two@example.org', identifier: '198001011234' };
    expect(await code(createPerson(operator, taken, world.portal))).toBe('ALREADY_EXISTS');
  });

  it('is filled by the operator only', async () => {
    const actor = { ...doctor.actor, operator: false } as unknown as Operator;
    const person = { role: 'patient', mspId: 'PatientMSP', name: 'A Name', email: 'x@example.org' } as const;
    expect(await code(createPerson(actor, person, world.portal))).toBe('FORBIDDEN');
    expect(await code(invitePerson(actor, { personId: doctor.actor.personId }, world.portal))).toBe('FORBIDDEN');
  });
});

describe('enrolment', () => {
  let invited = 0;
  const invite = () => inviteWith();
  const inviteWith = (walletKey?: Uint8Array) => {
    invited += 1;
    const email = `invited${invited}@example.org`;
    const institutionId = 'inst-river-pharmacy';
    const name = 'Ina Vited';
    return inviteSomebody(world, { role: 'pharmacist', mspId: 'PharmacyMSP', institutionId, name, email }, walletKey);
  };

  it('makes account, vault and wallet, once', async () => {
    const { input, subjectId, personId } = await invite();
    expect(await readInvitation(caller, input.token, world.portal)).toMatchObject({
      name: 'Ina Vited',
      role: 'pharmacist',
      institution: 'River Pharmacy',
      subjectId,
    });
    const { certificatePem } = await enrolPerson(caller, input, world.portal);
    const actor: Actor = { ...doctor.actor, personId, role: 'pharmacist' };
    expect(await readVault(actor, world.portal)).toEqual({
      version: 1,
      record: input.record,
      certificatePem,
      wallet: input.wallet,
      recoverable: true,
    });
    expect((await signInWithPassword(caller, input, world.portal))?.personId).toBe(personId);
    expect(await code(enrolPerson(caller, input, world.portal))).toBe('INVITATION_INVALID');
    expect(await code(readInvitation(caller, input.token, world.portal))).toBe('INVITATION_INVALID');
  });

  it('refuses a vault that the invited person could not open', async () => {
    const { input } = await invite();
    const { record } = (await invite()).input;
    // The password of another salt would sign in and open nothing.
    expect(await code(enrolPerson(caller, { ...input, record }, world.portal))).toBe('INVALID_INPUT');
    expect(await code(enrolPerson(caller, { ...input, record: '{"vault":1}' }, world.portal))).toBe('INVALID_INPUT');
    expect(await code(enrolPerson(caller, input, world.portal))).toBeUndefined();
  });

  it('asks the connector for nothing that could not be stored, nor for a wallet that is not proved', async () => {
    const { input } = await invite();
    const other = await invite();
    await enrolPerson(caller, other.input, world.portal);
    const { wallet, walletProof } = other.input;
    const owned = await inviteWith(other.walletKey);
    world.connector.down = true;
    for (const [refusal, sent] of [
      ['SIGNATURE_INVALID', { ...input, wallet }],
      ['SIGNATURE_INVALID', { ...input, wallet, walletProof }],
      ['SIGNATURE_INVALID', { ...input, csrPem: `${input.csrPem}\n` }],
      ['CONFLICT', owned.input],
      ['INVALID_INPUT', { ...input, record: `${input.record}\u0000` }],
      ['INVALID_INPUT', { ...input, record: input.record.replace('"sealed":"', '"sealed":"\\u0000') }],
    ] as const) {
      expect(await code(enrolPerson(caller, sent, world.portal))).toBe(refusal);
    }
    expect(enrol.safeParse(input).success).toBe(true);
    for (const name of [
      'salt',
      'signInSecret',
      'recoverySecret',
      'csrPem',
      'readingKey',
      'wallet',
      'walletProof',
    ] as const) {
      expect(enrol.safeParse({ ...input, [name]: `${input[name].slice(0, -1)}\u0000` }).success).toBe(false);
    }
    world.connector.down = false;
  });

  it('can be repeated after the connector failed', async () => {
    const { input } = await invite();
    world.connector.down = true;
    expect(await code(enrolPerson(caller, input, world.portal))).toBe('CONNECTOR_UNAVAILABLE');
    world.connector.down = false;
    expect(await code(enrolPerson(caller, input, world.portal))).toBeUndefined();
  });

  it('refuses an unknown, an outdated and another person’s invitation', async () => {
    const { input } = await invite();
    expect(await code(enrolPerson(caller, { ...input, token: 'unknown' }, world.portal))).toBe('INVITATION_INVALID');
    expect(await code(enrolPerson(caller, { ...input, email: 'other@example.org' }, world.portal))).toBe(
      'INVITATION_INVALID',
    );
    await world.portal.db.update(invitations).set({ expiresAt: new Date(0) });
    expect(await code(enrolPerson(caller, input, world.portal))).toBe('INVITATION_INVALID');
  });

  it('leaves a vault that is replaced by compare-and-swap', async () => {
    const { input, personId } = await invite();
    await enrolPerson(caller, input, world.portal);
    const actor: Actor = { ...doctor.actor, personId };
    const save = (baseVersion: number, record: string) => saveVault(actor, { baseVersion, record }, world.portal);
    const record = JSON.stringify({ ...parseVaultRecord(input.record), sealed: 'AAAA' });
    expect(await save(1, record)).toEqual({ version: 2 });
    expect(await code(save(1, input.record))).toBe('CONFLICT');
    expect(await code(save(2, 'no record'))).toBe('INVALID_INPUT');
    expect((await readVault(actor, world.portal)).record).toBe(record);
    const kept = () => world.portal.db.select().from(replacedVaults).where(eq(replacedVaults.personId, personId));
    expect(await kept()).toMatchObject([{ version: 1, record: input.record }]);
    await cleanUp(world.portal);
    expect(await kept()).toHaveLength(1);
    await world.portal.db.update(replacedVaults).set({ replacedAt: new Date(Date.now() - 31 * 86_400_000) });
    await cleanUp(world.portal);
    expect(await kept()).toEqual([]);
    expect(await code(readVault(doctor.actor, world.portal))).toBe('NOT_ENROLLED');
  });

  it('leaves a vault that a session alone neither locks anew nor replaces without end', async () => {
    const { input, personId } = await invite();
    await enrolPerson(caller, input, world.portal);
    const actor: Actor = { ...doctor.actor, personId };
    const save = (baseVersion: number, record: string) => saveVault(actor, { baseVersion, record }, world.portal);
    const present = parseVaultRecord(input.record);
    const foreign = parseVaultRecord((await invite()).input.record);
    for (const kind of ['password', 'recovery'] as const) {
      const others = present.locks.filter((lock) => lock.kind !== kind);
      const record = JSON.stringify({ ...present, locks: [...others, findLock(foreign, kind)] });
      expect(await code(save(1, record))).toBe('INVALID_INPUT');
      const added = JSON.stringify({ ...present, locks: [...present.locks, findLock(foreign, kind)] });
      expect(await code(save(1, added))).toBe('INVALID_INPUT');
    }
    expect((await readVault(actor, world.portal)).version).toBe(1);
    await countAttempt(world.portal.db, `vault:${personId}`, { max: 30, windowSeconds: 86_400 }, 26);
    expect(await code(save(1, input.record))).toBe('RATE_LIMITED');
  });
});
