import { createPublicKey, type KeyObject } from 'node:crypto';

/** A P-256 key from its DER SubjectPublicKeyInfo, base64url; undefined for anything else. */
export function keyOfP256(publicKey: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    // What cannot be read as a key is none.
    return undefined;
  }
}
