import { combine, split } from 'shamir-secret-sharing';
import { type Bytes, copyBytes, wipe } from './bytes.ts';
import { type CategoryKey, categoryKeyOf, type EpochOf, epochName } from './categoryKey.ts';
import { CryptoError } from './errors.ts';
import { unwrapWith, type WrapContext, wrapFor } from './wrap.ts';

/**
 * A category's seed in shares for organisations' connectors (Shamir, GF(2^8)): any two open it, one tells nothing. Shamir's
 * scheme does not know wrong shares from right ones, so what is put together is compared with the public key on the ledger.
 */
export const escrowThreshold = 2;

/** A key that receives shares or what is released of them. */
interface Receiver {
  /** MSP id of an organisation, or ledger id of the reader to whom a share is released. */
  id: string;
  readingKey: string;
}

const shareContext = (of: EpochOf, mspId: string): WrapContext => ({
  purpose: 'medloom/escrow/share/v1',
  id: epochName(of),
  reader: mspId,
});
const releaseContext = (of: EpochOf, reader: string): WrapContext => ({
  purpose: 'medloom/escrow/release/v1',
  id: epochName(of),
  reader,
});

/** Splits an epoch's seed among organisations and wraps each share, in their order. At least two are needed. */
export async function wrapShares(key: CategoryKey, organisations: readonly Receiver[]): Promise<string[]> {
  if (organisations.length < escrowThreshold) throw new CryptoError('SHARES_INSUFFICIENT', `${organisations.length}`);
  const shares = await split(key.seed, organisations.length, escrowThreshold);
  try {
    return await Promise.all(
      organisations.map(({ id, readingKey }, at) =>
        wrapFor(readingKey, shareContext(key, id), shares[at] ?? new Uint8Array()),
      ),
    );
  } finally {
    wipe(...shares);
  }
}

/** An organisation's share of an epoch's seed, 33 bytes, with the seed of its escrow key. Throws `WRAP_REFUSED`. */
export const unwrapShare = (escrowSeed: Uint8Array, of: EpochOf, mspId: string, wrap: string): Promise<Bytes> =>
  unwrapWith(escrowSeed, shareContext(of, mspId), wrap);

/** Wraps a share anew for a reader to whom the ledger releases it. */
export const wrapRelease = (of: EpochOf, share: Uint8Array, reader: Receiver): Promise<string> =>
  wrapFor(reader.readingKey, releaseContext(of, reader.id), share);

/** A released share, with the reader's own seed. Throws `WRAP_REFUSED`. */
export const unwrapRelease = (readingSeed: Uint8Array, of: EpochOf, reader: string, wrap: string): Promise<Bytes> =>
  unwrapWith(readingSeed, releaseContext(of, reader), wrap);

/**
 * Puts an epoch's key together from released shares; a wrong share among them does no harm as long as two are right. Throws
 * `SHARES_INSUFFICIENT`, `SEED_FOREIGN`.
 */
export async function combineShares(
  of: EpochOf,
  publicKey: string,
  shares: readonly Uint8Array[],
): Promise<CategoryKey> {
  if (shares.length < escrowThreshold) throw new CryptoError('SHARES_INSUFFICIENT', `${shares.length}`);
  for (const [at, one] of shares.entries()) {
    for (const other of shares.slice(at + 1)) {
      const seed = await combine([copyBytes(one), copyBytes(other)]).catch(() => undefined);
      if (seed === undefined) continue;
      try {
        return await categoryKeyOf(of, seed, publicKey);
      } catch (error) {
        if (!(error instanceof CryptoError)) throw error;
      } finally {
        wipe(seed);
      }
    }
  }
  throw new CryptoError('SEED_FOREIGN', epochName(of));
}
