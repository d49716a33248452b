import { type Bytes, equalBytes, fromBase64Url, fromHex, toBase64Url, wipe } from '#crypto/bytes.ts';
import { derivePassword, newPasswordSalt, passwordParameters, requirePassword } from '#crypto/password.ts';
import { createRecoveryPhrase, recoveryKeyOf, recoverySecretOf } from '#crypto/recovery.ts';
import { findLock, openLock, parseVaultRecord, putLock, type VaultRecord, walletLockKey } from '#crypto/vault.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

/** A vault record that takes the place of the stored one, once the server has accepted it. */
export interface ChangedVault {
  /** JSON of the `VaultRecord`. */
  record: string;
}

export interface ChangedPassword extends ChangedVault {
  /** Sign-in secret of the present password, and what signs in with the new one. */
  proof: string;
  salt: string;
  signInSecret: string;
}

export interface RenewedPhrase extends ChangedVault {
  proof: string;
  recoverySecret: string;
  /** Shown once, never sent. */
  words: string[];
}

/** The sign-in secret of a password that opens this very vault. Throws `VAULT_REFUSED`. */
async function proofOf(record: VaultRecord, vaultKey: Bytes, password: string): Promise<string> {
  const lock = findLock(record, 'password');
  const { signInSecret, wrappingKey } = await derivePassword(password, fromBase64Url(lock.salt), lock);
  try {
    const opened = await openLock(lock, wrappingKey);
    const same = equalBytes(opened, vaultKey);
    wipe(opened);
    if (!same) throw new VaultError('VAULT_REFUSED', 'These are the keys of another vault.');
    return signInSecret;
  } finally {
    wipe(wrappingKey);
  }
}

/** Changes what opens the vault. Each answers a new record and keeps nothing: the page has it stored. */
export function lockOperations(opened: () => OpenState) {
  return {
    /** Adds a wallet as a way to open the vault. Asks for two signatures, since the lock needs a wallet that signs alike. */
    async addWalletLock(input: { record: string; address: string; signatures: string[] }): Promise<ChangedVault> {
      const { vaultKey } = opened();
      const [first, second] = input.signatures.map((signature) => fromHex(signature.replace(/^0x/, '')));
      if (first === undefined || second === undefined || !equalBytes(first, second)) {
        throw new VaultError(
          'WALLET_NOT_DETERMINISTIC',
          'This wallet signs the same text differently each time, so it cannot open your keys.',
        );
      }
      const opener = { kind: 'wallet' as const, address: input.address, key: walletLockKey(first) };
      return { record: JSON.stringify(await putLock(parseVaultRecord(input.record), vaultKey, opener)) };
    },

    /** Proves the present password, for what a session alone may not do. Throws `VAULT_REFUSED`. */
    async provePassword(input: { record: string; password: string }): Promise<{ proof: string }> {
      const { vaultKey } = opened();
      return { proof: await proofOf(parseVaultRecord(input.record), vaultKey, input.password) };
    },

    /** Puts another password in the place of the present one. Throws `VAULT_REFUSED`, `PASSWORD_TOO_SHORT`. */
    async changePassword(input: { record: string; present: string; next: string }): Promise<ChangedPassword> {
      requirePassword(input.next);
      const { vaultKey } = opened();
      const record = parseVaultRecord(input.record);
      const proof = await proofOf(record, vaultKey, input.present);
      const salt = newPasswordSalt();
      const { signInSecret, wrappingKey } = await derivePassword(input.next, salt);
      const opener = { kind: 'password' as const, salt, parameters: passwordParameters, key: wrappingKey };
      const changed = await putLock(record, vaultKey, opener);
      wipe(wrappingKey);
      return { record: JSON.stringify(changed), proof, salt: toBase64Url(salt), signInSecret };
    },

    /** Puts a new recovery phrase in the place of the one before. Throws `VAULT_REFUSED`. */
    async renewPhrase(input: { record: string; password: string }): Promise<RenewedPhrase> {
      const { vaultKey } = opened();
      const record = parseVaultRecord(input.record);
      const proof = await proofOf(record, vaultKey, input.password);
      const phrase = createRecoveryPhrase();
      const key = recoveryKeyOf(phrase);
      const changed = await putLock(record, vaultKey, { kind: 'recovery', key });
      wipe(key);
      const recoverySecret = recoverySecretOf(phrase);
      return { record: JSON.stringify(changed), proof, recoverySecret, words: phrase.split(' ') };
    },
  };
}
