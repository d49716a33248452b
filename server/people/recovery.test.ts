import { randomBytes } from 'node:crypto';
import { eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { passwordParameters } from '#crypto/password.ts';
import { createRecoveryPhrase, recoveryKeyOf, recoverySecretOf } from '#crypto/recovery.ts';
import { findLock, openLock, parseVaultRecord, putLock, removeLock, type VaultRecord } from '#crypto/vault.ts';
import { AppError } from '#server/errors.ts';
import { replacedVaults, vaults } from '../gateways/db/schema/people.ts';
import { credentials, rateLimits, recoveries, signInAudit } from '../gateways/db/schema/session.ts';
import { cleanUp } from '../session/cleanup.ts';
import { findActor, signInSalt, signInWithPassword } from '../session/service.ts';
import { enrolled, type Invited, newPassword } from '../testing/enrolment.ts';
import { World } from '../testing/world.ts';
import { addLock, changePassword, renewPhrase } from './openers.ts';
import { finishRecovery, startRecovery } from './recovery.ts';
import type { Actor } from './schema.ts';
import { readVault, saveVault } from './vaults.ts';

let world: World;
let callers = 0;
/** Another network address for each attempt, so that tests do not limit each other. */
const caller = () => {
  callers += 1;
  return { address: `192.0.2.${callers}` };
};

beforeAll(async () => {
  world = await World.start();
}, 120_000);
afterAll(() => world?.stop());

/** Code of a refusal, with the words that leave the server. */
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.user : Promise.reject(error)),
  );
const code = async (work: Promise<unknown>) => (await refusal(work))?.code;

let people = 0;
const somebody = () => {
  people += 1;
  return enrolled(world, { role: 'patient', mspId: 'PatientMSP', name: 'Ina Cover', email: `r${people}@example.org` });
};

const start = (person: Invited, phrase = person.phrase, email = person.email) =>
  startRecovery(caller(), { email, recoverySecret: recoverySecretOf(phrase) }, world.portal);

/** What a browser sends that opened the vault by the phrase and put a new password on it. */
async function composed(person: Invited, stored: { version: number; record: string }) {
  const record = parseVaultRecord(stored.record);
  const vaultKey = await openLock(findLock(record, 'recovery'), recoveryKeyOf(person.phrase));
  const password = newPassword();
  const { salt, wrappingKey: key, signInSecret } = password;
  const changed = await putLock(record, vaultKey, { kind: 'password', salt, parameters: passwordParameters, key });
  const sent = { baseVersion: stored.version, record: JSON.stringify(changed), salt: toBase64Url(salt), signInSecret };
  return { password, vaultKey, sent };
}

const finish = (token: string, sent: Awaited<ReturnType<typeof composed>>['sent']) =>
  finishRecovery(caller(), { token, ...sent }, world.portal);

const signIn = async (person: Invited, { signInSecret } = person.password) => {
  const signedIn = await signInWithPassword(caller(), { email: person.email, signInSecret }, world.portal);
  return signedIn === undefined ? undefined : findActor(signedIn.sessionId, world.portal);
};
const signedIn = async (person: Invited): Promise<Actor> => {
  const actor = await signIn(person);
  if (!actor) throw new Error('not signed in');
  return actor;
};
const stored = async (person: Invited): Promise<VaultRecord> => {
  const [row] = await world.portal.db.select().from(vaults).where(eq(vaults.personId, person.personId));
  return parseVaultRecord(row?.record ?? '');
};

