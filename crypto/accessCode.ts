import { type Bytes, copyBytes, encodeBits, fromBase64Url, randomBytes, toBase64Url } from './bytes.ts';
import { requireLength } from './derive.ts';
import { CryptoError } from './errors.ts';

/** Crockford's base32: no I, L, O or U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 16;
const typedLength = 27;
const prescriptionIdPattern = /^rx-[0-9]{1,4}-[a-z2-7]{26}$/;

/** 16 random bytes: the patient's secret that redeems and, with the release share, opens a prescription. */
export const createAccessCode = (): Bytes => randomBytes(codeLength);

/** Luhn's check modulo 32 over the values of the characters, which finds every single typing mistake. */
function checkValue(values: number[]): number {
  let sum = 0;
  let factor = 2;
  for (const value of values.toReversed()) {
    const product = factor * value;
    sum += Math.floor(product / 32) + (product % 32);
    factor = factor === 2 ? 1 : 2;
  }
  return (32 - (sum % 32)) % 32;
}

/** The typed form: 26 characters and a check character, in groups of four. */
export function formatAccessCode(code: Uint8Array): string {
  const body = encodeBits(requireLength(code, codeLength, 'access code'), alphabet);
  const values = Array.from(body, (character) => alphabet.indexOf(character));
  const typed = `${body}${alphabet[checkValue(values)]}`;
  return (typed.match(/.{1,4}/g) ?? []).join('-');
}

/**
 * Reads a typed access code. Forgives case, spaces and hyphens, O for 0, I and L for 1.
 * Throws `ACCESS_CODE_CHARACTER`, `ACCESS_CODE_LENGTH` or `ACCESS_CODE_CHECK`.
 */
export function parseAccessCode(typed: string): Bytes {
  const plain = typed
    .slice(0, 200)
    .replace(/[\s\-‐-―−]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  const values = Array.from(plain, (character) => {
    const value = alphabet.indexOf(character);
    if (value < 0) throw new CryptoError('ACCESS_CODE_CHARACTER', character);
    return value;
  });
  if (values.length !== typedLength) throw new CryptoError('ACCESS_CODE_LENGTH', `${values.length} characters`);
  const body = values.slice(0, -1);
  // The last of the 26 characters carries three bits of the code and two zero bits.
  if (checkValue(body) !== values.at(-1) || ((body.at(-1) ?? 0) & 3) !== 0) throw new CryptoError('ACCESS_CODE_CHECK');
  const code = new Uint8Array(codeLength);
  body.forEach((value, position) => {
    for (let bit = 0; bit < 5; bit += 1) {
      const target = 5 * position + bit;
      if (target < 8 * codeLength && value & (16 >> bit)) {
        code[target >> 3] = (code[target >> 3] ?? 0) | (128 >> (target & 7));
      }
    }
  });
  return code;
}

/** The QR code's text. The secret stands in the fragment, which browsers never send to a server. */
export function buildQrText(origin: string, prescriptionId: string, code: Uint8Array): string {
  return `${origin}/rx#${prescriptionId}.${toBase64Url(requireLength(code, codeLength, 'access code'))}`;
}

export interface ScannedPrescription {
  prescriptionId: string;
  code: Bytes;
}

/** Reads the fragment `id.code` of a QR text, with or without its `#`. Throws `QR_MALFORMED`. */
export function parseQrFragment(fragment: string): ScannedPrescription {
  const [prescriptionId = '', secret = '', ...rest] = fragment.replace(/^#/, '').split('.');
  if (rest.length > 0 || !prescriptionIdPattern.test(prescriptionId) || !/^[A-Za-z0-9_-]{22}$/.test(secret)) {
    throw new CryptoError('QR_MALFORMED');
  }
  try {
    return { prescriptionId, code: copyBytes(fromBase64Url(secret)) };
  } catch (cause) {
    throw new CryptoError('QR_MALFORMED', 'code', { cause });
  }
}

/** Reads a whole QR text. Throws `QR_MALFORMED`, or `QR_FOREIGN` when it names another portal than `origin`. */
export function parseQrText(text: string, origin: string): ScannedPrescription {
  if (text.length > 512 || !URL.canParse(text.trim())) throw new CryptoError('QR_MALFORMED');
  const url = new URL(text.trim());
  if (url.pathname !== '/rx' || url.search !== '') throw new CryptoError('QR_MALFORMED');
  const scanned = parseQrFragment(url.hash);
  if (url.origin !== new URL(origin).origin) throw new CryptoError('QR_FOREIGN', url.host);
  return scanned;
}
