import { regulatorMsp } from '#chaincode/model/registry.ts';
import { checkCertificate, type Holder } from '#crypto/certificate.ts';
import { CryptoError } from '#crypto/errors.ts';
import { type ClaimedReader, checkReader, type Reader } from '#crypto/reader.ts';
import { requireSigned } from '#crypto/statement.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

/** What the vault believes of others: only what a certificate says whose chain ends in a pinned root. */

export type ClaimedInstitution = Extract<ClaimedReader, { kind: 'institution' }>;
export type ClaimedPerson = Extract<ClaimedReader, { kind: 'person' }>;

function requirePinned({ roots }: OpenState): void {
  if (roots.length === 0) throw new VaultError('ROOTS_MISSING', 'Your keys do not know yet whom to trust.');
}

/** The holder of a certificate; each is checked once. Throws `CERTIFICATE_UNTRUSTED`. */
async function holderOf(state: OpenState, pem: string): Promise<Holder> {
  const known = state.holders.get(pem);
  if (known !== undefined) return known;
  const holder = await checkCertificate(pem, state.roots);
  state.holders.set(pem, holder);
  return holder;
}

/** A reader whose key is certified. Throws `CERTIFICATE_UNTRUSTED`, `KEY_UNTRUSTED`, `SIGNATURE_FOREIGN`. */
export function trustReader(state: OpenState, claim: ClaimedReader): Promise<Reader> {
  requirePinned(state);
  return checkReader(claim, state.roots, (pem) => holderOf(state, pem));
}

/**
 * Whom a server names as the authority: an institution's key by its admin's word, and the certificate of that admin is of the
 * regulator's organisation, so that no other institution can be put in its place. Throws `KEY_UNTRUSTED` and as `trustReader`.
 */
export async function trustAuthority(state: OpenState, claim: ClaimedInstitution): Promise<Reader> {
  const reader = await trustReader(state, claim);
  const { mspId } = await holderOf(state, claim.certificatePem);
  if (mspId !== regulatorMsp) throw new CryptoError('KEY_UNTRUSTED', `${claim.id} is of ${mspId}`);
  return reader;
}

/** An institution whose key is certified, and which is the one that is meant. Throws `KEY_UNTRUSTED` and as `trustReader`. */
export async function trustInstitution(state: OpenState, claim: ClaimedInstitution, id: string): Promise<Reader> {
  if (claim.id !== id) throw new CryptoError('KEY_UNTRUSTED', `${claim.id} is not ${id}`);
  return trustReader(state, claim);
}

/**
 * An insurer's keys: the institution's by its admin's word, its adjudicators' by certificates that name the institution, so that no
 * server puts a device of somebody else among them. Throws `KEY_UNTRUSTED` and as `trustReader`.
 */
export async function trustInsurer(
  state: OpenState,
  { insurer, adjudicators }: { insurer: ClaimedInstitution; adjudicators: readonly ClaimedPerson[] },
  id: string,
): Promise<{ insurer: Reader; adjudicators: Reader[] }> {
  const devices = adjudicators.map(async (claim) => {
    const reader = await trustReader(state, claim);
    const { role, institution } = await holderOf(state, claim.certificatePem);
    const isOwn = role === 'device' && institution === id;
    if (!isOwn) throw new CryptoError('KEY_UNTRUSTED', `${claim.id} is no device of ${id}`);
    return reader;
  });
  return { insurer: await trustInstitution(state, insurer, id), adjudicators: await Promise.all(devices) };
}

/** Whose certificate it is. Throws `CERTIFICATE_UNTRUSTED`. */
export function trustHolder(state: OpenState, pem: string): Promise<Holder> {
  requirePinned(state);
  return holderOf(state, pem);
}

/** Checks statements by the certificates that the server gave; one that nobody trusts speaks for nobody. */
export interface Signers {
  /** Throws `SIGNATURE_FOREIGN` unless a key that is or was the subject's signed it. */
  require(subject: string, statement: Uint8Array, signature: string, what: string): Promise<void>;
  keysOf(subject: string): CryptoKey[];
}

/** The signers whom certificates name, present and former ones of each person; the vault's own person among them. */
export async function trustSigners(state: OpenState, certificates: readonly string[]): Promise<Signers> {
  requirePinned(state);
  const keys = new Map<string, CryptoKey[]>([[state.owner.subjectId, [state.signing.publicKey]]]);
  for (const pem of certificates) {
    // One that does not come from a root is nobody's: what it signed is refused below, by name.
    const holder = await holderOf(state, pem).catch(() => undefined);
    if (holder !== undefined) keys.set(holder.subject, [...(keys.get(holder.subject) ?? []), holder.publicKey]);
  }
  const keysOf = (subject: string) => keys.get(subject) ?? [];
  return {
    keysOf,
    require: (subject, statement, signature, what) => requireSigned(keysOf(subject), statement, signature, what),
  };
}
