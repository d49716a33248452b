import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { type Bytes, concat, copyBytes, toHex, utf8 } from './bytes.ts';
import { deriveKey, requireLength, sha256 } from './derive.ts';
import { CryptoError } from './errors.ts';

export type HexAddress = `0x${string}`;

/** The token's id: Keccak-256 of the prescription id as an unsigned 256-bit number. */
export const tokenIdOf = (prescriptionId: string): bigint => BigInt(`0x${toHex(keccak_256(utf8(prescriptionId)))}`);

/** Ethereum address, in lower case, of a secp256k1 secret key. Throws `KEY_LENGTH` for what is no key. */
export function addressOf(secretKey: Uint8Array): HexAddress {
  if (!secp256k1.utils.isValidSecretKey(secretKey)) throw new CryptoError('KEY_LENGTH', 'secp256k1 key');
  return addressOfPublicKey(secp256k1.getPublicKey(secretKey));
}

/** Ethereum address, in lower case, of a secp256k1 public key. */
export function addressOfPublicKey(publicKey: Uint8Array): HexAddress {
  const uncompressed = secp256k1.Point.fromBytes(publicKey).toBytes(false);
  return `0x${toHex(keccak_256(uncompressed.subarray(1)).subarray(12))}`;
}

/** The one-time key whose address holds the token; whoever can open the prescription can act as its holder. */
export const tokenHolderKey = (dataKey: Uint8Array): Bytes =>
  deriveKey(requireLength(dataKey, 32, 'data key'), 'medloom/token/holder/v1');

export const tokenHolderOf = (dataKey: Uint8Array): HexAddress => addressOf(tokenHolderKey(dataKey));

/**
 * The commitment of tokens from before the salted tree of `commitment/`, version 1: Keccak-256 of salt ‖ SHA-256 of the FHIR JSON. The salt comes from the data key, so that
 * nobody without it can test a guess.
 */
export function tokenCommitment(dataKey: Uint8Array, fhirJson: Uint8Array): HexAddress {
  const salt = deriveKey(requireLength(dataKey, 32, 'data key'), 'medloom/token/salt/v1');
  return `0x${toHex(copyBytes(keccak_256(concat(salt, sha256(fhirJson)))))}`;
}
