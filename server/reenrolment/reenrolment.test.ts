import { randomUUID } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reenrolment, reenrolmentDelayHours } from '#chaincode/model/patient.ts';
import { AppError } from '#server/errors.ts';
import { invitations, people, replacedVaults, vaults, wallets } from '../gateways/db/schema/people.ts';
import { pendingKeys, sessions } from '../gateways/db/schema/session.ts';
import { invitePerson, type NewPerson } from '../people/accounts.ts';
import { certificatesOf, certifiedKeyHash } from '../people/certificates.ts';
import { readInvitation } from '../people/enrolment.ts';
import { operator } from '../people/policy.ts';
import { startRecovery } from '../people/recovery.ts';
import { roles } from '../people/schema.ts';
import { signInWithPassword } from '../session/service.ts';
import { enrolled, type Invited, makeNewKeys } from '../testing/enrolment.ts';
import { type Person, World } from '../testing/world.ts';
import { prepareTransaction } from '../transactions/service.ts';
import { discardNewKeys, startReenrolment } from './links.ts';
import { listNewKeys } from './list.ts';
import { keepNewKeys, readLink } from './newKeys.ts';
import { projectReenrolments } from './readModel.ts';
import { settleReenrolments } from './settle.ts';

const north = 'inst-north-hospital';
let world: World;
let admin: Person;
let callers = 0;
const caller = () => {
  callers += 1;
  return { address: `192.0.2.${callers}` };
};

