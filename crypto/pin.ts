import { type Assertion, type ConfirmedCall, challengeOf, type NewCredential } from '#chaincode/model/secondFactor.ts';
import { openBytes, sealBytes } from './aead.ts';
import { type Bytes, concat, copyBytes, fromBase64Url, randomBytes, toBase64Url, utf8, wipe } from './bytes.ts';
import { canonicalJson } from './canonicalJson.ts';
import { sha256, sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';
import { derivePassword, newPasswordSalt, passwordParameters } from './password.ts';
import { generateSigningKey, importSigningKey, signMessage } from './signingKey.ts';

/**
 * The second factor of a browser without an authenticator: a P-256 key in the vault that a PIN opens besides. It answers in
 * WebAuthn's form (Level 2, section 7.2), so that the ledger checks both kinds alike; that its user was verified is what the
 * PIN says.
 */

/** A signing PIN's key, as the vault keeps it. Of the PIN there is nothing. */
export interface PinCredential {
  /** base64url */
  id: string;
  /** Host of the portal. */
  rpId: string;
  /** argon2id: salt of 16 bytes, base64url, and the rest. */
  salt: string;
  memory: number;
  iterations: number;
  parallelism: number;
  /** The PKCS#8 key under the key that the PIN gives, base64url. */
  sealed: string;
}

const leastLength = 6;
/** User present and user verified (Level 2, section 6.1). */
const flags = 0x05;

const contextOf = (pin: Omit<PinCredential, 'sealed'>): Bytes =>
  utf8(canonicalJson({ purpose: 'medloom/second-factor/pin/v1', ...pin }));

/** Makes a signing PIN: what the ledger records of it, and what the vault keeps. Throws `PIN_TOO_SHORT`. */
export async function createPin(
  pin: string,
  rpId: string,
): Promise<{ credential: NewCredential; kept: PinCredential }> {
  if (Array.from(pin.normalize('NFKC')).length < leastLength) throw new CryptoError('PIN_TOO_SHORT');
  const pkcs8 = await generateSigningKey();
  const { publicKey } = await importSigningKey(pkcs8);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const salt = newPasswordSalt();
  const parameters = { id: toBase64Url(randomBytes(32)), rpId, salt: toBase64Url(salt), ...passwordParameters };
  const { wrappingKey } = await derivePassword(pin, salt);
  const sealed = toBase64Url(await sealBytes(wrappingKey, pkcs8, contextOf(parameters)));
  wipe(wrappingKey, pkcs8);
  return {
    credential: {
      id: parameters.id,
      kind: 'pin',
      publicKey: toBase64Url(spki),
      rpIdHash: sha256Hex(utf8(rpId)),
    },
    kept: { ...parameters, sealed },
  };
}

/** Confirms a call by the PIN, for the page of `origin`. Throws `PIN_WRONG`. */
export async function assertByPin(
  kept: PinCredential,
  pin: string,
  call: ConfirmedCall,
  origin: string,
): Promise<Assertion> {
  const { sealed, ...parameters } = kept;
  const { wrappingKey } = await derivePassword(pin, fromBase64Url(kept.salt), kept);
  const pkcs8 = await openBytes(wrappingKey, fromBase64Url(sealed), contextOf(parameters), 'PIN_WRONG');
  wipe(wrappingKey);
  const { privateKey } = await importSigningKey(pkcs8);
  wipe(pkcs8);
  const challenge = toBase64Url(challengeOf(call));
  const clientData = utf8(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
  // No counter: the key has no copy that one could tell from it.
  const authenticatorData = concat(sha256(utf8(kept.rpId)), Uint8Array.of(flags), new Uint8Array(4));
  const signature = await signMessage(privateKey, concat(authenticatorData, sha256(clientData)));
  return {
    credentialId: kept.id,
    authenticatorData: toBase64Url(authenticatorData),
    clientDataJSON: toBase64Url(copyBytes(clientData)),
    signature: toBase64Url(signature),
  };
}
