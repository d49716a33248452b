import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { type Bytes, copyBytes, toHex, utf8 } from './bytes.ts';
import { CryptoError } from './errors.ts';

/** SHA-256, synchronous, the same in Node and in browsers. */
export const sha256 = (bytes: Uint8Array): Bytes => copyBytes(nobleSha256(bytes));

export const sha256Hex = (bytes: Uint8Array): string => toHex(sha256(bytes));

/** HKDF-SHA-256 (RFC 5869). `info` names the one purpose of the derived key. */
export function deriveKey(
  secret: Uint8Array,
  info: string,
  options: { salt?: Uint8Array; length?: number } = {},
): Bytes {
  return copyBytes(hkdf(nobleSha256, secret, options.salt ?? new Uint8Array(), utf8(info), options.length ?? 32));
}

/** HKDF-SHA-256 without salt, where `info` is more than a name. */
export const deriveBytes = (secret: Uint8Array, info: Uint8Array, length: number): Bytes =>
  copyBytes(hkdf(nobleSha256, secret, new Uint8Array(), info, length));

/** Throws `KEY_LENGTH` unless `bytes` has exactly `length` bytes. */
export function requireLength(bytes: Uint8Array, length: number, what: string): Bytes {
  if (bytes.length !== length) throw new CryptoError('KEY_LENGTH', `${what}: ${bytes.length} bytes, not ${length}`);
  return copyBytes(bytes);
}
