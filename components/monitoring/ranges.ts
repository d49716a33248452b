import { type SeriesName, series } from '#monitoring/catalogue.ts';
import type { Period } from '#monitoring/digest.ts';

/** How much time a plot shows, and from what it is drawn: readings themselves, or digests. */
export const ranges = {
  day: { ms: 86_400_000, of: 'readings', gapMs: 900_000 },
  month: { ms: 30 * 86_400_000, of: 'hour', gapMs: 2 * 3_600_000 },
  year: { ms: 365 * 86_400_000, of: 'day', gapMs: 3 * 86_400_000 },
} as const satisfies Record<string, { ms: number; of: 'readings' | Period; gapMs: number }>;
export type RangeName = keyof typeof ranges;
export const rangeNames: readonly RangeName[] = ['day', 'month', 'year'];

/** What is measured a few times a day is no gap between two times. */
const measuredGapMs = 36 * 3_600_000;
/** Values of a series further apart than this have nothing between them. */
export const gapOf = (range: RangeName, name: SeriesName): number =>
  series[name].sensed ? ranges[range].gapMs : Math.max(ranges[range].gapMs, measuredGapMs);
