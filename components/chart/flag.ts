import type { Measured } from '#fhir/chart/entry.ts';

export type Flag = 'high' | 'low' | 'abnormal' | 'critical';

/** How a value lies to its reference range, by its own interpretation, else by the range. */
export function flagOf({ f, n, lo, hi }: Measured): Flag | undefined {
  if (f === 'HH' || f === 'LL' || f === 'AA') return 'critical';
  if (f === 'H' || f === 'HU' || f === '>') return 'high';
  if (f === 'L' || f === 'LU' || f === '<') return 'low';
  if (f === 'A') return 'abnormal';
  if (f !== undefined || n === undefined) return undefined;
  if (hi !== undefined && n > hi) return 'high';
  return lo !== undefined && n < lo ? 'low' : undefined;
}