describe('recovering by the phrase', () => {
  it('replaces the password in vault and sign-in together, and ends every session', async () => {
    const person = await somebody();
    const before = await signedIn(person);
    const started = await start(person, person.phrase.toUpperCase(), person.email.toUpperCase());
    const { password, vaultKey, sent } = await composed(person, started);
    expect(await finish(started.token, sent)).toEqual({ version: 2 });
    expect(await findActor(before.sessionId, world.portal)).toBeNull();
    expect(await signIn(person)).toBeUndefined();
    expect((await signIn(person, password))?.personId).toBe(person.personId);
    expect((await signInSalt(caller(), { email: person.email }, world.portal)).salt).toBe(sent.salt);
    const record = await stored(person);
    expect(await openLock(findLock(record, 'password'), password.wrappingKey)).toEqual(vaultKey);
    expect(await openLock(findLock(record, 'recovery'), recoveryKeyOf(person.phrase))).toEqual(vaultKey);
    await expect(openLock(findLock(record, 'password'), person.password.wrappingKey)).rejects.toThrow();
  });

  it('refuses a wrong phrase, an unknown e-mail, and another secret of the person, all alike', async () => {
    const person = await somebody();
    const proof = (email: string, recoverySecret: string) =>
      refusal(startRecovery(caller(), { email, recoverySecret }, world.portal));
    const wrong = await refusal(start(person, createRecoveryPhrase()));
    expect(wrong?.code).toBe('UNAUTHENTICATED');
    expect(await refusal(start(person, person.phrase, 'nobody@example.org'))).toEqual(wrong);
    expect(await proof(person.email, person.password.signInSecret)).toEqual(wrong);
    expect(await proof(person.email, toBase64Url(recoveryKeyOf(person.phrase)))).toEqual(wrong);
    // The empty verifier of an unknown account.
    expect(await proof('nobody@example.org', 'A'.repeat(43))).toEqual(wrong);
    expect(await world.portal.db.select().from(recoveries)).toEqual([]);
    expect(await signIn(person, { signInSecret: recoverySecretOf(person.phrase) } as Invited['password'])).toBe(
      undefined,
    );
  });

  it('refuses a phrase whose secret was never recorded', async () => {
    const person = await somebody();
    const none = { recoverySalt: null, recoveryVerifier: null };
    await world.portal.db.update(credentials).set(none).where(eq(credentials.personId, person.personId));
    expect(await code(start(person))).toBe('UNAUTHENTICATED');
    expect((await readVault(await signedIn(person), world.portal)).recoverable).toBe(false);
  });

  it('is limited for an address over all accounts, and for no account: nobody keeps its owner out', async () => {
    const person = await somebody();
    for (let tries = 0; tries < 20; tries += 1) {
      expect(await code(start(person, createRecoveryPhrase()))).toBe('UNAUTHENTICATED');
    }
    expect(await code(start(person))).toBeUndefined();
    const from = (address: string, email = person.email, recoverySecret = 'A'.repeat(43)) =>
      startRecovery({ address }, { email, recoverySecret }, world.portal);
    const [used, other] = ['198.51.100.7', '198.51.100.8'];
    expect(await code(from(used))).toBe('UNAUTHENTICATED');
    await world.portal.db.update(rateLimits).set({ count: 100 }).where(like(rateLimits.key, 'recovery:address:%'));
    expect(await code(from(used, 'x@example.org'))).toBe('RATE_LIMITED');
    expect(await code(from(used, person.email, recoverySecretOf(person.phrase)))).toBe('RATE_LIMITED');
    expect(await code(from(other, person.email, recoverySecretOf(person.phrase)))).toBeUndefined();
    expect((await signIn(person))?.personId).toBe(person.personId);
  });

  it('works once', async () => {
    const person = await somebody();
    const started = await start(person);
    const { sent } = await composed(person, started);
    await finish(started.token, sent);
    const again = await composed(person, { version: 2, record: sent.record });
    expect(await code(finish(started.token, again.sent))).toBe('UNAUTHENTICATED');
    expect(await code(finish(toBase64Url(randomBytes(32)), again.sent))).toBe('UNAUTHENTICATED');
  });

  it('works once also where two ends come at the same time', async () => {
    const person = await somebody();
    const started = await start(person);
    const { sent } = await composed(person, started);
    const codes = await Promise.all([code(finish(started.token, sent)), code(finish(started.token, sent))]);
    expect(codes.sort()).toEqual(['UNAUTHENTICATED', undefined]);
  });

  it('runs out, and a newer one ends the one before', async () => {
    const person = await somebody();
    const first = await start(person);
    const second = await start(person);
    const { sent } = await composed(person, second);
    expect(await code(finish(first.token, sent))).toBe('UNAUTHENTICATED');
    await world.portal.db
      .update(recoveries)
      .set({ expiresAt: new Date(Date.now() - 1_000) })
      .where(eq(recoveries.personId, person.personId));
    expect(await code(finish(second.token, sent))).toBe('UNAUTHENTICATED');
    expect((await signIn(person))?.personId).toBe(person.personId);
    await cleanUp(world.portal);
    const kept = world.portal.db.select().from(recoveries).where(eq(recoveries.personId, person.personId));
    expect(await kept).toEqual([]);
  });

  it('changes nothing where the vault was changed meanwhile, and may be tried again', async () => {
    const person = await somebody();
    const started = await start(person);
    const { sent } = await composed(person, started);
    const actor = await signedIn(person);
    await saveVault(actor, { baseVersion: 1, record: started.record }, world.portal);
    expect(await code(finish(started.token, sent))).toBe('CONFLICT');
    expect((await signIn(person))?.personId).toBe(person.personId);
    expect(await findActor(actor.sessionId, world.portal)).not.toBeNull();
    const kept = () => world.portal.db.select().from(replacedVaults).where(eq(replacedVaults.personId, actor.personId));
    expect(await kept()).toHaveLength(1);
    expect(await finish(started.token, { ...sent, baseVersion: 2 })).toEqual({ version: 3 });
    // The password that was replaced opens nothing that is kept.
    expect(await kept()).toEqual([]);
  });

  it('refuses a vault that password or phrase would not open', async () => {
    const person = await somebody();
    const started = await start(person);
    const { sent } = await composed(person, started);
    const record = parseVaultRecord(sent.record);
    const without = (kind: string) =>
      JSON.stringify({ ...record, locks: record.locks.filter((lock) => lock.kind !== kind) });
    for (const change of [
      { record: without('password') },
      { record: without('recovery') },
      { record: 'no record' },
      { salt: toBase64Url(newPassword().salt) },
    ]) {
      expect(await code(finish(started.token, { ...sent, ...change }))).toBe('INVALID_INPUT');
    }
    expect(await code(finish(started.token, sent))).toBeUndefined();
  });

  it('gives back the sign-ins that were used up while guessing at the forgotten password', async () => {
    const person = await somebody();
    for (let tries = 0; tries < 10; tries += 1) expect(await signIn(person, newPassword())).toBeUndefined();
    expect(await code(signIn(person))).toBe('RATE_LIMITED');
    const started = await start(person);
    const { password, sent } = await composed(person, started);
    await finish(started.token, sent);
    expect((await signIn(person, password))?.personId).toBe(person.personId);
  });

  it('stores neither secret nor token, and writes each step to the audit', async () => {
    const person = await somebody();
    const started = await start(person);
    const { sent } = await composed(person, started);
    const { db } = world.portal;
    const everything = async () =>
      JSON.stringify([await db.select().from(credentials), await db.select().from(recoveries)], (_key, value) =>
        value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : value,
      );
    const secrets = [started.token, recoverySecretOf(person.phrase), person.input.signInSecret, sent.signInSecret];
    const forms = secrets.flatMap((secret) => [secret, Buffer.from(fromBase64Url(secret)).toString('hex')]);
    for (const form of forms) expect(await everything()).not.toContain(form);
    await finish(started.token, sent);
    for (const form of forms) expect(await everything()).not.toContain(form);
    const rows = await db.select().from(signInAudit).where(eq(signInAudit.personId, person.personId));
    expect(rows.map(({ method, outcome }) => [method, outcome])).toEqual([
      ['recovery', 'accepted'],
      ['recovery', 'password-replaced'],
    ]);
    expect(rows[0]?.account).toEqual(rows[1]?.account);
  });
});

