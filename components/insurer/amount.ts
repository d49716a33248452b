/** Amounts as people type them, and minor units. */

/** In minor units; undefined for what is no amount of at most two decimals. */
export function readAmount(typed: string): number | undefined {
  const said = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(typed.trim());
  return said === null ? undefined : Number(said[1]) * 100 + Number((said[2] ?? '').padEnd(2, '0'));
}

/** Whether it is an amount of at most two decimals, and larger than `readAmount` takes. */
export const isTooLarge = (typed: string): boolean => /^0*[1-9]\d{9,}(?:[.,]\d{1,2})?$/.test(typed.trim());

export const writeAmount = (minor: number): string => (minor / 100).toFixed(2);

/** A whole number within bounds; undefined for anything else. */
export function readWhole(typed: string, least: number, most: number): number | undefined {
  const value = /^\d{1,6}$/.test(typed.trim()) ? Number(typed) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
