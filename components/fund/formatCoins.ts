const coins = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** An amount in a coin's hundredths: “1,250.00 USDC”. */
export const formatCoins = (hundredths: number, symbol: string): string =>
  `${coins.format(hundredths / 100)} ${symbol}`;
