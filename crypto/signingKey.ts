import { p256 } from '@noble/curves/nist.js';
import { type Bytes, concat, copyBytes, fromHex, toHex, wipe } from './bytes.ts';
import { deriveKey, sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
/** Order of the P-256 group (SEC 2, section 2.4.2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export interface SigningKey {
  /** Non-extractable. */
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  /** Hex SHA-256 of the DER SubjectPublicKeyInfo: the name by which ledgers know this key. */
  hash: string;
}

/** A new P-256 key as PKCS#8, to be put into a vault. */
export async function generateSigningKey(): Promise<Bytes> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
}

/** PKCS#8 of a P-256 key up to its secret scalar, and from there to its public point (RFC 5958, RFC 5915). */
const beforeScalar = fromHex('308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420');
const beforePoint = fromHex('a144034200');

/**
 * The P-256 key that belongs to a secret and a purpose (`info`), as PKCS#8: its scalar is 48 bytes of HKDF reduced (FIPS 186-5, section
 * A.2.1), so that it is as good as a random one.
 */
export function deriveSigningKey(secret: Uint8Array, info: string): Bytes {
  const wide = deriveKey(secret, info, { length: 48 });
  const scalar = p256.utils.randomSecretKey(wide);
  const pkcs8 = concat(beforeScalar, scalar, beforePoint, p256.getPublicKey(scalar, false));
  wipe(wide, scalar);
  return pkcs8;
}

/** Imports a PKCS#8 P-256 key for use, non-extractable. Throws `KEY_LENGTH` for anything else. */
export async function importSigningKey(pkcs8: Uint8Array): Promise<SigningKey> {
  try {
    const bytes = copyBytes(pkcs8);
    const extractable = await crypto.subtle.importKey('pkcs8', bytes, algorithm, true, ['sign']);
    const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', extractable);
    const publicKey = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, algorithm, true, ['verify']);
    const privateKey = await crypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
    return { privateKey, publicKey, hash: await publicKeyHash(publicKey) };
  } catch (cause) {
    throw new CryptoError('KEY_LENGTH', 'P-256 key', { cause });
  }
}

/** Hex SHA-256 of the public key's DER SubjectPublicKeyInfo. */
export async function publicKeyHash(publicKey: CryptoKey): Promise<string> {
  return sha256Hex(new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)));
}

/**
 * Signs a message as Fabric wants it: ECDSA over SHA-256 of the whole message, DER, low-S. Web Crypto hashes itself,
 * so this takes the message and never its digest.
 */
export async function signMessage(privateKey: CryptoKey, message: Uint8Array): Promise<Bytes> {
  const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, copyBytes(message));
  return derSignature(new Uint8Array(raw));
}

/** r ‖ s (64 bytes, as Web Crypto gives it) to DER with low-S. */
export function derSignature(raw: Uint8Array): Bytes {
  if (raw.length !== 64) throw new CryptoError('KEY_LENGTH', 'signature');
  const r = BigInt(`0x${toHex(raw.subarray(0, 32))}`);
  const s = BigInt(`0x${toHex(raw.subarray(32))}`);
  if (r === 0n || s === 0n || r >= order || s >= order) throw new CryptoError('KEY_LENGTH', 'signature');
  const body = [...derInteger(r), ...derInteger(s > order / 2n ? order - s : s)];
  return Uint8Array.of(0x30, body.length, ...body);
}

function derInteger(value: bigint): number[] {
  const hex = value.toString(16);
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  // A leading one bit would mean a negative number.
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return [0x02, bytes.length, ...bytes];
}
