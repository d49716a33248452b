import { Gs1Error } from './error.ts';

/** Percent-encodes all that the grammar of Digital Link URIs (version 1.2, section 5) does not have in the clear. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, escapeOne);
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
