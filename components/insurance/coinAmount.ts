/** An amount of a coin in the minor unit of the currency that it stands for: hundredths, what is smaller cut off. */
export const minorOf = (units: string, decimals: number): number =>
  Number(decimals >= 2 ? BigInt(units) / 10n ** BigInt(decimals - 2) : BigInt(units) * 10n ** BigInt(2 - decimals));
