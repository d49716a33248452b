import { hasCheckDigit, readKey } from './checkDigit.ts';
import { Gs1Error } from './error.ts';

const lengths = [8, 12, 13, 14];

/**
 * A GTIN-8, -12, -13 or -14 as 14 digits, filled with zeros on the left (GS1 General Specifications, section 3.3.2).
 * @param at where it begins in the text that a person sees
 * @throws Gs1Error at the first wrong character
 */
export function parseGtin(text: string, at = 0): string {
  const digits = /^\d*/.exec(text)?.[0].length ?? 0;
  if (digits === text.length && !lengths.includes(text.length)) {
    throw new Gs1Error(`A GTIN has 8, 12, 13 or 14 digits, not ${text.length}.`, at + Math.min(text.length, 14));
  }
  return readKey(text, Math.min(text.length, 14), 'A GTIN', at).padStart(14, '0');
}

/** True for 8, 12, 13 or 14 digits whose last one is right. */
export function isGtin(text: string): boolean {
  return lengths.includes(text.length) && hasCheckDigit(text);
}
