import type { Measured } from './news2.ts';
import type { Trend } from './plan.ts';

/** Values of a window, thinned to a fixed number of buckets, so that a year of seconds needs no more memory than a day. */
export interface Bucket {
  /** Its place in time: `at` divided by the bucket's length. */
  place: number;
  count: number;
  /** Sums of the times after the bucket's start (ms) and of the values. */
  times: number;
  values: number;
}
const bucketsInWindow = 48;
const lengthOf = ({ windowSeconds }: Pick<Trend, 'windowSeconds'>) =>
  Math.ceil((windowSeconds * 1000) / bucketsInWindow);

/** With one more value, and without what left the window. Values come in the order of their times. */
export function withValue(buckets: readonly Bucket[], rule: Trend, { at, value }: Measured): Bucket[] {
  const length = lengthOf(rule);
  const place = Math.floor(at / length);
  const kept = buckets.filter((bucket) => bucket.place > place - bucketsInWindow && bucket.place <= place);
  const last = kept.at(-1);
  const known = last?.place === place ? last : { place, count: 0, times: 0, values: 0 };
  const others = known === last ? kept.slice(0, -1) : kept;
  const { count, times, values } = known;
  return [...others, { place, count: count + 1, times: times + (at - place * length), values: values + value }];
}

/**
 * How much a straight line through the buckets rises from the first to the last: nothing is said of a time that was not seen.
 * Undefined below an eighth of the window, where noise looks like a trend.
 */
export function changeIn(buckets: readonly Bucket[], rule: Trend): { change: number; seconds: number } | undefined {
  const length = lengthOf(rule);
  const points = buckets.map(({ place, count, times, values }) => ({
    ...{ at: place * length + times / count, value: values / count, weight: count },
  }));
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const span = last.at - first.at;
  if (span < (rule.windowSeconds * 1000) / 8) return undefined;
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const at = points.reduce((sum, point) => sum + point.weight * (point.at - first.at), 0) / total;
  const value = points.reduce((sum, point) => sum + point.weight * point.value, 0) / total;
  let together = 0;
  let spread = 0;
  for (const point of points) {
    const distance = point.at - first.at - at;
    together += point.weight * distance * (point.value - value);
    spread += point.weight * distance ** 2;
  }
  return { change: (together / spread) * span, seconds: Math.round(span / 1000) };
}
