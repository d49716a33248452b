import { type Bytes, concat, utf8 } from './bytes.ts';
import { deriveKey, requireLength, sha256Hex } from './derive.ts';

/** The key that a pharmacy shows the ledger. It tells nothing about the access code or the releasing key. */
export const redeemKeyOf = (code: Uint8Array): Bytes =>
  deriveKey(requireLength(code, 16, 'access code'), 'medloom/prescription/redeem/v1');

/** Hex SHA-256 of the redeeming key: all that the ledger holds about the access code. */
export const redeemHashOf = (code: Uint8Array): string => sha256Hex(redeemKeyOf(code));

/** The key that wraps the data key; it needs both the access code and the share that the ledger releases. */
export function releaseKeyOf(code: Uint8Array, releaseShare: Uint8Array, prescriptionId: string): Bytes {
  const secret = concat(requireLength(code, 16, 'access code'), requireLength(releaseShare, 32, 'release share'));
  return deriveKey(secret, 'medloom/prescription/release/v1', { salt: utf8(prescriptionId) });
}
