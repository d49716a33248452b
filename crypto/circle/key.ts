import { type Bytes, concat, copyBytes, utf8 } from '../bytes.ts';
import { requireLength, sha256Hex } from '../derive.ts';
import { CryptoError } from '../errors.ts';

/** Label of the exporter (RFC 9420, section 8.5) from which an epoch's key for telemetry comes. */
export const exporterLabel = 'medloom/telemetry';
export const circleKeyLength = 32;

/** Hex; stands on the ledger with the commit, so that nobody can be given another key for the epoch. */
export const keyCommitmentOf = (key: Uint8Array): string =>
  sha256Hex(concat(utf8('medloom/circle/key/v1'), requireLength(key, circleKeyLength, 'circle key')));

/** Throws `CIRCLE_KEY` unless the key is the committed one. */
export function requireCommitted(key: Uint8Array, keyCommitment: string): Bytes {
  if (key.length !== circleKeyLength || keyCommitmentOf(key) !== keyCommitment) {
    throw new CryptoError('CIRCLE_KEY', 'not the committed key');
  }
  return copyBytes(key);
}
