'use client';

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { connectInjected } from '#components/session/injectedWallet.ts';
import { isRejection } from '#components/ui/errors.ts';
import { walletLockMessage } from '#crypto/vault.ts';
import { saveVault } from '#server/people/actions.ts';
import type { Actor, VaultState } from '#server/people/schema.ts';
import { vaultClient } from './client.ts';
import { expectData, VaultError } from './errors.ts';
import type { OpenedVault, Unlocking, VaultOwner } from './openVault.ts';
import { sessionMarker } from './sessionStore.ts';

/** A wallet that can sign a text: the injected one. */
export interface TextSigner {
  address: string;
  sign(message: string): Promise<string>;
}

export interface Vault {
  /** `none` for a person without keys. */
  state: 'none' | 'opening' | 'locked' | 'open';
  /** What the page may know of the open vault. */
  opened: OpenedVault | null;
  /** Each throws an error with a code (`VAULT_REFUSED`, `PHRASE_…`, `VAULT_LOCK_MISSING` …). */
  unlock(password: string): Promise<void>;
  unlockWithPhrase(phrase: string): Promise<void>;
  /** By the given wallet, else by the one that this browser has. Throws `WALLET_NONE`, `REJECTED`. */
  unlockWithWallet(wallet?: TextSigner): Promise<void>;
  /** Makes a wallet a way to open the vault; it signs twice, once more for the check. */
  addWallet(wallet?: TextSigner): Promise<void>;
  /** Wipes the keys in all tabs and what this browser session kept. */
  lock(): Promise<void>;
}

const VaultContext = createContext<Vault | null>(null);

/** The vault of the signed-in person. */
export function useVault(): Vault {
  const vault = useContext(VaultContext);
  if (vault === null) throw new Error('useVault outside of VaultProvider');
  return vault;
}

export interface VaultPerson extends Pick<Actor, 'personId' | 'subjectId' | 'mspId'> {}

/**
 * Holds the state of the person's vault over client navigation. After a reload it opens again by what this browser
 * session kept; it locks after 15 idle minutes, by `lock`, and when another tab locks.
 */
export function VaultProvider({
  person,
  vault,
  children,
}: {
  person: VaultPerson;
  /** Null for a person without keys. */
  vault: VaultState | null;
  children: ReactNode;
}) {
  const [state, setState] = useState<Vault['state']>(vault === null ? 'none' : 'opening');
  const [opened, setOpened] = useState<OpenedVault | null>(null);
  const [stored, setStored] = useState(vault);
  const { personId, subjectId, mspId } = person;
  const owner = useMemo<VaultOwner | null>(
    () => stored && { personId, subjectId, mspId, certificatePem: stored.certificatePem, record: stored.record },
    [personId, subjectId, mspId, stored],
  );

  const show = useCallback((next: OpenedVault | null) => {
    setOpened(next);
    setState(next === null ? 'locked' : 'open');
  }, []);

  // Only whose vault it is matters here: a new record of the same person leaves an open vault open.
  useEffect(() => {
    if (owner === null) return;
    let current = true;
    const stop = vaultClient().onLocked(() => current && show(null));
    vaultClient()
      .call('resume', { owner, marker: sessionMarker() })
      .then((resumed) => current && show(resumed))
      .catch(() => current && show(null));
    return () => {
      current = false;
      stop();
    };
  }, [personId, show]);

  const open = useCallback(
    async (unlocking: Unlocking) => {
      if (owner === null) throw new VaultError('NOT_ENROLLED', 'You have no keys yet.');
      setState('opening');
      try {
        show(await vaultClient().call('open', { owner, marker: sessionMarker(), unlocking }));
      } catch (error) {
        show(null);
        throw error;
      }
    },
    [owner, show],
  );

  const value = useMemo<Vault>(
    () => ({
      state,
      opened,
      unlock: (password) => open({ kind: 'password', password }),
      unlockWithPhrase: (phrase) => open({ kind: 'recovery', phrase }),
      async unlockWithWallet(wallet) {
        const { address, signatures } = await signLockMessage(wallet, 1);
        await open({ kind: 'wallet', address, signature: signatures[0] ?? '' });
      },
      async addWallet(wallet) {
        if (stored === null) throw new VaultError('NOT_ENROLLED', 'You have no keys yet.');
        const { address, signatures } = await signLockMessage(wallet, 2);
        const { record } = await vaultClient().call('addWalletLock', { address, signatures });
        const { version } = expectData(await saveVault({ baseVersion: stored.version, record }));
        setStored({ ...stored, record, version });
      },
      lock: () => vaultClient().call('lock', undefined),
    }),
    [state, opened, open, stored],
  );

  return <VaultContext value={value}>{children}</VaultContext>;
}

/** Has the wallet sign the text that opens the vault, as often as asked. */
async function signLockMessage(given: TextSigner | undefined, times: number) {
  try {
    const wallet = given ?? (await connectInjected());
    if (wallet === null) throw new VaultError('WALLET_NONE', 'There is no wallet in this browser.');
    const message = walletLockMessage(wallet.address);
    const signatures: string[] = [];
    while (signatures.length < times) signatures.push(await wallet.sign(message));
    return { address: wallet.address, signatures };
  } catch (error) {
    if (isRejection(error))
      throw new VaultError('REJECTED', 'The signature was declined in the wallet.', { cause: error });
    throw error;
  }
}
