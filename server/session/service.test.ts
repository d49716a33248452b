import { randomBytes } from 'node:crypto';
import { eq, like } from 'drizzle-orm';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { createSiweMessage } from 'viem/siwe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { accessAudit, wallets } from '../gateways/db/schema/people.ts';
import { credentials, rateLimits, sessions, signInAudit } from '../gateways/db/schema/session.ts';
import { linkStatement } from '../people/schema.ts';
import { linkWallet, unlinkWallet } from '../people/wallets.ts';
import { type Person, World } from '../testing/world.ts';
import { cleanUp } from './cleanup.ts';
import { newCredentials } from './passwords.ts';
import { endSession, findActor, newWalletNonce, signInSalt, signInWithPassword, signInWithWallet } from './service.ts';

let world: World;
let doctor: Person;
const secret = randomBytes(32).toString('base64url');
const salt = randomBytes(16).toString('base64url');
let addresses = 0;
/** Another network address for each attempt, so that tests do not limit each other. */
const caller = () => {
  addresses += 1;
  return { address: `192.0.2.${addresses}` };
};

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital', { name: 'Ada Berg', email: 'Ada@Example.org' });
  const { personId } = doctor.actor;
  await world.portal.db
    .insert(credentials)
    .values({ personId, ...newCredentials(world.portal.personalData, salt, secret) });
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

describe('signing in with a password', () => {
  it('starts a session that is checked in the database and can be ended', async () => {
    const signedIn = await signInWithPassword(
      caller(),
      { email: ' ada@example.org'.trim(), signInSecret: secret },
      world.portal,
    );
    const actor = await findActor(signedIn?.sessionId ?? '', world.portal);
    expect(actor).toMatchObject({
      name: 'Ada Berg',
      role: 'doctor',
      institutionName: 'North Hospital',
      enrolled: true,
    });
    await endSession(actor?.sessionId ?? '', world.portal);
    expect(await findActor(signedIn?.sessionId ?? '', world.portal)).toBeNull();
  });

  it('is over when its time is', async () => {
    const signedIn = await signInWithPassword(caller(), { email: doctor.email, signInSecret: secret }, world.portal);
    const sessionId = signedIn?.sessionId ?? '';
    await world.portal.db
      .update(sessions)
      .set({ expiresAt: new Date(0) })
      .where(eq(sessions.id, sessionId));
    expect(await findActor(sessionId, world.portal)).toBeNull();
  });

  it.each([
    ['a wrong secret', { email: 'ada@example.org', signInSecret: randomBytes(32).toString('base64url') }],
    ['an unknown e-mail', { email: 'nobody@example.org', signInSecret: secret }],
    ['no e-mail', { email: '', signInSecret: secret }],
    ['nothing', undefined],
    ['objects', { email: { $ne: '' }, signInSecret: { $ne: '' } }],
    ['the empty verifier of an unknown account', { email: 'nobody@example.org', signInSecret: 'A'.repeat(43) }],
  ])('answers %s the same way', async (_name, input) => {
    expect(await signInWithPassword(caller(), input, world.portal)).toBeUndefined();
  });

  it('is limited for an account, over all addresses, and says so', async () => {
    const attempt = () =>
      signInWithPassword(caller(), { email: 'limited@example.org', signInSecret: secret }, world.portal);
    for (let tries = 0; tries < 10; tries += 1) expect(await attempt()).toBeUndefined();
    for (let tries = 0; tries < 3; tries += 1) expect(await code(attempt())).toBe('RATE_LIMITED');
    // However often it is tried, the audit does not grow by it.
    const limited = await world.portal.db.select().from(signInAudit).where(eq(signInAudit.outcome, 'rate-limited'));
    expect(limited).toHaveLength(1);
  });

  it('is limited for an address, over all accounts', async () => {
    const address = { address: '198.51.100.7' };
    const attempt = (email: string) => signInWithPassword(address, { email, signInSecret: secret }, world.portal);
    expect(await attempt('x1@example.org')).toBeUndefined();
    await world.portal.db.update(rateLimits).set({ count: 99 }).where(like(rateLimits.key, 'sign-in:address:%'));
    expect(await attempt('x2@example.org')).toBeUndefined();
    expect(await code(attempt('x3@example.org'))).toBe('RATE_LIMITED');
  });

  it('is not limited by those who share the address and sign in well, up to a thousand', async () => {
    const address = { address: '198.51.100.18' };
    const attempt = (email: string) => signInWithPassword(address, { email, signInSecret: secret }, world.portal);
    expect(await attempt('y1@example.org')).toBeUndefined();
    await world.portal.db.update(rateLimits).set({ count: 98 }).where(like(rateLimits.key, 'sign-in:address:%'));
    for (let people = 0; people < 3; people += 1) expect(await attempt(doctor.email)).toBeDefined();
    expect(await attempt('y2@example.org')).toBeUndefined();
    expect(await attempt('y3@example.org')).toBeUndefined();
    expect(await code(attempt('y4@example.org'))).toBe('RATE_LIMITED');

    const busy = { address: '198.51.100.19' };
    const come = () => signInWithPassword(busy, { email: doctor.email, signInSecret: secret }, world.portal);
    expect(await come()).toBeDefined();
    await world.portal.db.update(rateLimits).set({ count: 999 }).where(like(rateLimits.key, 'sign-in-all:address:%'));
    expect(await come()).toBeDefined();
    expect(await code(come())).toBe('RATE_LIMITED');
  });

  it('is written to the audit without e-mail or address', async () => {
    const rows = await world.portal.db.select().from(signInAudit);
    expect(new Set(rows.map(({ outcome }) => outcome))).toEqual(new Set(['accepted', 'refused', 'rate-limited']));
    expect(JSON.stringify(rows)).not.toMatch(/example\.org|198\.51/);
  });
});

