'use client';

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Assertion } from '#chaincode/model/secondFactor.ts';
import { parseVaultRecord } from '#crypto/vault.ts';
import { t } from '#messages/en.ts';
import { reloadVault } from '#server/people/actions.ts';
import type { Actor, VaultState } from '#server/people/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { vaultClient } from './client.ts';
import { expectData, VaultError } from './errors.ts';
import type { OpenedVault, Unlocking, VaultOwner } from './openVault.ts';
import { askPasskeyOutput } from './passkey.ts';
import { sessionMarker } from './sessionStore.ts';
import { useNewestVault } from './useNewestVault.ts';
import { usePinnedRoots } from './usePinnedRoots.ts';
import { useVaultLocks, type VaultLocks } from './useVaultLocks.ts';
import { signLockMessage } from './walletSignature.ts';

export interface Vault {
  /** `none` for a person without keys. */
  state: 'none' | 'opening' | 'locked' | 'open';
  /** What the page may know of the open vault. */
  opened: OpenedVault | null;
  /** Each throws an error with a code (`VAULT_REFUSED`, `PHRASE_…`, `VAULT_LOCK_MISSING` …). */
  unlock(password: string): Promise<void>;
  unlockWithPhrase(phrase: string): Promise<void>;
  /** By a wallet of this browser that was made a way to open the vault. Throws `WALLET_NONE`, `WALLET_OTHER`, `REJECTED`. */
  unlockWithWallet(): Promise<void>;
  /** By a passkey that was made a way to open the vault. Throws `PASSKEY_DECLINED`, `PASSKEY_NO_PRF`. */
  unlockWithPasskey(): Promise<void>;
  /** Credential ids of the passkeys that open the vault. */
  passkeys: string[];
  /** Addresses, lower case, of the wallets that open the vault besides password and phrase. */
  wallets: string[];
  /** Whether the recovery phrase can also replace a forgotten password. */
  recoverable: boolean;
  locks: VaultLocks;
  /** JSON of the stored `VaultRecord`; null for a person without keys. */
  record: string | null;
  /** The signing PIN's word for an intent. Throws `PIN_WRONG`, `PIN_MISSING`, `VAULT_LOCKED`. */
  confirmByPin(intent: TransactionIntent, pin: string): Promise<Assertion>;
  /** Takes up what is stored now, certificate included; an open vault stays open where its key still opens it. */
  reload(): Promise<void>;
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
  const [saved, setSaved] = useState(vault);
  // What the server shows after a navigation may be newer, or older, than what was saved here.
  const stored = vault === null || saved === null || vault.version > saved.version ? vault : saved;
  const locks = useVaultLocks(stored, setSaved);
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

  const adopt = useCallback(
    async (next: VaultState) => {
      setSaved(next);
      const { certificatePem, record } = next;
      try {
        const owner = { personId, subjectId, mspId, certificatePem, record };
        show(await vaultClient().call('refresh', { owner, marker: sessionMarker() }));
      } catch {
        // Locked anyway, or opened by other keys now: the person opens it as usual.
        await vaultClient().call('lock', undefined);
      }
    },
    [personId, subjectId, mspId, show],
  );
  const onNewer = useCallback(
    (next: VaultState) => void adopt(next).then(() => toast.info(t.keys.changedElsewhere)),
    [adopt],
  );
  const onSignedOut = useCallback(() => {
    const leave = () => window.location.assign('/sign-in?ended');
    void vaultClient().call('lock', undefined).then(leave, leave);
  }, []);
  useNewestVault(stored, onNewer, onSignedOut);
  usePinnedRoots(opened, stored, setSaved, setOpened);

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

  const { wallets, passkeys } = useMemo(() => openersOf(stored), [stored]);
  const value = useMemo<Vault>(
    () => ({
      state,
      opened,
      wallets,
      passkeys,
      locks,
      record: stored?.record ?? null,
      recoverable: stored?.recoverable === true,
      unlock: (password) => open({ kind: 'password', password }),
      unlockWithPhrase: (phrase) => open({ kind: 'recovery', phrase }),
      async unlockWithWallet() {
        const { address, signatures } = await signLockMessage(wallets, 1);
        await open({ kind: 'wallet', address, signature: signatures[0] ?? '' });
      },
      async unlockWithPasskey() {
        await open({ kind: 'passkey', ...(await askPasskeyOutput(passkeys)) });
      },
      confirmByPin(intent, pin) {
        if (stored === null) throw new VaultError('NOT_ENROLLED', 'You have no keys yet.');
        const { origin } = window.location;
        return vaultClient().call('confirmByPin', { record: stored.record, intent, pin, origin });
      },
      reload: async () => adopt(expectData(await reloadVault(undefined))),
      lock: () => vaultClient().call('lock', undefined),
    }),
    [state, opened, open, adopt, stored, wallets, passkeys, locks],
  );

  return <VaultContext value={value}>{children}</VaultContext>;
}

/** What opens the vault besides password and phrase. */
function openersOf(stored: VaultState | null): { wallets: string[]; passkeys: string[] } {
  const locks = stored === null ? [] : parseVaultRecord(stored.record).locks;
  return {
    wallets: locks.flatMap((lock) => (lock.kind === 'wallet' ? [lock.address] : [])),
    passkeys: locks.flatMap((lock) => (lock.kind === 'passkey' ? [lock.credentialId] : [])),
  };
}
