import { p256 } from '@noble/curves/nist.js';
import { copyBytes, fromBase64Url, toBase64Url } from './bytes.ts';
import { CryptoError } from './errors.ts';
import { signMessage } from './signingKey.ts';

/** Signatures over the statements of `chaincode/model/statements.ts`: ECDSA P-256, SHA-256, DER, low S, base64url. */

export async function signStatement(privateKey: CryptoKey, statement: Uint8Array): Promise<string> {
  return toBase64Url(await signMessage(privateKey, statement));
}

/** True when the key signed the statement; false also for what is no signature, or one with a high S. */
export async function isSigned(publicKey: CryptoKey, statement: Uint8Array, signature: string): Promise<boolean> {
  const raw = rawSignature(signature);
  if (raw === undefined) return false;
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, raw, copyBytes(statement));
}

/** Throws `SIGNATURE_FOREIGN` unless one of the keys signed the statement; `what` names it in the error. */
export async function requireSigned(
  publicKeys: readonly CryptoKey[],
  statement: Uint8Array,
  signature: string,
  what: string,
): Promise<void> {
  for (const publicKey of publicKeys) if (await isSigned(publicKey, statement, signature)) return;
  throw new CryptoError('SIGNATURE_FOREIGN', what);
}

/** r ‖ s, as Web Crypto takes it. */
function rawSignature(signature: string) {
  try {
    const parsed = p256.Signature.fromBytes(fromBase64Url(signature), 'der');
    return parsed.hasHighS() ? undefined : copyBytes(parsed.toBytes('compact'));
  } catch {
    return undefined;
  }
}