describe('what is kept of signing in', () => {
  it('is deleted after a year, with searches that found nobody; who saw a patient stays', async () => {
    const { db } = world.portal;
    const { personId: actorId } = doctor.actor;
    const { personId: patientId } = (await world.person('patient', null)).actor;
    const at = new Date(Date.now() - 366 * 86_400_000);
    const [old] = await db
      .insert(signInAudit)
      .values({ at, method: 'password', outcome: 'refused', account: Buffer.alloc(32) })
      .returning();
    const before = await db.select().from(signInAudit);
    const found = [null, patientId].map((id) => ({ at, actorId, patientId: id, foundBy: 'identifier' }));
    await db.insert(accessAudit).values([...found, { actorId, foundBy: 'identifier' }]);
    await cleanUp(world.portal);
    const after = await db.select().from(signInAudit);
    expect(after).toEqual(before.filter(({ id }) => id !== old?.id));
    const kept = await db.select().from(accessAudit).where(eq(accessAudit.actorId, actorId));
    expect(kept.map((row) => [row.patientId, row.at < new Date(Date.now() - 86_400_000)])).toEqual([
      [patientId, true],
      [null, false],
    ]);
  });
});

describe('the salt', () => {
  it('is the account’s, and for an unknown e-mail always the same of the same form', async () => {
    const ask = (email: string) => signInSalt(caller(), { email }, world.portal);
    expect((await ask('ada@example.org')).salt).toBe(salt);
    const [one, again, another] = [
      await ask('no@example.org'),
      await ask('NO@example.org'),
      await ask('nix@example.org'),
    ];
    expect(one).toEqual(again);
    expect(one.salt).not.toBe(another.salt);
    expect(one.salt).toHaveLength(salt.length);
  });
});

