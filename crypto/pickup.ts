import { type Bytes, randomBytes, utf8 } from './bytes.ts';
import { deriveKey, requireLength, sha256Hex } from './derive.ts';

/**
 * The one-time code with which somebody fetches a prescription for the patient. It is short enough to be dictated, and guessed
 * by nobody from the ledger's hash: the key that is hashed comes from the prescription's data key too, which only the patient
 * and the pharmacy that holds it have.
 */

/** Crockford's base32: no I, L, O, U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 8;

/** A new code of 40 bits: 8 characters. */
export const newPickupCode = (): string =>
  [...randomBytes(codeLength)].map((byte) => alphabet[byte % alphabet.length]).join('');

/** For people: in two groups. */
export const formatPickupCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

/** A code as it was typed; undefined for what is none. */
export function parsePickupCode(text: string): string | undefined {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return code.length === codeLength && [...code].every((char) => alphabet.includes(char)) ? code : undefined;
}

/** The key that a pharmacy presents, 32 bytes. */
export const pickupKeyOf = (dataKey: Uint8Array, prescription: string, code: string): Bytes =>
  deriveKey(requireLength(dataKey, 32, 'data key'), 'medloom/prescription/pickup/v1', {
    salt: utf8(`${prescription} ${code}`),
  });

/** Hex SHA-256 of it, for the ledger. */
export const pickupHashOf = (dataKey: Uint8Array, prescription: string, code: string): string =>
  sha256Hex(pickupKeyOf(dataKey, prescription, code));
