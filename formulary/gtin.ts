/** Check digit of a GTIN's other digits (GS1 General Specifications, section 7.9): weights 3 and 1 from the right. */
export function gtinCheckDigit(digits: string): number {
  if (!/^\d{7,13}$/.test(digits)) throw new RangeError('A GTIN has 7, 11, 12 or 13 digits before its check digit');
  const sum = Array.from(digits)
    .toReversed()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}

/** True for 8, 12, 13 or 14 digits whose last one is right. */
export function isGtin(text: string): boolean {
  return /^(\d{8}|\d{12,14})$/.test(text) && gtinCheckDigit(text.slice(0, -1)) === Number(text.at(-1));
}

/**
 * The example GTIN-14 of a product's pack, under the prefix that GS1 keeps for demonstrations (950 6…), so that it can
 * never be the number of a pack on sale.
 */
export function exampleGtin(productCode: string, pack: number): string {
  const digits = `0950600${productCode.replace('MP-', '')}${pack}`;
  return `${digits}${gtinCheckDigit(digits)}`;
}
