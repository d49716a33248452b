/** `amount × numerator ÷ denominator` in whole units, halves up. All are whole and not negative, `denominator` positive; exact at any size. */
export function partOf(amount: number, numerator: number, denominator: number): number {
  const divisor = BigInt(denominator);
  return Number((2n * BigInt(amount) * BigInt(numerator) + divisor) / (2n * divisor));
}
