/** The value below which the given share of the values lies (nearest rank). Throws where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('No values were measured.');
  return value;
}

/** The arithmetic mean. Throws where there are no values. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new Error('No values were measured.');
  return sum(values) / values.length;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Rounded to so many digits after the point; as JSON a figure of twenty digits says nothing more. */
export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
