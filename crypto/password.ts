import { argon2id } from 'hash-wasm';
import { type Bytes, randomBytes, toBase64Url } from './bytes.ts';
import { CryptoError } from './errors.ts';

/** Argon2id (RFC 9106): `memory` in KiB. */
export interface PasswordParameters {
  memory: number;
  iterations: number;
  parallelism: number;
}

export const passwordParameters: PasswordParameters = { memory: 65_536, iterations: 3, parallelism: 1 };

/** A server that could weaken these could guess faster; one that could raise them could stop the page. */
const bounds = { memory: [65_536, 1_048_576], iterations: [3, 16], parallelism: [1, 4] } as const;

export const newPasswordSalt = (): Bytes => randomBytes(16);

export interface PasswordKeys {
  /** Sent to the server to sign in, base64url; it opens nothing. */
  signInSecret: string;
  /** Never sent: opens the vault's password lock. */
  wrappingKey: Bytes;
}

/**
 * Stretches a password once and splits the result: one half signs in, the other opens the vault. Neither half tells
 * anything about the other. Throws `PASSWORD_PARAMETERS` for settings weaker or heavier than allowed.
 */
export async function derivePassword(
  password: string,
  salt: Uint8Array,
  parameters: PasswordParameters = passwordParameters,
): Promise<PasswordKeys> {
  for (const name of ['memory', 'iterations', 'parallelism'] as const) {
    const [least, most] = bounds[name];
    const value = parameters[name];
    if (!Number.isInteger(value) || value < least || value > most) throw new CryptoError('PASSWORD_PARAMETERS', name);
  }
  if (salt.length !== 16) throw new CryptoError('PASSWORD_PARAMETERS', 'salt');
  const stretched = await argon2id({
    password: password.normalize('NFKC'),
    salt,
    memorySize: parameters.memory,
    iterations: parameters.iterations,
    parallelism: parameters.parallelism,
    hashLength: 64,
    outputType: 'binary',
  });
  const keys = { signInSecret: toBase64Url(stretched.subarray(0, 32)), wrappingKey: stretched.slice(32) };
  stretched.fill(0);
  return keys;
}

/** Throws `PASSWORD_TOO_SHORT` for a new password under 12 characters. */
export function requirePassword(password: string): void {
  if (Array.from(password.normalize('NFKC')).length < 12) throw new CryptoError('PASSWORD_TOO_SHORT');
}
