import { secp256k1 } from '@noble/curves/secp256k1.js';
import { type Bytes, wipe } from '../bytes.ts';
import { deriveKey } from '../derive.ts';
import { addressOf, type HexAddress } from '../token.ts';

/**
 * The secp256k1 key from which a member pays bills of one policy: an address that holds no prescription and signs nothing else, so that on
 * Ethereum nothing joins the two. All payments of one policy come from it. `vaultSeed`: as of `memberKeys`.
 */
export function paymentKeyOf(vaultSeed: Uint8Array, policy: string): Bytes {
  for (let attempt = 0; ; attempt += 1) {
    const key = deriveKey(vaultSeed, `medloom/claims/payment/v1/${policy}/${attempt}`);
    // All but one of 2^128 are keys.
    if (secp256k1.utils.isValidSecretKey(key)) return key;
  }
}

export function paymentAddressOf(vaultSeed: Uint8Array, policy: string): HexAddress {
  const key = paymentKeyOf(vaultSeed, policy);
  const address = addressOf(key);
  wipe(key);
  return address;
}
