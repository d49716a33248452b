import { expectData } from '#components/vault/errors.ts';
import type { Bytes } from '#crypto/bytes.ts';
import type { VaultRecord } from '#crypto/vault.ts';
import { finishRecovery, startRecovery } from '#server/people/actions.ts';

/** The right to replace a password once, and the vault that the phrase has opened. */
export interface Proven {
  token: string;
  version: number;
  record: VaultRecord;
  /** Secret; whoever holds it wipes it by `discard`. */
  vaultKey: Bytes;
}

/** Wipes what a proof has opened: once it is used, refused or left. */
export function discard({ vaultKey }: Proven): void {
  vaultKey.fill(0);
}

/**
 * Proves the phrase to the server by a secret that is derived from it here and opens nothing, and opens the vault with
 * what stays here. Throws the phrase's own faults, UNAUTHENTICATED, RATE_LIMITED, VAULT_REFUSED.
 */
export async function provePhrase(email: string, phrase: string): Promise<Proven> {
  const [{ recoveryKeyOf, recoverySecretOf }, { findLock, openLock, parseVaultRecord }] = await Promise.all([
    import('#crypto/recovery.ts'),
    import('#crypto/vault.ts'),
  ]);
  const recoverySecret = recoverySecretOf(phrase);
  const started = expectData(await startRecovery({ email, recoverySecret }));
  const record = parseVaultRecord(started.record);
  const key = recoveryKeyOf(phrase);
  try {
    const vaultKey = await openLock(findLock(record, 'recovery'), key);
    return { token: started.token, version: started.version, record, vaultKey };
  } finally {
    key.fill(0);
  }
}

/**
 * Puts the new password on the vault and on the sign-in. Answers the wallets that still open the vault. Throws
 * UNAUTHENTICATED when time ran out or it was done already, CONFLICT.
 */
export async function replacePassword(proven: Proven, password: string): Promise<string[]> {
  const [{ derivePassword, newPasswordSalt, passwordParameters }, { putLock }, { toBase64Url }] = await Promise.all([
    import('#crypto/password.ts'),
    import('#crypto/vault.ts'),
    import('#crypto/bytes.ts'),
  ]);
  const { token, version: baseVersion, record } = proven;
  // A copy of its own: a proof that is discarded halfway must not have zeros wrapped in the key's place.
  const vaultKey = proven.vaultKey.slice();
  let key: Bytes | undefined;
  try {
    const salt = newPasswordSalt();
    const derived = await derivePassword(password, salt);
    key = derived.wrappingKey;
    const changed = await putLock(record, vaultKey, { kind: 'password', salt, parameters: passwordParameters, key });
    const { signInSecret } = derived;
    const sent = { token, baseVersion, record: JSON.stringify(changed), salt: toBase64Url(salt), signInSecret };
    expectData(await finishRecovery(sent));
    return changed.locks.flatMap((lock) => (lock.kind === 'wallet' ? [lock.address] : []));
  } finally {
    key?.fill(0);
    vaultKey.fill(0);
  }
}
