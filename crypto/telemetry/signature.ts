import { type Bytes, concat, copyBytes, fromHex, toHex } from '../bytes.ts';
import { CryptoError } from '../errors.ts';

/**
 * Signatures of frames: ECDSA P-256 over SHA-256, r ‖ s, low s, so that one frame has one spelling. Who signs and checks many is
 * given its own way of doing so (`nodeSignature.ts`).
 */
export const signatureLength = 64;
export type FrameSigner = (message: Bytes) => Promise<Bytes> | Bytes;
export type FrameVerifier = (message: Bytes, signature: Bytes) => Promise<boolean> | boolean;

const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
/** Order of the P-256 group (SEC 2, section 2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const sOf = (signature: Uint8Array) => BigInt(`0x${toHex(signature.subarray(32))}`);

export const isLowS = (signature: Uint8Array): boolean =>
  signature.length === signatureLength && sOf(signature) <= order / 2n;

/** The spelling of a signature that frames have. Throws `KEY_LENGTH`. */
export function withLowS(signature: Uint8Array): Bytes {
  if (signature.length !== signatureLength) throw new CryptoError('KEY_LENGTH', 'signature');
  if (isLowS(signature)) return copyBytes(signature);
  const s = (order - sOf(signature)).toString(16).padStart(64, '0');
  return concat(signature.subarray(0, 32), fromHex(s));
}

export const frameSigner =
  (privateKey: CryptoKey): FrameSigner =>
  async (message) =>
    withLowS(new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, message)));

/** Checks with a public P-256 key, as certificates have it. */
export const keyVerifier =
  (publicKey: CryptoKey): FrameVerifier =>
  (message, signature) =>
    crypto.subtle.verify(algorithm, publicKey, signature, message);

/** Checks with a public key as DER SubjectPublicKeyInfo. Throws `KEY_LENGTH` for another. */
export const frameVerifier = async (spki: Uint8Array): Promise<FrameVerifier> => keyVerifier(await importSpki(spki));

async function importSpki(spki: Uint8Array): Promise<CryptoKey> {
  try {
    const named = { name: 'ECDSA', namedCurve: 'P-256' };
    return await crypto.subtle.importKey('spki', copyBytes(spki), named, false, ['verify']);
  } catch (cause) {
    throw new CryptoError('KEY_LENGTH', 'P-256 public key', { cause });
  }
}
