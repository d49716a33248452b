'use client';

import { useMemo } from 'react';
import { parseVaultRecord, removeWalletLock } from '#crypto/vault.ts';
import { changePassword, renewPhrase, saveVault } from '#server/people/actions.ts';
import type { VaultState } from '#server/people/schema.ts';
import { vaultClient } from './client.ts';
import { expectData, VaultError } from './errors.ts';
import type { RenewedPhrase } from './lockOperations.ts';
import { signLockMessage } from './walletSignature.ts';

/** Changes to what opens the vault. Throw errors with codes; `CONFLICT` where another browser changed it meanwhile. */
export interface VaultLocks {
  /** Makes this wallet a way to open the vault; it signs twice, once more for the check. */
  addWallet(address: string): Promise<void>;
  /** Needs no open vault. */
  removeWallet(address: string): Promise<void>;
  changePassword(present: string, next: string): Promise<void>;
  /** Makes a new phrase, which takes the place of the one before only by `savePhrase`. */
  makePhrase(password: string): Promise<RenewedPhrase>;
  savePhrase(renewed: RenewedPhrase): Promise<void>;
}

/** Has each change stored in the place of the record that it was made from, and told to `onStored`. */
export function useVaultLocks(stored: VaultState | null, onStored: (next: VaultState) => void): VaultLocks {
  return useMemo(() => {
    const present = (): VaultState => {
      if (stored === null) throw new VaultError('NOT_ENROLLED', 'You have no keys yet.');
      return stored;
    };
    const save = async (record: string) => {
      const { version } = expectData(await saveVault({ baseVersion: present().version, record }));
      onStored({ ...present(), record, version });
    };
    return {
      async addWallet(address) {
        const { record } = present();
        const signed = await signLockMessage([address], 2);
        await save((await vaultClient().call('addWalletLock', { record, ...signed })).record);
      },
      async removeWallet(address) {
        await save(JSON.stringify(removeWalletLock(parseVaultRecord(present().record), address)));
      },
      async changePassword(password, next) {
        const { record, version: baseVersion } = present();
        const changed = await vaultClient().call('changePassword', { record, present: password, next });
        const { version } = expectData(await changePassword({ baseVersion, ...changed }));
        onStored({ ...present(), record: changed.record, version });
      },
      makePhrase: (password) => vaultClient().call('renewPhrase', { record: present().record, password }),
      async savePhrase({ record, proof, recoverySecret }) {
        const { version: baseVersion } = present();
        const { version } = expectData(await renewPhrase({ baseVersion, record, proof, recoverySecret }));
        onStored({ ...present(), record, version, recoverable: true });
      },
    };
  }, [stored, onStored]);
}
