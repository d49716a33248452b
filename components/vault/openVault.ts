import { type Bytes, fromBase64Url, fromHex, wipe } from '#crypto/bytes.ts';
import type { Holder, Root } from '#crypto/certificate.ts';
import { certificateKeyHash, requireOwnCertificate } from '#crypto/certificateRequest.ts';
import type { CheckedProposal } from '#crypto/fabric/proposal.ts';
import { passkeyLockKey } from '#crypto/passkey.ts';
import { derivePassword } from '#crypto/password.ts';
import { recoveryKeyOf } from '#crypto/recovery.ts';
import { completeRotation } from '#crypto/rotation.ts';
import { importSigningKey, type SigningKey } from '#crypto/signingKey.ts';
import { addressOf, type HexAddress } from '#crypto/token.ts';
import {
  findLock,
  openContents,
  openLock,
  parseVaultRecord,
  replaceContents,
  type VaultLock,
  type VaultRecord,
  walletLockKey,
} from '#crypto/vault.ts';
import type { VaultContents } from '#crypto/vaultContents.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { type CircleState, emptyCircles, wipeCircles } from './circleState.ts';
import { VaultError } from './errors.ts';
import { emptyRecords, type RecordState, wipeRecords } from './recordState.ts';

/** Whose vault it is, as the server says; the certificate is checked against the key. */
export interface VaultOwner {
  personId: string;
  /** `prac-…` or `pt-…`: the reader for whom keys are wrapped. */
  subjectId: string;
  mspId: string;
  certificatePem: string;
  /** JSON of the `VaultRecord`. */
  record: string;
}

export type Unlocking =
  | { kind: 'password'; password: string }
  | { kind: 'recovery'; phrase: string }
  /** 0x and 130 hex digits: the signature of `walletLockMessage(address)`. */
  | { kind: 'wallet'; address: string; signature: string }
  /** 32 bytes: what the PRF of this passkey gave. */
  | { kind: 'passkey'; credentialId: string; output: Uint8Array };

/** What the page may know of an open vault. */
export interface OpenedVault {
  /** Address of the built-in wallet. */
  wallet: HexAddress;
  readingKey: string;
  /** Whether the vault has pinned authorities; until then it trusts nobody's key and no statement. */
  pinned: boolean;
}

/** What is known of a prescription that was opened; the code only where it was read, or came with a transfer. */
export interface OpenedContent {
  dataKey: Bytes;
  request: MedicationRequest;
  document: Bytes;
  code?: Bytes;
}

/** Everything of an open vault; never leaves the worker. */
export interface OpenState {
  owner: VaultOwner;
  vaultKey: Bytes;
  /** Non-extractable. */
  signing: SigningKey;
  readingSeed: Bytes;
  /** Seeds of reading keys from before, newest first. */
  formerSeeds: Bytes[];
  readingKey: string;
  /** Authorities from which every certificate must come. */
  roots: Root[];
  /** Certificates that were followed to one of them since, by their PEM. */
  holders: Map<string, Holder>;
  walletKey: Bytes;
  wallet: HexAddress;
  /** Data keys and contents of prescriptions opened since, by id. */
  prescriptions: Map<string, OpenedContent>;
  /** Access codes read since, by the hash of their redeeming key. */
  codes: Map<string, Bytes>;
  /** Proposals signed and waiting for their transaction, by saga. */
  proposals: Map<string, CheckedProposal>;
  records: RecordState;
  circles: CircleState;
}

/** Opens the lock that fits and gives the vault key. */
export async function unlockVaultKey(record: VaultRecord, unlocking: Unlocking): Promise<Bytes> {
  const lock = findLock(record, unlocking.kind, nameOf(unlocking));
  const key = await wrappingKeyOf(lock, unlocking);
  try {
    return await openLock(lock, key);
  } finally {
    wipe(key);
  }
}

/** Which of several locks of a kind it is. */
function nameOf(unlocking: Unlocking): string | undefined {
  if (unlocking.kind === 'wallet') return unlocking.address;
  return unlocking.kind === 'passkey' ? unlocking.credentialId : undefined;
}

async function wrappingKeyOf(lock: VaultLock, unlocking: Unlocking): Promise<Bytes> {
  if (unlocking.kind === 'password' && lock.kind === 'password') {
    const { wrappingKey } = await derivePassword(unlocking.password, fromBase64Url(lock.salt), lock);
    return wrappingKey;
  }
  if (unlocking.kind === 'recovery') return recoveryKeyOf(unlocking.phrase);
  if (unlocking.kind === 'passkey') return passkeyLockKey(unlocking.output);
  return walletLockKey(
    unlocking.kind === 'wallet' ? fromHex(unlocking.signature.replace(/^0x/, '')) : new Uint8Array(),
  );
}