describe('changing the password', () => {
  const change = async (actor: Actor, person: Invited, proof = person.password.signInSecret, base?: number) => {
    const { version, record } = await readVault(actor, world.portal);
    const { password, sent } = await composed(person, { version: base ?? version, record });
    return { password, answer: await changePassword(actor, { proof, ...sent }, world.portal) };
  };

  it('takes the present one, ends the other sessions, and keeps this one', async () => {
    const person = await somebody();
    const [actor, other] = [await signedIn(person), await signedIn(person)];
    const { password, answer } = await change(actor, person);
    expect(answer).toEqual({ version: 2 });
    expect(await findActor(actor.sessionId, world.portal)).not.toBeNull();
    expect(await findActor(other.sessionId, world.portal)).toBeNull();
    expect(await signIn(person)).toBeUndefined();
    expect((await signIn(person, password))?.personId).toBe(person.personId);
  });

  it('answers again where it was done and its answer was lost, also though the password is now another', async () => {
    const person = await somebody();
    const actor = await signedIn(person);
    const { version, record } = await readVault(actor, world.portal);
    const { password, sent } = await composed(person, { version, record });
    const input = { proof: person.password.signInSecret, ...sent };
    const twice = [await changePassword(actor, input, world.portal), await changePassword(actor, input, world.portal)];
    expect(twice).toEqual([{ version: 2 }, { version: 2 }]);
    expect((await signIn(person, password))?.personId).toBe(person.personId);
    // Whoever only repeats what is stored changes nothing.
    const another = { ...input, proof: 'A'.repeat(43), signInSecret: newPassword().signInSecret };
    expect(await changePassword(actor, another, world.portal)).toEqual({ version: 2 });
    expect((await signIn(person, password))?.personId).toBe(person.personId);
    const { sent: next } = await composed(person, { version: 2, record: sent.record });
    expect(await code(changePassword(actor, { ...input, ...next }, world.portal))).toBe('PASSWORD_WRONG');
  });

  it('refuses a wrong present password, a limited number of times, and an outdated vault', async () => {
    const person = await somebody();
    const actor = await signedIn(person);
    expect(await code(change(actor, person, undefined, 7))).toBe('CONFLICT');
    for (let tries = 0; tries < 10; tries += 1) {
      expect(await code(change(actor, person, newPassword().signInSecret))).toBe('PASSWORD_WRONG');
    }
    expect(await code(change(actor, person))).toBe('RATE_LIMITED');
    expect((await signIn(person))?.personId).toBe(person.personId);
  });

  it('refuses somebody else’s password, and an unknown role', async () => {
    const [person, stranger] = [await somebody(), await somebody()];
    const actor = await signedIn(person);
    expect(await code(change(actor, person, stranger.password.signInSecret))).toBe('PASSWORD_WRONG');
    const { version, record } = await readVault(actor, world.portal);
    const { sent } = await composed(person, { version, record });
    const nobody = { ...actor, role: 'nobody' } as unknown as Actor;
    const proof = person.password.signInSecret;
    expect(await code(changePassword(nobody, { proof, ...sent }, world.portal))).toBe('FORBIDDEN');
  });
});

