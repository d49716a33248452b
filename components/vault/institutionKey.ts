import type { InstitutionReading } from '#chaincode/model/registry.ts';
import { openBytes, sealBytes } from '#crypto/aead.ts';
import { type Bytes, fromBase64Url, toBase64Url, utf8, wipe } from '#crypto/bytes.ts';
import { canonicalJson } from '#crypto/canonicalJson.ts';
import { deriveKey } from '#crypto/derive.ts';
import { CryptoError } from '#crypto/errors.ts';
import { type Reader, readingKeyHash } from '#crypto/reader.ts';
import { createReadingKey, unwrapWith, type WrapContext, wrapFor } from '#crypto/wrap.ts';

/** The reading key of an institution: a seed that its staff hold together, one generation after the other. */

const contextOf = (institution: string, generation: number, reader: string): WrapContext => ({
  purpose: 'medloom/institution/seed/v1',
  id: `${institution}/${generation}`,
  reader,
});

/** Wraps a generation's seed for a member of staff, base64url. */
export const wrapInstitutionSeed = (
  institution: string,
  generation: number,
  seed: Uint8Array,
  reader: Reader,
): Promise<string> => wrapFor(reader.readingKey, contextOf(institution, generation, reader.id), seed);

/** The seed of a generation, with the member's own. Throws `WRAP_REFUSED`, `SEED_FOREIGN`. */
export async function unwrapInstitutionSeed(
  own: Uint8Array,
  institution: string,
  reader: string,
  { generation, readingKey }: Pick<InstitutionReading, 'generation' | 'readingKey'>,
  wrap: string,
): Promise<Bytes> {
  const seed = await unwrapWith(own, contextOf(institution, generation, reader), wrap);
  if (seed.length !== 32 || (await createReadingKey(seed)).publicKey !== readingKey) {
    throw new CryptoError('SEED_FOREIGN', institution);
  }
  return seed;
}

const ladderKey = (seed: Uint8Array) => deriveKey(seed, 'medloom/institution/ladder/v1');
const ladderContext = (institution: string, generation: number) =>
  utf8(canonicalJson({ purpose: 'medloom/institution/ladder/v1', institution, generation }));

/** The seed of the generation before under a key of this one, base64url. */
export async function makeInstitutionLadder(
  institution: string,
  next: { generation: number; seed: Uint8Array },
  before: Uint8Array,
): Promise<string> {
  const key = ladderKey(next.seed);
  const sealed = await sealBytes(key, before, ladderContext(institution, next.generation));
  wipe(key);
  return toBase64Url(sealed);
}

/**
 * The seed of the generation before, with the hash of its public key; undefined for the first. It is found again by that
 * hash, which stands in what was wrapped for it, so that a wrong one opens nothing. Throws `WRAP_REFUSED`.
 */
export async function formerInstitutionSeed(
  institution: string,
  { generation, ladder }: Pick<InstitutionReading, 'generation' | 'ladder'>,
  seed: Uint8Array,
): Promise<{ keyHash: string; seed: Bytes } | undefined> {
  if (ladder === undefined) return undefined;
  const key = ladderKey(seed);
  const former = await openBytes(key, fromBase64Url(ladder), ladderContext(institution, generation), 'WRAP_REFUSED');
  wipe(key);
  return { keyHash: readingKeyHash((await createReadingKey(former)).publicKey), seed: former };
}