beforeAll(async () => {
  world = await World.start();
  admin = await world.person('admin', north, { name: 'Ann Admin' });
  world.ledger.registry.register({ id: admin.actor.subjectId, institutionId: north, role: 'admin' });
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

const patient = (more: Partial<NewPerson> = {}) =>
  enrolled(world, {
    ...{ role: 'patient', mspId: 'PatientMSP', name: 'Lena Lost', email: `${randomUUID()}@example.org` },
    ...{ treatedAt: [north], ...more },
  });

async function doctor() {
  const licence = { number: 'L', specialty: '', validFrom: '2020-01-01T00:00:00Z', validTo: '2090-01-01T00:00:00Z' };
  const email = `${randomUUID()}@example.org`;
  const of = { role: 'doctor', mspId: 'HospitalMSP', institutionId: north, licence } as const;
  const made = await enrolled(world, { ...of, name: 'Dora Lost', email });
  world.ledger.registry.register({ id: made.subjectId, institutionId: north, role: 'doctor' });
  return made;
}

const start = (who: Invited, by = admin) => startReenrolment(by.actor, { subject: who.subjectId }, world.portal);
const keep = (input: Parameters<typeof keepNewKeys>[1]) => keepNewKeys(caller(), input, world.portal);
const listed = async (who: Invited) =>
  (await listNewKeys(admin.actor, undefined, world.portal)).find(({ subject }) => subject === who.subjectId);

const of = ({ subjectId: subject }: Invited) => ({ subject, name: expect.any(String) });

/** Somebody who has made new keys by a link. */
async function withNewKeys(who: Invited) {
  const { token } = await start(who);
  const made = await makeNewKeys(world, who, token);
  await keep(made.input);
  return made;
}

/** Says to the fake ledger what became of the proposal of these keys. */
let version = 0;
async function onLedger({ subjectId: subject }: Invited, keys: Reenrolment['keys'], state: Reenrolment['state']) {
  version += 1;
  const entry: Reenrolment = {
    ...{ subject, keys, state, proposedBy: admin.actor.subjectId, proposedFor: 'HospitalMSP' },
    ...{ at: new Date().toISOString(), version },
    ...(state === 'approved' && { dueAt: new Date(Date.now() + reenrolmentDelayHours * 3600_000).toISOString() }),
  };
  if (subject.startsWith('pt-')) world.ledger.entries.set(subject, entry);
  else world.ledger.registry.reenrolments.set(subject, entry);
  await projectReenrolments(world.portal.db, 'somewhere', [entry]);
}

/** Whether a password signs in. */
const signIn = async (email: string, { signInSecret }: { signInSecret: string }) =>
  (await signInWithPassword(caller(), { email, signInSecret }, world.portal)) !== undefined;
const settle = (now?: Date) => settleReenrolments(world.portal, now);
const propose = (who: Invited, keys: Reenrolment['keys'], by = admin) =>
  code(
    prepareTransaction(
      by.actor,
      who.subjectId.startsWith('pt-')
        ? { kind: 'patients:proposeReenrolment', subject: who.subjectId, keys }
        : { kind: 'proposeReenrolment', subject: who.subjectId, keys },
      world.portal,
    ),
  );

describe('a link for new keys', () => {
  it('is made by who answers for the person, and by nobody else', async () => {
    const [lost, colleague] = [await patient(), await doctor()];
    for (const role of roles.filter((known) => known !== 'admin')) {
      const actor = { ...admin.actor, role };
      expect(await code(startReenrolment(actor, { subject: lost.subjectId }, world.portal)), role).toBe('FORBIDDEN');
      expect(await code(discardNewKeys(actor, { subject: lost.subjectId }, world.portal)), role).toBe('FORBIDDEN');
      expect(await code(listNewKeys(actor, undefined, world.portal)), role).toBe('FORBIDDEN');
    }
    const elsewhere = await world.person('admin', 'inst-south-hospital');
    const pharmacy = await world.person('admin', 'inst-river-pharmacy');
    for (const stranger of [elsewhere, pharmacy]) {
      expect(await code(start(lost, stranger))).toBe('FORBIDDEN');
      expect(await code(start(colleague, stranger))).toBe('FORBIDDEN');
    }
    expect(await code(startReenrolment(admin.actor, { subject: admin.actor.subjectId }, world.portal))).toBe(
      'FORBIDDEN',
    );
    await start(lost);
    await start(colleague);
    expect(await listed(lost)).toMatchObject({ name: 'Lena Lost', linkUntil: expect.any(String) });
    expect(await listNewKeys(elsewhere.actor, undefined, world.portal)).toEqual([]);
  });

  it('is not for who has no keys yet, or is revoked', async () => {
    const fresh = await world.person('doctor', north);
    world.ledger.registry.register({ id: fresh.actor.subjectId, institutionId: north, role: 'doctor' });
    await world.portal.db.update(people).set({ enrolledAt: null }).where(eq(people.id, fresh.actor.personId));
    const subject = fresh.actor.subjectId;
    expect(await code(startReenrolment(admin.actor, { subject }, world.portal))).toBe('NOT_ENROLLED');
    world.ledger.registry.register({ id: subject, institutionId: north, role: 'doctor', status: 'revoked' });
    expect(await code(startReenrolment(admin.actor, { subject }, world.portal))).toBe('SUSPENDED');
  });

  it('opens with the account’s e-mail alone, while it is open, and is another thing than an invitation', async () => {
    const lost = await patient();
    const { token } = await start(lost);
    const read = (email: string, of = token) => readLink(caller(), { token: of, email }, world.portal);
    expect(await read(lost.email.toUpperCase())).toMatchObject({ subjectId: lost.subjectId, role: 'patient' });
    expect(await code(read('somebody@example.org'))).toBe('INVITATION_INVALID');
    expect(await code(readInvitation(caller(), token, world.portal))).toBe('INVITATION_INVALID');
    const { token: invitation } = await invitePerson(operator, { personId: lost.personId }, world.portal);
    expect(await code(read(lost.email, invitation))).toBe('INVITATION_INVALID');
    await world.portal.db
      .update(invitations)
      .set({ expiresAt: new Date() })
      .where(eq(invitations.personId, lost.personId));
    expect(await code(read(lost.email))).toBe('INVITATION_INVALID');
    const made = await makeNewKeys(world, lost, token);
    expect(await code(keep(made.input))).toBe('INVITATION_INVALID');
  });

  it('does not let anybody try many e-mails', async () => {
    const { token } = await start(await patient());
    const tries = async (email: string) => code(readLink(caller(), { token, email }, world.portal));
    for (let at = 0; at < 10; at += 1) expect(await tries(`guess${at}@example.org`)).toBe('INVITATION_INVALID');
    expect(await tries('guess@example.org')).toBe('RATE_LIMITED');
  });

  it('makes the one before worth nothing', async () => {
    const lost = await patient();
    const first = await start(lost);
    const second = await start(lost);
    const read = ({ token }: { token: string }) => code(readLink(caller(), { token, email: lost.email }, world.portal));
    expect(await read(first)).toBe('INVITATION_INVALID');
    expect(await read(second)).toBeUndefined();
  });
});

describe('new keys', () => {
  it('wait beside the account, of which nothing changes; the link is used up, and a lost answer is repeated', async () => {
    const lost = await patient();
    const { input, keys, password } = await withNewKeys(lost);
    expect(await keep(input)).toEqual({ signingKeyHash: keys.signingKeyHash });
    const other = await makeNewKeys(world, lost, input.token);
    expect(await code(keep(other.input))).toBe('INVITATION_INVALID');
    await settle();
    expect(await signIn(lost.email, lost.password)).toBe(true);
    expect(await signIn(lost.email, password)).toBe(false);
    expect(await listed(lost)).toMatchObject({ made: { keys } });
  });

  it('must be signed by themselves, open by password and phrase, and be new', async () => {
    const lost = await patient();
    const { token } = await start(lost);
    const { input } = await makeNewKeys(world, lost, token);
    const refused = async (change: Partial<typeof input>) => code(keep({ ...input, ...change }));
    expect(await refused({ csrPem: lost.input.csrPem })).toBe('INVALID_INPUT');
    expect(await refused({ record: lost.input.record })).toBe('INVALID_INPUT');
    expect(await refused({ walletProof: lost.input.walletProof })).toBe('SIGNATURE_INVALID');
    expect(await refused({ email: 'other@example.org' })).toBe('INVITATION_INVALID');
    expect(await refused({})).toBeUndefined();
  });

  it('are proposed as the person made them, by the admin who answers for the person', async () => {
    for (const who of [await patient(), await doctor()]) {
      const present = { signingKeyHash: 'cd'.repeat(32), readingKey: 'A'.repeat(1622), wallet: '' };
      expect(await propose(who, present)).toBe('WRONG_STATE');
      const { keys } = await withNewKeys(who);
      expect(await propose(who, present)).toBe('WRONG_STATE');
      expect(await propose(who, { ...keys, readingKey: 'A'.repeat(1622) })).toBe('WRONG_STATE');
      expect(await propose(who, keys, await world.person('admin', 'inst-south-hospital'))).toBe('FORBIDDEN');
      expect(await propose(who, keys)).toBeUndefined();
    }
  });

  it('are not made a second time while some are on their way', async () => {
    for (const who of [await patient(), await doctor()]) {
      const { keys } = await withNewKeys(who);
      for (const state of ['proposed', 'approved', 'completed'] as const) {
        await onLedger(who, keys, state);
        expect(await code(start(who)), state).toBe('WRONG_STATE');
        expect(await code(discardNewKeys(admin.actor, { subject: who.subjectId }, world.portal))).toBe('WRONG_STATE');
        expect(await listed(who)).toMatchObject({ onLedger: { state } });
      }
    }
  });

  it('are forgotten when the admin discards them, or when nobody proposes them for long', async () => {
    const [discarded, old] = [await patient(), await patient()];
    await withNewKeys(discarded);
    await withNewKeys(old);
    await discardNewKeys(admin.actor, { subject: discarded.subjectId }, world.portal);
    expect(await listed(discarded)).toBeUndefined();
    await settle();
    expect(await listed(old)).toBeDefined();
    await settle(new Date(Date.now() + 31 * 86_400_000));
    expect(await listed(old)).toBeUndefined();
  });
});

describe('on the ledger', () => {
  it('refused, they are forgotten, and everything is as before', async () => {
    for (const who of [await patient(), await doctor()]) {
      const { keys, password } = await withNewKeys(who);
      await onLedger(who, keys, 'proposed');
      await settle();
      expect(await listed(who)).toBeDefined();
      await onLedger(who, keys, 'refused');
      const asRefused = { ...of(who), onLedger: { state: 'refused', at: expect.any(String) } };
      expect(await listed(who)).toEqual(asRefused);
      await settle();
      expect(await listed(who)).toEqual(asRefused);
      expect(await signIn(who.email, who.password)).toBe(true);
      expect(await signIn(who.email, password)).toBe(false);
      // A refusal of earlier keys says nothing of those that are made since.
      await withNewKeys(who);
      await settle();
      expect(await listed(who)).toMatchObject({ made: {} });
    }
  });

  it('in force, they take the place of everything, and nobody stays signed in', async () => {
    for (const who of [await patient(), await doctor()]) {
      const { personId, subjectId } = who;
      const before = await world.portal.db.select().from(people).where(eq(people.id, personId));
      const made = await withNewKeys(who);
      expect(await signIn(who.email, who.password)).toBe(true);
      await world.portal.db.insert(replacedVaults).values({ personId, version: 0, record: who.input.record });
      await onLedger(who, made.keys, 'approved');
      await settle();
      expect(await signIn(who.email, made.password)).toBe(false);

      await onLedger(who, made.keys, 'completed');
      world.connector.down = true;
      await settle();
      expect(await signIn(who.email, who.password)).toBe(true);
      world.connector.down = false;
      await Promise.all([settle(), settle()]);

      const open = and(eq(sessions.personId, personId), isNull(sessions.endedAt));
      expect(await world.portal.db.$count(sessions, open)).toBe(0);
      expect(await signIn(who.email, who.password)).toBe(false);
      expect(await signIn(who.email, made.password)).toBe(true);
      const recovery = { email: who.email, recoverySecret: made.input.recoverySecret };
      expect((await startRecovery(caller(), recovery, world.portal)).record).toBe(made.input.record);
      const [row] = await world.portal.db.select().from(people).where(eq(people.id, personId));
      expect(row).toMatchObject({ certificatePem: made.certificatePem, readingKey: made.keys.readingKey });
      const kept = (await certificatesOf(world.portal, [subjectId])).get(subjectId) ?? [];
      const hashes = [made.certificatePem, before[0]?.certificatePem ?? ''].map((pem) => certifiedKeyHash(pem));
      expect(kept.map((pem) => certifiedKeyHash(pem))).toEqual(expect.arrayContaining(hashes));
      const [vault] = await world.portal.db.select().from(vaults).where(eq(vaults.personId, personId));
      expect(vault).toMatchObject({ version: 2, record: made.input.record });
      expect(await world.portal.db.$count(replacedVaults, eq(replacedVaults.personId, personId))).toBe(0);
      const linked = await world.portal.db.select().from(wallets).where(eq(wallets.personId, personId));
      expect(linked.map(({ address }) => address)).toEqual([made.keys.wallet]);
      expect(await world.portal.db.$count(pendingKeys, eq(pendingKeys.personId, personId))).toBe(0);
      expect(await listed(who)).toBeUndefined();
    }
  });

  it('of others than were made here, they change nothing', async () => {
    const lost = await patient();
    await withNewKeys(lost);
    const others = { signingKeyHash: 'ab'.repeat(32), readingKey: 'P'.repeat(1622), wallet: '' };
    await onLedger(lost, others, 'completed');
    await settle();
    expect(await signIn(lost.email, lost.password)).toBe(true);
    expect(await listed(lost)).toBeDefined();
  });

  it('with a certificate of another key, they do not enter into force', async () => {
    const [lost, other] = [await patient(), await patient()];
    const made = await withNewKeys(lost);
    const foreign = await withNewKeys(other);
    world.connector.renewals.set(made.input.csrPem, foreign.certificatePem);
    await onLedger(lost, made.keys, 'completed');
    await settle();
    expect(await signIn(lost.email, lost.password)).toBe(true);
    expect(await signIn(lost.email, made.password)).toBe(false);
  });
});
