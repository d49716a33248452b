'use client';

import { useMemo } from 'react';
import { parseVaultRecord, removeLock } from '#crypto/vault.ts';
import { addLock, changePassword, reloadVault, renewPhrase, saveVault } from '#server/people/actions.ts';
import type { VaultState } from '#server/people/schema.ts';
import { vaultClient } from './client.ts';
import { expectData, VaultError } from './errors.ts';
import type { ChangedPassword, ChangedVault, RenewedPhrase } from './lockOperations.ts';
import { signLockMessage } from './walletSignature.ts';

/** A change with the version that it was made from. Saved once more after its answer was lost, it is stored once. */
export type Composed<Change extends ChangedVault> = Change & { baseVersion: number };

/** Changes to what opens the vault. Throw errors with codes; `CONFLICT` where another browser changed it meanwhile. */
export interface VaultLocks {
  /** The proof that a session alone does not have. Throws `VAULT_REFUSED` for a wrong password. */
  prove(password: string): Promise<string>;
  /** Makes this wallet a way to open the vault; it signs twice, once more for the check. */
  addWallet(address: string, proof: string): Promise<void>;
  /** Makes a passkey a way to open the vault, by what its PRF gave. */
  addPasskey(credentialId: string, output: Uint8Array<ArrayBuffer>, proof: string): Promise<void>;
  /** Needs no open vault. */
  removeWallet(address: string): Promise<void>;
  removePasskey(credentialId: string): Promise<void>;
  /**
   * Stores what `compose` makes of the present record; where another browser changed the vault meanwhile, it is made anew of
   * what is there then.
   */
  change<Change extends ChangedVault>(compose: (record: string) => Promise<Change>): Promise<Change>;
  /** Makes the vault with another password, which takes the place of the present one only by `savePassword`. */
  makePassword(present: string, next: string): Promise<Composed<ChangedPassword>>;
  savePassword(changed: Composed<ChangedPassword>): Promise<void>;
  /** Makes a new phrase, which takes the place of the one before only by `savePhrase`. */
  makePhrase(password: string): Promise<Composed<RenewedPhrase>>;
  savePhrase(renewed: Composed<RenewedPhrase>): Promise<void>;
}

const attempts = 3;

const without = (record: string, kind: 'wallet' | 'passkey', name: string): ChangedVault => ({
  record: JSON.stringify(removeLock(parseVaultRecord(record), kind, name)),
});

/** Has each change stored in the place of the record that it was made from, and told to `onStored`. */
export function useVaultLocks(stored: VaultState | null, onStored: (next: VaultState) => void): VaultLocks {
  return useMemo(() => {
    const present = (): VaultState => {
      if (stored === null) throw new VaultError('NOT_ENROLLED', 'You have no keys yet.');
      return stored;
    };
    const change: VaultLocks['change'] = async (compose) => {
      let base = present();
      for (let attempt = 1; ; attempt += 1) {
        const changed = await compose(base.record);
        const answer = await saveVault({ baseVersion: base.version, record: changed.record });
        if (answer.ok) {
          onStored({ ...base, record: changed.record, version: answer.data.version });
          return changed;
        }
        if (answer.error.code !== 'CONFLICT' || attempt >= attempts) expectData(answer);
        base = expectData(await reloadVault(undefined));
      }
    };
    return {
      async prove(password) {
        return (await vaultClient().call('provePassword', { record: present().record, password })).proof;
      },
      async addWallet(address, proof) {
        const { record: before, version: baseVersion } = present();
        const signed = await signLockMessage([address], 2);
        const { record } = await vaultClient().call('addWalletLock', { record: before, ...signed });
        const { version } = expectData(await addLock({ kind: 'wallet', proof, baseVersion, record }));
        onStored({ ...present(), record, version });
      },
      async addPasskey(credentialId, output, proof) {
        const { record: before, version: baseVersion } = present();
        const { record } = await vaultClient().call('addPasskeyLock', { record: before, credentialId, output });
        const { version } = expectData(await addLock({ kind: 'passkey', proof, baseVersion, record }));
        onStored({ ...present(), record, version });
      },
      async removeWallet(address) {
        await change(async (record) => without(record, 'wallet', address));
      },
      async removePasskey(credentialId) {
        await change(async (record) => without(record, 'passkey', credentialId));
      },
      change,
      async makePassword(password, next) {
        const { record, version: baseVersion } = present();
        return { ...(await vaultClient().call('changePassword', { record, present: password, next })), baseVersion };
      },
      async savePassword(changed) {
        const { version } = expectData(await changePassword(changed));
        onStored({ ...present(), record: changed.record, version });
      },
      async makePhrase(password) {
        const { record, version: baseVersion } = present();
        return { ...(await vaultClient().call('renewPhrase', { record, password })), baseVersion };
      },
      async savePhrase({ baseVersion, record, proof, recoverySecret }) {
        const { version } = expectData(await renewPhrase({ baseVersion, record, proof, recoverySecret }));
        onStored({ ...present(), record, version, recoverable: true });
      },
    };
  }, [stored, onStored]);
}
