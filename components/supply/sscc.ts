import { withCheckDigit } from '#gs1/checkDigit.ts';
import { randomDigits } from './serials.ts';

/** Lengths that GS1 gives company prefixes. */
export const prefixLengths = [6, 7, 8, 9, 10, 11, 12] as const;
export type PrefixLength = (typeof prefixLengths)[number];

/**
 * A new case number of a company (GS1 General Specifications, section 3.2): extension digit, the company's prefix, which begins
 * its GLN, a reference that nobody has used, and the check digit.
 */
export function newSscc(gln: string, prefixLength: PrefixLength): string {
  const reference = randomDigits(16 - prefixLength);
  return withCheckDigit(`${randomDigits(1)}${gln.slice(0, prefixLength)}${reference}`);
}
