import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Bytes } from './bytes.ts';
import { fromHex } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { addressOfPublicKey, type HexAddress } from './token.ts';

/**
 * Address, in lower case, that made a signature (hex of 65 bytes: r, s, v) over a digest, in the one form that contracts take. Throws
 * `SIGNATURE_FOREIGN` for what is no signature, another `v` than 27 and 28, and the malleable upper half of `s` (EIP-2).
 */
export function signerOf(digest: Bytes, signature: string): HexAddress {
  const bytes = fromHex(signature.slice(2));
  const recovery = (bytes[64] ?? 0) - 27;
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.slice(0, 64), 'compact');
    if (parsed.hasHighS() || (recovery !== 0 && recovery !== 1)) throw new CryptoError('SIGNATURE_FOREIGN', 'form');
    return addressOfPublicKey(parsed.addRecoveryBit(recovery).recoverPublicKey(digest).toBytes(true));
  } catch (cause) {
    throw cause instanceof CryptoError ? cause : new CryptoError('SIGNATURE_FOREIGN', 'notary', { cause });
  }
}
