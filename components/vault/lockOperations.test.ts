import { privateKeyToAccount } from 'viem/accounts';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64Url } from '#crypto/bytes.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { derivePassword } from '#crypto/password.ts';
import { recoverySecretOf } from '#crypto/recovery.ts';
import { findLock, parseVaultRecord, walletLockMessage } from '#crypto/vault.ts';
import { createKeeper } from './keeper.ts';
import { memoryStore } from './memoryStore.ts';
import type { Unlocking } from './openVault.ts';
import { marker, newPerson, openKeeper, passwordOpener, type TestPerson } from './testing.ts';

const refusal = (code: string) => expect.objectContaining({ code });
const password = 'a long enough password';
/** Stretching a password is slow on purpose. */
const stretching = 60_000;
let person: TestPerson;
let stranger: TestPerson;

beforeAll(async () => {
  const opener = await passwordOpener(password);
  person = await newPerson(newIdentifier('prac'), 'HospitalMSP', { openers: [opener] });
  stranger = await newPerson(newIdentifier('prac'), 'HospitalMSP', { openers: [opener] });
}, stretching);

/** Opens a changed record in a keeper of its own. */
const open = async (record: string, unlocking: Unlocking) => {
  const keeper = createKeeper({ store: memoryStore() });
  const opened = await keeper.open({ owner: { ...person.owner, record }, marker, unlocking });
  await keeper.lock();
  return opened.wallet;
};

describe('a wallet', () => {
  const wallet = privateKeyToAccount(`0x${'7'.repeat(64)}`);
  const message = walletLockMessage(wallet.address);

  it('opens the vault once it is added, if it signs alike each time', async () => {
    const keeper = await openKeeper(person);
    const { address } = wallet;
    const signature = await wallet.signMessage({ message });
    const { record } = person.owner;
    const added = await keeper.addWalletLock({ record, address, signatures: [signature, signature] });
    expect(await open(added.record, { kind: 'wallet', address, signature })).toBe(person.wallet);
    await expect(open(record, { kind: 'wallet', address, signature })).rejects.toThrow(refusal('VAULT_LOCK_MISSING'));
    const different = [signature, `${signature.slice(0, -4)}aa1b`];
    for (const signatures of [different, [signature], []]) {
      await expect(keeper.addWalletLock({ record, address, signatures })).rejects.toThrow(
        refusal('WALLET_NOT_DETERMINISTIC'),
      );
    }
    await keeper.lock();
  });

  it('is added to the open vault only, and to no other', async () => {
    const keeper = await openKeeper(person);
    const signature = await wallet.signMessage({ message });
    const added = { address: wallet.address, signatures: [signature, signature] };
    const { record } = stranger.owner;
    await expect(keeper.addWalletLock({ record, ...added })).rejects.toThrow(refusal('VAULT_REFUSED'));
    await keeper.lock();
    await expect(keeper.addWalletLock({ record: person.owner.record, ...added })).rejects.toThrow(
      refusal('VAULT_LOCKED'),
    );
  });
});

describe('a new password', () => {
  it(
    'opens the vault and signs in, the old one no more; the present one is proved',
    async () => {
      const keeper = await openKeeper(person);
      const { record } = person.owner;
      const next = 'another long password';
      const changed = await keeper.changePassword({ record, present: password, next });
      const before = findLock(parseVaultRecord(record), 'password');
      expect(changed.proof).toBe((await derivePassword(password, fromBase64Url(before.salt))).signInSecret);
      expect(changed.signInSecret).toBe((await derivePassword(next, fromBase64Url(changed.salt))).signInSecret);
      expect(findLock(parseVaultRecord(changed.record), 'password').salt).toBe(changed.salt);
      expect(await open(changed.record, { kind: 'password', password: next })).toBe(person.wallet);
      await expect(open(changed.record, { kind: 'password', password })).rejects.toThrow(refusal('VAULT_REFUSED'));
      expect(await open(changed.record, { kind: 'recovery', phrase: person.recoveryPhrase })).toBe(person.wallet);
      await keeper.lock();
    },
    stretching,
  );

  it(
    'is proved by the present one alone, which adds a wallet',
    async () => {
      const keeper = await openKeeper(person);
      const { record } = person.owner;
      const { salt } = findLock(parseVaultRecord(record), 'password');
      const { signInSecret } = await derivePassword(password, fromBase64Url(salt));
      expect(await keeper.provePassword({ record, password })).toEqual({ proof: signInSecret });
      const wrong = keeper.provePassword({ record, password: 'not the password' });
      await expect(wrong).rejects.toThrow(refusal('VAULT_REFUSED'));
      const foreign = keeper.provePassword({ record: stranger.owner.record, password });
      await expect(foreign).rejects.toThrow(refusal('VAULT_REFUSED'));
      await keeper.lock();
      await expect(keeper.provePassword({ record, password })).rejects.toThrow(refusal('VAULT_LOCKED'));
    },
    stretching,
  );

  it(
    'is refused with a wrong present one, and when it is short',
    async () => {
      const keeper = await openKeeper(person);
      const { record } = person.owner;
      const next = 'another long password';
      await expect(keeper.changePassword({ record, present: next, next })).rejects.toThrow(refusal('VAULT_REFUSED'));
      await expect(keeper.changePassword({ record, present: password, next: 'short' })).rejects.toThrow(
        refusal('PASSWORD_TOO_SHORT'),
      );
      const foreign = { record: stranger.owner.record, present: password, next };
      await expect(keeper.changePassword(foreign)).rejects.toThrow(refusal('VAULT_REFUSED'));
      await keeper.lock();
    },
    stretching,
  );
});

it(
  'a new phrase opens the vault, the old one no more',
  async () => {
    const keeper = await openKeeper(person);
    const { record } = person.owner;
    const renewed = await keeper.renewPhrase({ record, password });
    const phrase = renewed.words.join(' ');
    expect(renewed.words).toHaveLength(12);
    expect(renewed.recoverySecret).toBe(recoverySecretOf(phrase));
    expect(renewed.record).not.toContain(renewed.recoverySecret);
    expect(await open(renewed.record, { kind: 'recovery', phrase })).toBe(person.wallet);
    const old = { kind: 'recovery' as const, phrase: person.recoveryPhrase };
    await expect(open(renewed.record, old)).rejects.toThrow(refusal('VAULT_REFUSED'));
    await expect(keeper.renewPhrase({ record, password: 'not the password' })).rejects.toThrow(
      refusal('VAULT_REFUSED'),
    );
    await keeper.lock();
  },
  stretching,
);
