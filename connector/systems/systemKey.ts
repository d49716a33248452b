import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { deriveKey } from '#crypto/derive.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import type { RequestedKey } from '../authority/certificateRequest.ts';

/** Order of the curve P-256. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** What a partner's system signs with, and what the ledger records of it. */
export interface SystemKey {
  privateKey: KeyObject;
  public: RequestedKey;
  /** X-Wing public key, base64url. */
  readingKey: string;
}

/** The seed of a system's reading key, 32 bytes. */
export const systemReadingSeed = (seed: Uint8Array, system: string): Uint8Array =>
  deriveKey(seed, `medloom/system/reading/v1/${system}`);

/**
 * The keys of a partner's system, derived from the organisation's seed (32 bytes, secret) and the system's id: there is
 * nothing to keep, and a restored seed restores all of them. The scalar comes from 48 derived bytes, so that its bias is
 * below 2^-128 (FIPS 186-5, A.2.1).
 */
export async function systemKeyOf(seed: Uint8Array, system: string): Promise<SystemKey> {
  const bytes = deriveKey(seed, `medloom/system/signing/v1/${system}`, { length: 48 });
  const scalar = (BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % (order - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  const point = curve.getPublicKey();
  const coordinate = (start: number) => point.subarray(start, start + 32).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: d.toString('base64url'), x: coordinate(1), y: coordinate(33) };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const { publicKey } = await createReadingKey(systemReadingSeed(seed, system));
  return {
    privateKey,
    public: { spki, hash: createHash('sha256').update(spki).digest('hex') },
    readingKey: publicKey,
  };
}
