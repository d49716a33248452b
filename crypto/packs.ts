import { openBytes, sealBytes } from './aead.ts';
import { fromBase64Url, fromUtf8, randomBytes, toBase64Url, utf8, wipe } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { deriveKey, sha256Hex } from './derive.ts';

/** 16 random bytes, base64url: without it nobody finds the packs of a commitment by trying numbers. */
export const newPacksSalt = (): string => toBase64Url(randomBytes(16));

/**
 * Hex SHA-256 over salt, dispense and the packs' identifiers in any order: all that a care channel holds of which packs were
 * dispensed. Salt and identifiers stand in the encrypted dispense, which opens it.
 */
export const packsHashOf = (dispenseId: string, salt: string, packs: readonly string[]): string =>
  sha256Hex(utf8(canonicalJson({ purpose: 'medloom/dispense/packs/v1', dispenseId, salt, packs: [...packs].sort() })));

const planKeyOf = (seed: Uint8Array) => deriveKey(seed, 'medloom/dispense/resume/v1');
const planContext = (dispenseId: string, pharmacistId: string) => utf8(canonicalJson({ dispenseId, pharmacistId }));

/**
 * Seals what a pharmacist needs to carry a dispense of packs on, under a key that only the pharmacist's own seed gives: whoever
 * keeps it can neither read it nor put another plan in its place, to be signed unseen.
 */
export async function sealDispensing(
  seed: Uint8Array,
  dispenseId: string,
  pharmacistId: string,
  plan: string,
): Promise<string> {
  const key = planKeyOf(seed);
  const sealed = await sealBytes(key, utf8(plan), planContext(dispenseId, pharmacistId));
  wipe(key);
  return toBase64Url(sealed);
}

/** Throws `WRAP_REFUSED` for another pharmacist or dispense, or any changed byte. */
export async function openDispensing(
  seed: Uint8Array,
  dispenseId: string,
  pharmacistId: string,
  packet: string,
): Promise<string> {
  const key = planKeyOf(seed);
  try {
    const context = planContext(dispenseId, pharmacistId);
    return fromUtf8(await openBytes(key, fromBase64Url(packet), context, 'WRAP_REFUSED'));
  } finally {
    wipe(key);
  }
}
