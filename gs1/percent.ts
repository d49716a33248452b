import { Gs1Error } from './error.ts';

/**
 * Percent-encodes a value of a Digital Link's path: what has a meaning of its own in a URI, and `! ( ) * + , :`. `'`, `;`
 * and `=` stay as they are, as in the canonical links that the event hash of CBV 2.0 is made of.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/%3B/g, ';')
    .replace(/%3D/g, '=')
    .replace(/[!()*]/g, escapeOne);
}

/** The same for a value of the query, where `;` and `=` have a meaning too. */
export function percentEncodeQuery(text: string): string {
  return percentEncode(text).replace(/[;=]/g, escapeOne);
}

/** One ASCII character as % and two hexadecimal digits. */
export function escapeOne(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

/**
 * Undoes percent-encoding of ASCII; other characters stay escaped, since no GS1 text has them, and whoever looks at the
 * characters refuses the %.
 * @param at where the text begins in what a person sees
 * @throws Gs1Error at a % without its two digits
 */
export function percentDecode(text: string, at = 0): string {
  const bad = text.search(/%(?![0-9A-Fa-f]{2})/);
  if (bad >= 0) throw new Gs1Error('A % is followed by two hexadecimal digits.', at + bad);
  return text.replace(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Where in the encoded text the decoded text's character `index` begins. */
export function encodedOffset(text: string, index: number): number {
  let offset = 0;
  for (let left = index; left > 0 && offset < text.length; left--) {
    offset += /^%[0-7][0-9A-Fa-f]/.test(text.slice(offset, offset + 3)) ? 3 : 1;
  }
  return offset;
}
