import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { type Bytes, concat, fromHex, toHex, utf8 } from './bytes.ts';
import { sha256Hex } from './derive.ts';
import { addressOfPublicKey, type HexAddress } from './token.ts';

/** Who enrols, and with which certificate request, PEM. */
export interface Enrolling {
  subjectId: string;
  csrPem: string;
}

/** A text that names person and request, so that the signature serves for no other enrolment. */
function walletProofMessage({ subjectId, csrPem }: Enrolling): string {
  return ['Medloom: this is my wallet', '', `Account: ${subjectId}`, `Request: ${sha256Hex(utf8(csrPem))}`].join('\n');
}

/** What a wallet signs of a text (EIP-191, version 0x45); it can be no transaction. */
function digestOf(enrolling: Enrolling): Bytes {
  const message = utf8(walletProofMessage(enrolling));
  return Uint8Array.from(keccak_256(concat(utf8(`\x19Ethereum Signed Message:\n${message.length}`), message)));
}

/** The signature of the built-in wallet by which a person who enrols proves to have it: r ‖ s ‖ v, 65 bytes in hex. */
export function proveWallet(walletKey: Uint8Array, enrolling: Enrolling): HexAddress {
  const signed = secp256k1.sign(digestOf(enrolling), walletKey, { prehash: false, format: 'recovered' });
  return `0x${toHex(signed.subarray(1))}${((signed[0] ?? 0) + 27).toString(16)}`;
}

/** True when the wallet's own key signed for this enrolment. */
export function isWalletProof(proof: string, wallet: string, enrolling: Enrolling): boolean {
  if (!/^0x[0-9a-f]{128}1[bc]$/.test(proof)) return false;
  const bytes = fromHex(proof.slice(2));
  try {
    const signed = concat(Uint8Array.of((bytes[64] ?? 0) - 27), bytes.subarray(0, 64));
    const publicKey = secp256k1.recoverPublicKey(signed, digestOf(enrolling), { prehash: false });
    return addressOfPublicKey(publicKey) === wallet;
  } catch {
    // Numbers from which no key follows are nobody's signature.
    return false;
  }
}
