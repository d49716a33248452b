import { type SeriesName, seriesOf } from './catalogue.ts';
import { type Digest, meanOf, ofSteps, type Period, periods } from './digest.ts';
import { isJudged, type Reading } from './reading.ts';

/** Some values of a stretch of time: one reading, or a digest. Values in the series' unit, times in milliseconds since 1970. */
export interface Span {
  /** The first and last value's time. */
  from: number;
  to: number;
  min: number;
  max: number;
  mean: number;
  count: number;
}

/** Readings of one series, in the order of time. What a sensor doubted is no value. */
export function spansOfReadings(readings: Iterable<Reading>, name: SeriesName): Span[] {
  const spans: Span[] = [];
  for (const reading of readings) {
    const place = seriesOf(reading.measure).indexOf(name);
    const value = reading.values[place];
    if (place < 0 || value === undefined || !isJudged(reading)) continue;
    spans.push({ from: reading.at, to: reading.at, min: value, max: value, mean: value, count: 1 });
  }
  return spans.sort(byTime);
}

/** Digests of one series, merged before (`mergeAll`). */
export const spansOfDigests = (digests: Iterable<Digest>, name: SeriesName): Span[] =>
  [...digests]
    .filter((digest) => digest.series === name)
    .map((digest) => ({
      ...{ from: digest.first.at, to: digest.last.at, count: digest.count, mean: meanOf(digest) },
      ...{ min: ofSteps(name, digest.min), max: ofSteps(name, digest.max) },
    }))
    .sort(byTime);
const byTime = (a: Span, b: Span) => a.from - b.from;

export interface Window {
  from: number;
  to: number;
  /** Pixels. */
  columns: number;
  /** Values further apart than this have nothing between them. */
  gapMs: number;
}

/**
 * The envelope of spans: at most one for each column, with the smallest and greatest value of all that lies there, in runs that
 * are not interrupted. An extreme is never lost, and nothing is drawn where nothing was measured.
 */
export function envelope(spans: Iterable<Span>, { from, to, columns, gapMs }: Window): Span[][] {
  const runs: Span[][] = [];
  const width = (to - from) / columns;
  let place = -1;
  for (const span of spans) {
    if (span.to < from || span.from > to) continue;
    const run = runs.at(-1);
    const last = run?.at(-1);
    const column = Math.floor((Math.max(span.from, from) - from) / width);
    if (run === undefined || last === undefined || span.from - last.to > Math.max(gapMs, width)) runs.push([span]);
    else if (column === place) run[run.length - 1] = together(last, span);
    else run.push(span);
    place = column;
  }
  return runs;
}

const together = (a: Span, b: Span): Span => ({
  ...{ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to), count: a.count + b.count },
  ...{ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) },
  mean: (a.mean * a.count + b.mean * b.count) / (a.count + b.count),
});

/** What lies between the runs of an envelope, and before and after them where it is longer than a gap. */
export function gapsOf(
  runs: readonly (readonly Span[])[],
  { from, to, gapMs }: Window,
): { from: number; to: number }[] {
  const ends = runs.flatMap((run) => {
    const [first] = run;
    const last = run.at(-1);
    return first === undefined || last === undefined ? [] : [{ from: first.from, to: last.to }];
  });
  const starts = [...ends.map((run) => run.from), to];
  return [from, ...ends.map((run) => run.to)]
    .map((end, index) => ({ from: end, to: starts[index] ?? to }))
    .filter((gap) => gap.to - gap.from > gapMs);
}

/** How far apart values of a digest's period may lie before it is a gap. */
export const gapOfPeriod = (period: Period): number => periods[period] * 2;
