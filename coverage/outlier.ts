/** Robust statistics: what many say counts, and a few who say something else change nothing. */

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** The middle value, the mean of the two middle ones; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = ascending(values);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

/**
 * How far a value lies from others', as the modified z-score: 0.6745 × (value − median) ÷ median absolute deviation (Iglewicz and Hoaglin,
 * How to Detect and Handle Outliers, 1993); where more than half are the same, by the mean absolute deviation. Undefined where all are the same, or there are none.
 */
export function modifiedZScore(value: number, others: readonly number[]): number | undefined {
  const middle = median(others);
  if (middle === undefined) return undefined;
  const deviations = others.map((other) => Math.abs(other - middle));
  const typical = median(deviations) ?? 0;
  if (typical > 0) return (0.6745 * (value - middle)) / typical;
  const mean = deviations.reduce((sum, each) => sum + each, 0) / deviations.length;
  return mean > 0 ? (value - middle) / (1.253314 * mean) : undefined;
}