/** Opens the contents and imports the keys for use. Throws `VAULT_REFUSED`, `CERTIFICATE_FOREIGN`. */
export async function openState(owner: VaultOwner, vaultKey: Bytes): Promise<OpenState> {
  const record = parseVaultRecord(owner.record);
  const { contents, signing } = await keysInUse(await openContents(record, vaultKey), owner.certificatePem);
  requireOwnCertificate(owner.certificatePem, signing.hash);
  const { publicKey } = await createReadingKey(contents.readingSeed);
  return {
    owner,
    vaultKey,
    signing,
    readingSeed: contents.readingSeed,
    formerSeeds: contents.formerSeeds,
    readingKey: publicKey,
    roots: contents.roots,
    holders: new Map(),
    walletKey: contents.walletKey,
    wallet: addressOf(contents.walletKey),
    prescriptions: new Map(),
    codes: new Map(),
    proposals: new Map(),
    records: emptyRecords(),
    circles: emptyCircles(),
  };
}

/**
 * The present keys, or those that wait where the certificate is theirs already: then the ledger has taken them, and the
 * vault was not brought in line before the browser went away.
 */
async function keysInUse(contents: VaultContents, certificatePem: string) {
  const present = await importSigningKey(contents.signingKey);
  const { pending } = contents;
  wipe(contents.signingKey);
  if (pending === undefined) return { contents, signing: present };
  const next = await importSigningKey(pending.signingKey);
  wipe(pending.signingKey);
  if (certificateKeyHash(certificatePem) === next.hash) return { contents: completeRotation(contents), signing: next };
  wipe(pending.readingSeed);
  return { contents, signing: present };
}

/** Opens the contents of a record of this vault for as long as `use` needs them. Throws `VAULT_REFUSED`. */
export async function withContents<T>(
  { vaultKey }: OpenState,
  record: string,
  use: (contents: VaultContents) => Promise<T>,
): Promise<T> {
  const contents = await openContents(parseVaultRecord(record), vaultKey);
  try {
    return await use(contents);
  } finally {
    const { signingKey, readingSeed, walletKey, formerSeeds, pending } = contents;
    wipe(signingKey, readingSeed, walletKey, ...formerSeeds);
    if (pending !== undefined) wipe(pending.signingKey, pending.readingSeed);
  }
}

/** The record, JSON, with other contents. */
export const changeContents = (
  state: OpenState,
  record: string,
  next: (contents: VaultContents) => Promise<VaultContents>,
): Promise<string> =>
  withContents(state, record, async (contents) =>
    JSON.stringify(await replaceContents(parseVaultRecord(record), state.vaultKey, await next(contents))),
  );

/** Opens what was wrapped for the person: with the present reading key, or one from before. Throws `WRAP_REFUSED`. */
export async function bySeed<T>(
  { readingSeed, formerSeeds }: OpenState,
  open: (seed: Bytes) => Promise<T>,
): Promise<T> {
  let refusal: unknown;
  for (const seed of [readingSeed, ...formerSeeds]) {
    try {
      return await open(seed);
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
}

/**
 * Opens what was wrapped for the person's institution, whichever generation of its key it was wrapped for. Throws `INSTITUTION_LOCKED`
 * where the institution's key is not open, and what opening throws.
 */
export async function byInstitutionSeed<T>({ records }: OpenState, open: (seed: Bytes) => Promise<T>): Promise<T> {
  let refusal: unknown = new VaultError('INSTITUTION_LOCKED', 'Your institution has not shared its key with you.');
  for (const seed of records.institutionSeeds.values()) {
    try {
      return await open(seed);
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** Overwrites every secret that can be overwritten; the signing key is the browser's and goes with its last reference. */
export function wipeState(state: OpenState): void {
  wipe(state.vaultKey, state.readingSeed, ...state.formerSeeds, state.walletKey, ...state.codes.values());
  for (const { dataKey, code } of state.prescriptions.values()) wipe(dataKey, ...(code ? [code] : []));
  state.prescriptions.clear();
  state.codes.clear();
  state.proposals.clear();
  wipeRecords(state.records);
  wipeCircles(state.circles);
}

export const describeVault = (state: OpenState): OpenedVault => ({
  wallet: state.wallet,
  readingKey: state.readingKey,
  pinned: state.roots.length > 0,
});
