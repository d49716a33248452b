import { describe, expect, it } from 'vitest';
import { fromBase64Url, randomBytes, toBase64Url } from './bytes.ts';
import { passwordParameters } from './password.ts';
import {
  createVault,
  findLock,
  type Opener,
  openLock,
  openVault,
  parseVaultRecord,
  putLock,
  removeLock,
  replaceContents,
  walletLockKey,
  walletLockMessage,
} from './vault.ts';
import { newContents } from './vaultContents.ts';

const contents = newContents({
  signingKey: randomBytes(138),
  readingSeed: randomBytes(32),
  walletKey: randomBytes(32),
});
const password = (key: Uint8Array): Opener => ({
  kind: 'password',
  salt: new Uint8Array(16).fill(1),
  parameters: passwordParameters,
  key,
});
const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const refusal = (code: string) => expect.objectContaining({ code });
const flip = (text: string, position: number) => {
  const bytes = fromBase64Url(text);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  return toBase64Url(bytes);
};

describe('a vault', () => {
  it('opens by each of its locks and after being stored', async () => {
    const openers = [
      password(randomBytes(32)),
      { kind: 'recovery' as const, key: randomBytes(32) },
      { kind: 'wallet' as const, address, key: randomBytes(32) },
    ];
    const { record, key } = await createVault(contents, openers);
    const stored = parseVaultRecord(JSON.stringify(record));
    for (const opener of openers) {
      const opened = await openVault(stored, findLock(stored, opener.kind), opener.key);
      expect(opened).toEqual({ key, contents });
    }
  });

  it('keeps no secret in clear', async () => {
    const { record, key } = await createVault(contents, [password(new Uint8Array(32).fill(9))]);
    const text = JSON.stringify(record);
    for (const secret of [key, contents.signingKey, contents.readingSeed, contents.walletKey]) {
      expect(text).not.toContain(toBase64Url(secret));
    }
  });

  it('refuses a wrong key, and any changed byte or parameter', async () => {
    const key = randomBytes(32);
    const { record } = await createVault(contents, [password(key)]);
    const lock = findLock(record, 'password');
    await expect(openVault(record, lock, randomBytes(32))).rejects.toThrow(refusal('VAULT_REFUSED'));
    for (let position = 0; position < 60; position += 1) {
      const changed = { ...lock, wrapped: flip(lock.wrapped, position) };
      await expect(openVault(record, changed, key)).rejects.toThrow(refusal('VAULT_REFUSED'));
    }
    for (const change of [{ salt: 'AAAA' }, { memory: 1 }, { iterations: 1 }, { parallelism: 2 }]) {
      await expect(openVault(record, { ...lock, ...change }, key)).rejects.toThrow(refusal('VAULT_REFUSED'));
    }
    for (const position of [0, 11, 12, 100, fromBase64Url(record.sealed).length - 1]) {
      const changed = { ...record, sealed: flip(record.sealed, position) };
      await expect(openVault(changed, lock, key)).rejects.toThrow(refusal('VAULT_REFUSED'));
    }
  });

  it('does not open with a lock of another vault', async () => {
    const key = randomBytes(32);
    const first = await createVault(contents, [password(key)]);
    const second = await createVault(contents, [password(key)]);
    await expect(openVault(first.record, findLock(second.record, 'password'), key)).rejects.toThrow(
      refusal('VAULT_REFUSED'),
    );
  });

  it('changes its password: the new one opens, the old one no more, the phrase still', async () => {
    const [oldKey, newKey, phrase] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const { record, key } = await createVault(contents, [password(oldKey), { kind: 'recovery', key: phrase }]);
    const changed = await putLock(record, key, password(newKey));
    expect(changed.locks).toHaveLength(2);
    expect((await openVault(changed, findLock(changed, 'password'), newKey)).contents).toEqual(contents);
    await expect(openVault(changed, findLock(changed, 'password'), oldKey)).rejects.toThrow(refusal('VAULT_REFUSED'));
    expect(await openLock(findLock(changed, 'recovery'), phrase)).toEqual(key);
  });

  it('adds wallets beside each other and replaces one of the same address', async () => {
    const { record, key } = await createVault(contents, [password(randomBytes(32))]);
    const one = await putLock(record, key, { kind: 'wallet', address, key: randomBytes(32) });
    const other = await putLock(one, key, { kind: 'wallet', address: `0x${'a'.repeat(40)}`, key: randomBytes(32) });
    const again = await putLock(other, key, { kind: 'wallet', address: address.toLowerCase(), key: randomBytes(32) });
    expect(again.locks.map((lock) => lock.kind)).toEqual(['password', 'wallet', 'wallet']);
    expect(findLock(again, 'wallet', address).address).toBe(address.toLowerCase());
    expect(() => findLock(again, 'wallet', `0x${'b'.repeat(40)}`)).toThrow(refusal('VAULT_LOCK_MISSING'));
  });

  it('loses one wallet and keeps every other way', async () => {
    const [phrase, other] = [randomBytes(32), randomBytes(32)];
    const ways = [password(randomBytes(32)), { kind: 'recovery' as const, key: phrase }];
    const wallets = [
      { kind: 'wallet' as const, address, key: randomBytes(32) },
      { kind: 'wallet' as const, address: `0x${'a'.repeat(40)}`, key: other },
    ];
    const { record, key } = await createVault(contents, [...ways, ...wallets]);
    const left = removeLock(record, 'wallet', address);
    expect(left.locks.map((lock) => lock.kind)).toEqual(['password', 'recovery', 'wallet']);
    expect(await openLock(findLock(left, 'wallet', `0x${'A'.repeat(40)}`), other)).toEqual(key);
    expect(() => removeLock(left, 'wallet', address)).toThrow(refusal('VAULT_LOCK_MISSING'));
  });

  it('is changed only with its own key', async () => {
    const { record } = await createVault(contents, [password(randomBytes(32))]);
    const stranger = randomBytes(32);
    await expect(putLock(record, stranger, { kind: 'recovery', key: stranger })).rejects.toThrow(
      refusal('VAULT_REFUSED'),
    );
    await expect(replaceContents(record, stranger, contents)).rejects.toThrow(refusal('VAULT_REFUSED'));
  });

  it('takes the certificate in later', async () => {
    const key = randomBytes(32);
    const { record, key: vaultKey } = await createVault(contents, [password(key)]);
    const changed = await replaceContents(record, vaultKey, { ...contents, certificate: 'PEM' });
    const opened = await openVault(changed, findLock(changed, 'password'), key);
    expect(opened.contents.certificate).toBe('PEM');
  });

  it.each([
    ['no JSON', '{'],
    ['another format', '{"format":"medloom-vault/2","sealed":"AAAA","locks":[]}'],
    ['no lock', '{"format":"medloom-vault/1","sealed":"AAAA","locks":[]}'],
    ['an unknown lock', '{"format":"medloom-vault/1","sealed":"AAAA","locks":[{"kind":"none","wrapped":"AAAA"}]}'],
    ['too much', ' '.repeat(70_000)],
  ])('is not read from %s', (_, text) => {
    expect(() => parseVaultRecord(text)).toThrow(refusal('VAULT_MALFORMED'));
  });
});

it('asks a wallet for the same words each time, for each account its own', () => {
  expect(walletLockMessage(address)).toBe(walletLockMessage(address.toLowerCase()));
  expect(walletLockMessage(address)).not.toBe(walletLockMessage(`0x${'a'.repeat(40)}`));
  expect(walletLockKey(new Uint8Array(65).fill(1))).toEqual(walletLockKey(new Uint8Array(65).fill(1)));
  expect(() => walletLockKey(new Uint8Array(64))).toThrow(refusal('KEY_LENGTH'));
});
