import type { Category } from '#chaincode/model/category.ts';
import { openBytes, sealBytes } from './aead.ts';
import { type Bytes, copyBytes, fromBase64Url, randomBytes, toBase64Url, utf8, wipe } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { deriveKey, requireLength } from './derive.ts';
import { CryptoError } from './errors.ts';
import { createReadingKey, type RecipientKey, unwrapWith, type WrapContext, wrapFor } from './wrap.ts';

/** One epoch of one category of a patient's record. */
export interface EpochOf {
  patient: string;
  category: Category;
  epoch: number;
}
/** The name of an epoch in every wrap that is about it. */
export const epochName = ({ patient, category, epoch }: EpochOf) => `${patient}/${category}/${epoch}`;

/** The key pair of an epoch: X-Wing, of which the seed is the secret half. */
export interface CategoryKey extends EpochOf {
  /** 32 bytes; secret. */
  seed: Bytes;
  /** base64url */
  publicKey: string;
}

/** A fresh key pair for an epoch. */
export async function createCategoryKey(of: EpochOf): Promise<CategoryKey> {
  return { ...epochOf(of), ...(await createReadingKey(randomBytes(32))) };
}

/** The key pair of an epoch from its seed. Throws `SEED_FOREIGN` unless it is that of the public key on the ledger. */
export async function categoryKeyOf(of: EpochOf, seed: Uint8Array, publicKey: string): Promise<CategoryKey> {
  if (seed.length !== 32) throw new CryptoError('SEED_FOREIGN', epochName(of));
  const key = await createReadingKey(seed);
  if (key.publicKey !== publicKey) throw new CryptoError('SEED_FOREIGN', epochName(of));
  return { ...epochOf(of), ...key };
}

/**
 * The seed of one epoch under a key of the next, base64url, so that whoever reads now reads before: the ledger keeps it beside
 * the next epoch's public key.
 */
export async function makeLadder(next: CategoryKey, before: CategoryKey): Promise<string> {
  const key = ladderKey(next.seed);
  const sealed = await sealBytes(key, before.seed, ladderContext(next));
  wipe(key);
  return toBase64Url(sealed);
}

/** The key of the epoch before, whose public key the ledger has. Throws `WRAP_REFUSED`, `SEED_FOREIGN`. */
export async function climbDown(
  key: CategoryKey,
  ladder: string,
  before: { epoch: number; publicKey: string },
): Promise<CategoryKey> {
  const opening = ladderKey(key.seed);
  const seed = await openBytes(opening, fromBase64Url(ladder), ladderContext(key), 'WRAP_REFUSED');
  wipe(opening);
  return categoryKeyOf({ ...epochOf(key), epoch: before.epoch }, seed, before.publicKey);
}

const ladderKey = (seed: Uint8Array) => deriveKey(seed, 'medloom/record/ladder/v1');
const ladderContext = (of: EpochOf) => utf8(canonicalJson({ purpose: 'medloom/record/ladder/v1', of: epochName(of) }));
const epochOf = ({ patient, category, epoch }: EpochOf): EpochOf => ({ patient, category, epoch });

const seedContext = (of: EpochOf, reader: string): WrapContext => ({
  purpose: 'medloom/record/seed/v1',
  id: epochName(of),
  reader,
});

/** Wraps an epoch's seed for a reader of ledger id `reader`, base64url. */
export const wrapSeed = (key: CategoryKey, reader: { id: string; readingKey: string }): Promise<string> =>
  wrapFor(reader.readingKey, seedContext(key, reader.id), key.seed);

/** Opens a wrapped seed with the reader's own, or the key pair of that. Throws `WRAP_REFUSED`, `SEED_FOREIGN`. */
export async function unwrapSeed(
  opener: Uint8Array | RecipientKey,
  of: EpochOf,
  reader: string,
  given: { wrap: string; publicKey: string },
): Promise<CategoryKey> {
  const seed = await unwrapWith(opener, seedContext(of, reader), given.wrap);
  return categoryKeyOf(of, seed, given.publicKey);
}

const dataKeyContext = (of: EpochOf, documentId: string): WrapContext => ({
  purpose: 'medloom/record/data-key/v1',
  id: documentId,
  reader: epochName(of),
});

/** Wraps a document's data key for whoever holds the epoch's seed: anybody who has its public key may. */
export const wrapDataKey = (
  of: EpochOf & { publicKey: string },
  documentId: string,
  dataKey: Uint8Array,
): Promise<string> => wrapFor(of.publicKey, dataKeyContext(of, documentId), requireLength(dataKey, 32, 'data key'));

/** A document's data key. Throws `WRAP_REFUSED`. */
export async function unwrapDataKey(key: CategoryKey, documentId: string, wrap: string): Promise<Bytes> {
  const dataKey = await unwrapWith(key.seed, dataKeyContext(key, documentId), wrap);
  if (dataKey.length !== 32) throw new CryptoError('WRAP_REFUSED', 'length');
  return copyBytes(dataKey);
}
