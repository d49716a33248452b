import { type Bytes, concat, copyBytes, randomBytes } from './bytes.ts';
import { requireLength } from './derive.ts';
import { CryptoError, type CryptoErrorCode } from './errors.ts';

export const nonceLength = 12;
export const tagLength = 16;

const importKey = (key: Uint8Array, use: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', requireLength(key, 32, 'AES-256 key'), 'AES-GCM', false, [use]);

/** AES-256-GCM with a random nonce: nonce ‖ ciphertext and tag. A key seals few messages, so random nonces do. */
export async function sealBytes(key: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Promise<Bytes> {
  const nonce = randomBytes(nonceLength);
  const parameters = { name: 'AES-GCM', iv: nonce, additionalData: copyBytes(associated) };
  const sealed = await crypto.subtle.encrypt(parameters, await importKey(key, 'encrypt'), copyBytes(plaintext));
  return concat(nonce, new Uint8Array(sealed));
}

/** Opens what `sealBytes` made; throws `refusal` when key, associated data or any byte differs. */
export async function openBytes(
  key: Uint8Array,
  sealed: Uint8Array,
  associated: Uint8Array,
  refusal: CryptoErrorCode,
): Promise<Bytes> {
  if (sealed.length < nonceLength + tagLength) throw new CryptoError(refusal, 'too short');
  const imported = await importKey(key, 'decrypt');
  const nonce = copyBytes(sealed.subarray(0, nonceLength));
  const parameters = { name: 'AES-GCM', iv: nonce, additionalData: copyBytes(associated) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, imported, copyBytes(sealed.subarray(nonceLength))));
  } catch (cause) {
    throw new CryptoError(refusal, '', { cause });
  }
}
