import { type Bytes, fromUtf8, randomBytes, toBase64Url, utf8 } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { sha256Hex } from './derive.ts';
import type { Reader } from './reader.ts';
import { unwrapWith, type WrapContext, wrapFor } from './wrap.ts';

/** 16 random bytes, base64url: without it nobody finds the packs of a commitment by trying numbers. */
export const newPacksSalt = (): string => toBase64Url(randomBytes(16));

/**
 * Hex SHA-256 over salt, dispense and the packs' identifiers in any order: all that a care channel holds of which packs were
 * dispensed. Salt and identifiers stand in the encrypted dispense, which opens it.
 */
export const packsHashOf = (dispenseId: string, salt: string, packs: readonly string[]): string =>
  sha256Hex(utf8(canonicalJson({ purpose: 'medloom/dispense/packs/v1', dispenseId, salt, packs: [...packs].sort() })));

const resumeContext = (id: string, reader: string): WrapContext => ({
  purpose: 'medloom/dispense/resume/v1',
  id,
  reader,
});

/** Seals what a pharmacist needs to carry a dispense of packs on, for that pharmacist alone. */
export const sealDispensing = (dispenseId: string, pharmacist: Reader, plan: string): Promise<string> =>
  wrapFor(pharmacist.readingKey, resumeContext(dispenseId, pharmacist.id), utf8(plan));

/** Throws `WRAP_REFUSED` for another pharmacist or dispense. */
export async function openDispensing(
  seed: Bytes,
  dispenseId: string,
  pharmacistId: string,
  packet: string,
): Promise<string> {
  return fromUtf8(await unwrapWith(seed, resumeContext(dispenseId, pharmacistId), packet));
}
