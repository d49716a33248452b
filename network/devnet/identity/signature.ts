import { type KeyObject, sign, verify } from 'node:crypto';

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const half = order >> 1n;
const halfBytes = Buffer.from(half.toString(16).padStart(64, '0'), 'hex');

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

function derInteger(value: bigint): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  const bytes = Buffer.from(hex, 'hex');
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, padded.length), padded]);
}

/** The DER form of a P-256 signature (r, s). */
export function encodeSignature(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** Reads a DER signature; undefined when the bytes are not exactly SEQUENCE { INTEGER r, INTEGER s }. */
export function decodeSignature(der: Uint8Array): { r: bigint; s: bigint } | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return undefined;
  const values: bigint[] = [];
  let at = 2;
  while (at < der.length) {
    const length = der[at + 1] ?? 0;
    if (der[at] !== 0x02 || length === 0 || at + 2 + length > der.length) return undefined;
    values.push(toBigInt(der.subarray(at + 2, at + 2 + length)));
    at += 2 + length;
  }
  const [r, s] = values;
  return r !== undefined && s !== undefined && values.length === 2 ? { r, s } : undefined;
}

/** The lower of the two values that make the same signature. */
export function lowerS(s: bigint): bigint {
  return s > half ? order - s : s;
}

/** Whether a DER signature is well formed and its s lies in the lower half, told from its bytes. */
export function isLowS(der: Uint8Array): boolean {
  const sAt = 4 + (der[3] ?? 0);
  const length = der[sAt + 1] ?? 0;
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der[2] !== 0x02 || der[sAt] !== 0x02) return false;
  if (length === 0 || length > 32 || sAt + 2 + length !== der.length || (der[sAt + 2] ?? 0x80) >= 0x80) return false;
  return length < 32 || Buffer.compare(der.subarray(sAt + 2), halfBytes) <= 0;
}

/** Signs a message with ECDSA P-256 over SHA-256; DER, with s in the lower half as Fabric asks. */
export function signLowS(key: KeyObject, message: Uint8Array): Buffer {
  const signature = sign('sha256', message, key);
  if (isLowS(signature)) return signature;
  const parts = decodeSignature(signature);
  if (!parts) throw new Error('the key does not give DER signatures');
  return encodeSignature(parts.r, lowerS(parts.s));
}

/** Verifies a DER signature over a message; a high s is refused. */
export function verifyLowS(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return isLowS(signature) && verify('sha256', message, key, signature);
}

/** The same signature with s in the upper half; only tests have a use for it. */
export function raiseS(signature: Uint8Array): Buffer {
  const parts = decodeSignature(signature);
  if (!parts) throw new Error('not a DER signature');
  return encodeSignature(parts.r, parts.s > half ? parts.s : order - parts.s);
}
