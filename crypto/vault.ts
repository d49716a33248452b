import { z } from 'zod';
import { openBytes, sealBytes } from './aead.ts';
import { type Bytes, fromBase64Url, randomBytes, toBase64Url, utf8, wipe } from './bytes.ts';
import { canonicalJson, type Json } from './canonicalJson.ts';
import { deriveKey, requireLength } from './derive.ts';
import { CryptoError } from './errors.ts';
import type { PasswordParameters } from './password.ts';
import { decodeContents, encodeContents, type VaultContents } from './vaultContents.ts';

const base64Url = z
  .string()
  .max(32_768)
  .regex(/^[A-Za-z0-9_-]+$/);

const passwordLock = z.strictObject({
  kind: z.literal('password'),
  salt: base64Url,
  memory: z.int(),
  iterations: z.int(),
  parallelism: z.int(),
  wrapped: base64Url,
});
const recoveryLock = z.strictObject({ kind: z.literal('recovery'), wrapped: base64Url });
const walletLock = z.strictObject({
  kind: z.literal('wallet'),
  address: z.string().regex(/^0x[0-9a-f]{40}$/),
  wrapped: base64Url,
});
const passkeyLock = z.strictObject({
  kind: z.literal('passkey'),
  /** base64url, as WebAuthn names it. */
  credentialId: base64Url,
  wrapped: base64Url,
});
const vaultLock = z.discriminatedUnion('kind', [passwordLock, recoveryLock, walletLock, passkeyLock]);
export type VaultLock = z.infer<typeof vaultLock>;

const format = 'medloom-vault/1';
const vaultRecord = z.strictObject({
  format: z.literal(format),
  /** The contents under the vault key, base64url. */
  sealed: base64Url,
  /** The vault key, once for each way to open it. */
  locks: z.array(vaultLock).min(1).max(16),
});
/** What the server stores of a vault; it opens nothing by itself. Its compare-and-swap version stands outside. */
export type VaultRecord = z.infer<typeof vaultRecord>;

/** A way to open the vault, with the key that it gives. */
export type Opener =
  | { kind: 'password'; salt: Uint8Array; parameters: PasswordParameters; key: Uint8Array }
  | { kind: 'recovery'; key: Uint8Array }
  | { kind: 'wallet'; address: string; key: Uint8Array }
  | { kind: 'passkey'; credentialId: string; key: Uint8Array };

export interface OpenVault {
  /** 32 bytes; secret. */
  key: Bytes;
  contents: VaultContents;
}

const sealedContext = utf8(canonicalJson({ purpose: 'medloom/vault/contents/v1' }));

/** Every parameter of a lock is bound to its wrap, so that none can be altered unseen. */
function lockContext(lock: Omit<VaultLock, 'wrapped'> & { wrapped?: string }): Bytes {
  const { wrapped: _, ...parameters } = lock;
  return utf8(canonicalJson({ purpose: 'medloom/vault/lock/v1', ...(parameters as { [name: string]: Json }) }));
}

async function makeLock(vaultKey: Uint8Array, opener: Opener): Promise<VaultLock> {
  const wrap = async (context: Bytes) => toBase64Url(await sealBytes(opener.key, vaultKey, context));
  switch (opener.kind) {
    case 'password': {
      const lock = { kind: 'password' as const, salt: toBase64Url(opener.salt), ...opener.parameters };
      return { ...lock, wrapped: await wrap(lockContext(lock)) };
    }
    case 'recovery': {
      const lock = { kind: 'recovery' as const };
      return { ...lock, wrapped: await wrap(lockContext(lock)) };
    }
    case 'wallet': {
      const lock = { kind: 'wallet' as const, address: opener.address.toLowerCase() };
      return { ...lock, wrapped: await wrap(lockContext(lock)) };
    }
    case 'passkey': {
      const lock = { kind: 'passkey' as const, credentialId: opener.credentialId };
      return { ...lock, wrapped: await wrap(lockContext(lock)) };
    }
  }
}

/** What tells one lock from another of its kind: a wallet's address, a passkey's credential id; of others there is one. */
function nameOf(lock: VaultLock): string {
  if (lock.kind === 'wallet') return lock.address;
  return lock.kind === 'passkey' ? lock.credentialId : '';
}

async function sealContents(vaultKey: Uint8Array, contents: VaultContents): Promise<string> {
  const plaintext = encodeContents(contents);
  const sealed = await sealBytes(vaultKey, plaintext, sealedContext);
  wipe(plaintext);
  return toBase64Url(sealed);
}

