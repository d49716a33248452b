import { wipe } from '#crypto/bytes.ts';
import { findLock, openLock, parseVaultRecord } from '#crypto/vault.ts';
import { billingOperations } from './billingOperations.ts';
import type { BlockSource } from './blocks.ts';
import { cardOperations } from './cardOperations.ts';
import { chartOperations } from './chartOperations.ts';
import { circleOperations } from './circleOperations.ts';
import { type CircleStore, memoryCircleStore } from './circleStore.ts';
import { claimCaseOperations } from './claimCaseOperations.ts';
import { consentOperations } from './consentOperations.ts';
import { dispenseOperations } from './dispenseOperations.ts';
import { documentOperations } from './documentOperations.ts';
import { downtimeOperations } from './downtimeOperations.ts';
import { type DowntimeStore, memoryDowntimeStore } from './downtimeStore.ts';
import { lockedError, VaultError } from './errors.ts';
import { factorOperations } from './factorOperations.ts';
import { forgetOperations } from './forgetOperations.ts';
import { institutionOperations } from './institutionOperations.ts';
import { lockOperations } from './lockOperations.ts';
import { memberOperations } from './memberOperations.ts';
import {
  describeVault,
  type OpenedVault,
  type OpenState,
  openState,
  type Unlocking,
  unlockVaultKey,
  type VaultOwner,
  wipeState,
} from './openVault.ts';
import { paymentOperations } from './paymentOperations.ts';
import { planOperations } from './planOperations.ts';
import { prescriptionOperations } from './prescriptionOperations.ts';
import { readingOperations } from './readingOperations.ts';
import { registerOperations } from './registerOperations.ts';
import { reportOperations } from './reportOperations.ts';
import { rootOperations } from './rootOperations.ts';
import { rotationOperations } from './rotationOperations.ts';
import { idleMs, type SessionStore } from './sessionStore.ts';
import { signingOperations } from './signingOperations.ts';
import { transferOperations } from './transferOperations.ts';
import { unlockOperations } from './unlockOperations.ts';
import { walletOperations } from './walletOperations.ts';

export interface KeeperOptions {
  store: SessionStore;
  /** Told when the vault locks by itself or was locked. */
  onLock?: () => void;
  /** Milliseconds without use after which the vault locks. */
  idle?: number;
  /** Where blocks of records come from; without it none can be read. */
  blocks?: BlockSource;
  /** Where blocks of circles and of readings come from; the same as those of records where it is left out. */
  circleBlocks?: BlockSource;
  /** Where this browser keeps the leaves that it is in circles; without it they are kept no longer than the page. */
  circles?: CircleStore;
  /** Where this browser keeps a pharmacy's downtime log; without it it is kept no longer than the page. */
  downtime?: DowntimeStore;
}

const noBlocks: BlockSource = async () => {
  throw new VaultError('OFFLINE', 'There is no portal to read from.');
};

/**
 * Keeps a person's keys: the inside of the vault's worker. Keys go in by `open` or `resume` and never come out; the
 * page gets signatures over what was checked here, plaintext, and what is to be shown.
 */
export function createKeeper({
  store,
  onLock,
  idle = idleMs,
  blocks = noBlocks,
  circleBlocks = blocks,
  circles = memoryCircleStore(),
  downtime = memoryDowntimeStore(),
}: KeeperOptions) {
  let state: OpenState | undefined;
  let tab = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const forget = () => {
    clearTimeout(timer);
    if (state !== undefined) wipeState(state);
    state = undefined;
  };

  const lock = async (): Promise<void> => {
    forget();
    await store.clear();
    onLock?.();
  };

  const touch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void lock(), idle);
  };

  /** The open vault; each use starts the idle time anew. Throws `VAULT_LOCKED`. */
  const opened = (): OpenState => {
    if (state === undefined) throw lockedError();
    touch();
    void store.extend(tab);
    return state;
  };

  const enter = async (next: OpenState, marker: string): Promise<OpenedVault> => {
    forget();
    state = next;
    tab = marker;
    touch();
    await store.put(marker, { kind: 'vault', personId: next.owner.personId, secret: next.vaultKey.slice() });
    return describeVault(next);
  };

  return {
    /** Opens the vault by password, phrase, wallet signature or passkey. */
    async open(input: { owner: VaultOwner; marker: string; unlocking: Unlocking }): Promise<OpenedVault> {
      const vaultKey = await unlockVaultKey(parseVaultRecord(input.owner.record), input.unlocking);
      return enter(await openState(input.owner, vaultKey), input.marker);
    },

    /** Opens the vault by what this browser session kept; null where it kept nothing that opens it. */
    async resume(input: { owner: VaultOwner; marker: string }): Promise<OpenedVault | null> {
      const entry = await store.get(input.marker);
      if (entry === null) return null;
      try {
        if (entry.kind === 'vault' && entry.personId !== input.owner.personId) throw lockedError();
        const record = parseVaultRecord(input.owner.record);
        const vaultKey =
          entry.kind === 'vault' ? entry.secret : await openLock(findLock(record, 'password'), entry.secret);
        return await enter(await openState(input.owner, vaultKey), input.marker);
      } catch {
        // Somebody else's, or of an older vault: the person unlocks as usual.
        wipe(entry.secret);
        await store.clear();
        return null;
      }
    },

    /**
     * Takes up a record, or certificate, that came into the place of what is open, for example from another browser: the
     * vault key stays. Throws `VAULT_REFUSED` where it opens this record no more; the vault then stays as it was.
     */
    async refresh(input: { owner: VaultOwner; marker: string }): Promise<OpenedVault> {
      return enter(await openState(input.owner, opened().vaultKey.slice()), input.marker);
    },

    lock,

    ...lockOperations(opened),
    ...factorOperations(opened),
    ...rotationOperations(opened),
    ...rootOperations(opened),
    ...signingOperations(opened),
    ...prescriptionOperations(opened),
    ...dispenseOperations(opened),
    ...forgetOperations(opened),
    ...unlockOperations(opened),
    ...consentOperations(opened),
    ...documentOperations(opened, blocks),
    ...chartOperations(opened, blocks),
    ...institutionOperations(opened),
    ...circleOperations(opened, circleBlocks, circles),
    ...readingOperations(opened, circleBlocks),
    ...planOperations(opened, circleBlocks),
    ...registerOperations(opened),
    ...reportOperations(opened),
    ...memberOperations(opened),
    ...cardOperations(opened),
    ...billingOperations(opened),
    ...claimCaseOperations(opened),
    ...walletOperations(opened),
    ...paymentOperations(opened),
    ...transferOperations(opened),
    ...downtimeOperations(opened, downtime),
  };
}

/** What the page can ask of the worker. */
export type VaultKeeper = ReturnType<typeof createKeeper>;
export type VaultOperation = keyof VaultKeeper;
