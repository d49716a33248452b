import { argon2id } from 'hash-wasm';
import { type Bytes, copyBytes, randomBytes, utf8 } from './bytes.ts';
import { sha256, sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';
import { passwordParameters } from './password.ts';

/**
 * The one-time code with which somebody fetches a medicine for the patient. It is short, since it is dictated, so that the
 * ledger's hash of it must be slow to guess: each guess costs one argon2id of 64 MiB, for this prescription alone.
 */

/** Crockford's base32, as the access code's: no I, L, O or U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 40 random bits. */
const length = 8;

/** A new code in two groups: `7KQ2-M9XT`. */
export function createPickupCode(): string {
  const code = Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** The eight characters of a typed code: forgives case, spaces, hyphens, O for 0, I and L for 1. Throws `PICKUP_CODE`. */
export function parsePickupCode(typed: string): string {
  const plain = typed
    .slice(0, 40)
    .replace(/[\s\-‐-―−]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (plain.length !== length || [...plain].some((character) => !alphabet.includes(character)))
    throw new CryptoError('PICKUP_CODE');
  return plain;
}

/** The key that proves the code to the ledger: argon2id over code and prescription, 32 bytes. Throws `PICKUP_CODE`. */
export async function pickupKeyOf(prescriptionId: string, typed: string): Promise<Bytes> {
  const { memory, iterations, parallelism } = passwordParameters;
  const key = await argon2id({
    password: parsePickupCode(typed),
    salt: sha256(utf8(`medloom/prescription/pickup/v1/${prescriptionId}`)),
    memorySize: memory,
    iterations,
    parallelism,
    hashLength: 32,
    outputType: 'binary',
  });
  return copyBytes(key);
}

/** Hex SHA-256 of the key: all that the ledger holds of the code. */
export const pickupHashOf = (key: Uint8Array): string => sha256Hex(key);
