import { withCheckDigit } from '#gs1/checkDigit.ts';

/**
 * The example GTIN-14 of a product's pack, under the prefix that GS1 keeps for demonstrations (950 6…), so that it can
 * never be the number of a pack on sale.
 */
export function exampleGtin(productCode: string, pack: number): string {
  return withCheckDigit(`0950600${productCode.replace('MP-', '')}${pack}`);
}