describe('renewing the phrase', () => {
  it('makes the new one recover and the old one not, and ends a recovery under way', async () => {
    const person = await somebody();
    const actor = await signedIn(person);
    const under = await start(person);
    const before = await composed(person, under);
    const phrase = createRecoveryPhrase();
    const record = await putLock(parseVaultRecord(under.record), before.vaultKey, {
      kind: 'recovery',
      key: recoveryKeyOf(phrase),
    });
    const input = { baseVersion: 1, record: JSON.stringify(record), recoverySecret: recoverySecretOf(phrase) };
    const wrong = { proof: newPassword().signInSecret, ...input };
    expect(await code(renewPhrase(actor, wrong, world.portal))).toBe('PASSWORD_WRONG');
    const right = { proof: person.password.signInSecret, ...input };
    expect(await renewPhrase(actor, right, world.portal)).toEqual({ version: 2 });
    // The answer was lost, and the page asks again.
    expect(await renewPhrase(actor, right, world.portal)).toEqual({ version: 2 });
    const other = { ...right, record: under.record };
    expect(await code(renewPhrase(actor, other, world.portal))).toBe('CONFLICT');
    expect(await code(finish(under.token, { ...before.sent, baseVersion: 2 }))).toBe('UNAUTHENTICATED');
    expect(await code(start(person))).toBe('UNAUTHENTICATED');
    const renewed = { ...person, phrase };
    const started = await start(renewed);
    expect(await finish(started.token, (await composed(renewed, started)).sent)).toEqual({ version: 3 });
  });
});

it('keeps password and phrase as ways to open a vault, adds a wallet by the password only, and lets it go', async () => {
  const person = await somebody();
  const actor = await signedIn(person);
  const record = await stored(person);
  const address = `0x${'ab'.repeat(20)}`;
  const vaultKey = await openLock(findLock(record, 'recovery'), recoveryKeyOf(person.phrase));
  const withWallet = await putLock(record, vaultKey, { kind: 'wallet', address, key: randomBytes(32) });
  const save = (baseVersion: number, next: object) =>
    saveVault(actor, { baseVersion, record: JSON.stringify(next) }, world.portal);
  const add = (baseVersion: number, next: object, proof = person.password.signInSecret) =>
    addLock(actor, { kind: 'wallet', proof, baseVersion, record: JSON.stringify(next) }, world.portal);
  expect(await code(save(1, withWallet))).toBe('INVALID_INPUT');
  expect(await code(add(1, withWallet, newPassword().signInSecret))).toBe('PASSWORD_WRONG');
  expect(await add(1, withWallet)).toEqual({ version: 2 });
  expect(await add(1, withWallet)).toEqual({ version: 2 });
  const rewrapped = await putLock(withWallet, vaultKey, { kind: 'wallet', address, key: randomBytes(32) });
  expect(await code(save(2, rewrapped))).toBe('INVALID_INPUT');
  const phrase = await putLock(withWallet, vaultKey, { kind: 'recovery', key: recoveryKeyOf(createRecoveryPhrase()) });
  expect(await code(add(2, phrase))).toBe('INVALID_INPUT');
  const nobody = { ...actor, role: 'nobody' } as unknown as Actor;
  const proved = { proof: person.password.signInSecret, baseVersion: 2, record: JSON.stringify(rewrapped) };
  expect(await code(addLock(nobody, { kind: 'wallet', ...proved }, world.portal))).toBe('FORBIDDEN');
  for (const kind of ['password', 'recovery']) {
    const locks = withWallet.locks.filter((lock) => lock.kind !== kind);
    expect(await code(save(2, { ...withWallet, locks }))).toBe('INVALID_INPUT');
  }
  const without = removeLock(withWallet, 'wallet', address);
  expect(await save(2, without)).toEqual({ version: 3 });
  expect(await save(2, without)).toEqual({ version: 3 });
  // The lock that went comes back by the password only.
  expect(await code(save(3, withWallet))).toBe('INVALID_INPUT');
});