/** Makes a vault with a fresh random key and a lock for each opener. */
export async function createVault(
  contents: VaultContents,
  openers: Opener[],
): Promise<{ record: VaultRecord; key: Bytes }> {
  const key = randomBytes(32);
  const locks = await Promise.all(openers.map((opener) => makeLock(key, opener)));
  return { record: vaultRecord.parse({ format, sealed: await sealContents(key, contents), locks }), key };
}

/** Reads a stored record. Throws `VAULT_MALFORMED`. */
export function parseVaultRecord(text: string): VaultRecord {
  try {
    if (text.length > 65_536) throw new RangeError('too long');
    return vaultRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new CryptoError('VAULT_MALFORMED', '', { cause });
  }
}

/** The lock of a kind; of several, the one of `name`: a wallet's address or a passkey's id. Throws `VAULT_LOCK_MISSING`. */
export function findLock<Kind extends VaultLock['kind']>(
  record: VaultRecord,
  kind: Kind,
  name?: string,
): Extract<VaultLock, { kind: Kind }> {
  const wanted = kind === 'wallet' ? name?.toLowerCase() : name;
  const lock = record.locks.find(
    (candidate): candidate is Extract<VaultLock, { kind: Kind }> =>
      candidate.kind === kind && (wanted === undefined || nameOf(candidate) === wanted),
  );
  if (lock === undefined) throw new CryptoError('VAULT_LOCK_MISSING', kind);
  return lock;
}

/** Opens one lock. Throws `VAULT_REFUSED` when the key is not the right one or the lock was altered. */
export async function openLock(lock: VaultLock, key: Uint8Array): Promise<Bytes> {
  return requireLength(
    await openBytes(key, fromBase64Url(lock.wrapped), lockContext(lock), 'VAULT_REFUSED'),
    32,
    'vault key',
  );
}

/** Opens the contents with the vault key. Throws `VAULT_REFUSED` or `VAULT_MALFORMED`. */
export async function openContents(record: VaultRecord, vaultKey: Uint8Array): Promise<VaultContents> {
  const plaintext = await openBytes(vaultKey, fromBase64Url(record.sealed), sealedContext, 'VAULT_REFUSED');
  try {
    return decodeContents(plaintext);
  } finally {
    wipe(plaintext);
  }
}

/** Opens a vault by one of its locks. */
export async function openVault(record: VaultRecord, lock: VaultLock, key: Uint8Array): Promise<OpenVault> {
  const vaultKey = await openLock(lock, key);
  return { key: vaultKey, contents: await openContents(record, vaultKey) };
}

/**
 * Adds a way to open the vault, or replaces the one of the same kind (and, for wallets and passkeys, name): so a password is
 * changed. The contents need not be opened.
 */
export async function putLock(record: VaultRecord, vaultKey: Uint8Array, opener: Opener): Promise<VaultRecord> {
  await openContents(record, vaultKey);
  const added = await makeLock(vaultKey, opener);
  const isSame = (lock: VaultLock) => lock.kind === added.kind && nameOf(lock) === nameOf(added);
  return vaultRecord.parse({ ...record, locks: [...record.locks.filter((lock) => !isSame(lock)), added] });
}

/**
 * The record without the lock of a wallet or passkey. Password and phrase are only ever replaced, so that both keep opening it.
 */
export function removeLock(record: VaultRecord, kind: 'wallet' | 'passkey', name: string): VaultRecord {
  const removed = findLock(record, kind, name);
  return { ...record, locks: record.locks.filter((lock) => lock !== removed) };
}

/** Seals new contents under the same vault key, for example once the certificate is issued. */
export async function replaceContents(
  record: VaultRecord,
  vaultKey: Uint8Array,
  contents: VaultContents,
): Promise<VaultRecord> {
  await openContents(record, vaultKey);
  return { ...record, sealed: await sealContents(vaultKey, contents) };
}

/**
 * The message whose signature opens a vault's wallet lock. It is the same each time, so the wallet must sign
 * deterministically (RFC 6979), which is checked when the lock is added.
 */
export function walletLockMessage(address: string): string {
  return [
    'Medloom: open my keys',
    '',
    'Sign this only on the page of your own Medloom portal.',
    'Whoever has this signature can open your keys.',
    '',
    `Account: ${address.toLowerCase()}`,
    'Version: 1',
  ].join('\n');
}

/** The wrapping key that a wallet's signature gives. Throws `KEY_LENGTH` unless it has 65 bytes. */
export function walletLockKey(signature: Uint8Array): Bytes {
  return deriveKey(requireLength(signature, 65, 'signature'), 'medloom/vault/wallet/v1');
}