describe('signing in with a wallet', () => {
  const account = privateKeyToAccount(generatePrivateKey());
  const message = (nonce: string, change: object = {}) =>
    createSiweMessage({
      address: account.address,
      chainId: 31337,
      domain: 'localhost:3000',
      uri: 'http://localhost:3000/sign-in',
      version: '1',
      nonce,
      issuedAt: new Date(),
      ...change,
    });
  const attempt = async (change: object = {}, nonce?: string, signer = account) => {
    const text = message(nonce ?? (await newWalletNonce(caller(), undefined, world.portal)), change);
    return signInWithWallet(
      caller(),
      { message: text, signature: await signer.signMessage({ message: text }) },
      world.portal,
    );
  };

  beforeAll(async () => {
    const { personId } = doctor.actor;
    await world.portal.db.insert(wallets).values({ address: account.address.toLowerCase(), personId });
  });

  it('is the person whose wallet it is', async () => {
    expect((await attempt())?.personId).toBe(doctor.actor.personId);
  });

  it('is linked by its own signature, and to one person only', async () => {
    const wallet = privateKeyToAccount(generatePrivateKey());
    const link = async (person: Person, signer = wallet, statement = linkStatement(person.actor.subjectId)) => {
      const nonce = await newWalletNonce(caller(), undefined, world.portal);
      const text = message(nonce, { address: wallet.address, statement });
      return linkWallet(
        person.actor,
        { message: text, signature: await signer.signMessage({ message: text }) },
        world.portal,
      );
    };
    expect(await code(link(doctor, account))).toBe('SIGNATURE_INVALID');
    expect(await code(link(doctor, wallet, 'Sign in.'))).toBe('SIGNATURE_INVALID');
    expect(await code(link(doctor, wallet, linkStatement(`prac-${'z'.repeat(26)}`)))).toBe('SIGNATURE_INVALID');
    expect(await attempt({ address: wallet.address }, undefined, wallet)).toBeUndefined();
    expect(await link(doctor)).toEqual({ address: wallet.address.toLowerCase() });
    expect((await attempt({ address: wallet.address }, undefined, wallet))?.personId).toBe(doctor.actor.personId);
    expect(await code(link(await world.person('pharmacist', 'inst-river-pharmacy')))).toBe('CONFLICT');
  });

  it('is over when the wallet is unlinked, whoever has it and wherever it signed in', async () => {
    const patient = await world.person('patient', null);
    const { personId } = patient.actor;
    const [kept, stolen] = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())];
    const [builtIn, address] = [kept, stolen].map((wallet) => wallet.address.toLowerCase());
    if (builtIn === undefined || address === undefined) throw new Error('two wallets');
    await world.portal.db.insert(wallets).values({ address: builtIn, personId, linkedAt: new Date(0) });
    await world.portal.db.insert(wallets).values({ address, personId });
    const signedIn = async (wallet: typeof kept) =>
      (await attempt({ address: wallet.address }, undefined, wallet))?.sessionId ?? '';
    const [ending, staying] = [await signedIn(stolen), await signedIn(kept)];
    await unlinkWallet(patient.actor, { address }, world.portal);
    expect(await findActor(ending, world.portal)).toBeNull();
    expect((await findActor(staying, world.portal))?.personId).toBe(personId);
    expect(await signedIn(stolen)).toBe('');
  });

  it('takes a challenge once', async () => {
    const nonce = await newWalletNonce(caller(), undefined, world.portal);
    expect(await attempt({}, nonce)).toBeDefined();
    expect(await attempt({}, nonce)).toBeUndefined();
  });

  it.each([
    ['another site', { domain: 'evil.example' }],
    ['another site’s address', { uri: 'http://evil.example/sign-in' }],
    ['an old message', { issuedAt: new Date(Date.now() - 3_600_000) }],
    ['a message that has run out', { expirationTime: new Date(Date.now() - 1_000) }],
  ])('refuses %s', async (_name, change) => {
    expect(await attempt(change)).toBeUndefined();
  });

  it('lets nobody use up the attempts of an address that they do not have', async () => {
    const stranger = privateKeyToAccount(generatePrivateKey());
    for (let tries = 0; tries < 11; tries += 1) expect(await attempt({}, undefined, stranger)).toBeUndefined();
    expect(await attempt()).toBeDefined();
  });

  it('is limited for a network address before the message is looked at', async () => {
    const from = { address: '198.51.100.8' };
    const nonce = await newWalletNonce(caller(), undefined, world.portal);
    const text = message(nonce);
    const signed = { message: text, signature: await account.signMessage({ message: text }) };
    await signInWithWallet(from, { message: 'hello', signature: '0x00' }, world.portal);
    await world.portal.db.update(rateLimits).set({ count: 100 }).where(like(rateLimits.key, 'sign-in:address:%'));
    expect(await code(signInWithWallet(from, signed, world.portal))).toBe('RATE_LIMITED');
    expect(await signInWithWallet(caller(), signed, world.portal)).toBeDefined();
  });

  it('refuses an invented challenge, another key, an unknown wallet and garbage', async () => {
    const stranger = privateKeyToAccount(generatePrivateKey());
    expect(await attempt({}, 'a'.repeat(32))).toBeUndefined();
    expect(await attempt({}, undefined, stranger)).toBeUndefined();
    expect(await attempt({ address: stranger.address }, undefined, stranger)).toBeUndefined();
    expect(await signInWithWallet(caller(), { message: 'hello', signature: '0x00' }, world.portal)).toBeUndefined();
  });
});
