import { type SeriesName, series } from '#monitoring/catalogue.ts';
import type { Span } from '#monitoring/downsample.ts';
import type { Limits } from '#monitoring/plan.ts';

/** Where values and times lie in a plot. */
export interface Scale {
  low: number;
  high: number;
  ticks: readonly number[];
}

const limitsOf = (limits: Limits | undefined) =>
  limits === undefined ? [] : [limits.criticalLow, limits.low, limits.high, limits.criticalHigh];

/** Holds every value and every limit, on round numbers; at least ten steps of the series, so that noise is no drama. */
export function scaleOf(
  lines: readonly { name: SeriesName; runs: readonly (readonly Span[])[]; limits?: Limits }[],
  wanted = 5,
): Scale {
  const values = lines.flatMap(({ runs, limits }) => [
    ...runs.flat().flatMap(({ min, max }) => [min, max]),
    ...limitsOf(limits).filter((limit) => limit !== undefined),
  ]);
  const least = Math.max(...lines.map(({ name }) => 10 / 10 ** series[name].decimals), 0);
  let low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  let high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (low > high) [low, high] = [0, least];
  const widen = Math.max(0, least - (high - low)) / 2;
  const step = stepOf((high - low + 2 * widen) / wanted);
  low = Math.max(0, Math.floor((low - widen) / step) * step);
  high = Math.ceil((high + widen) / step) * step;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => rounded(low + index * step));
  return { low: rounded(low), high: rounded(high), ticks };
}
/** 1, 2 or 5 times a power of ten. */
function stepOf(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10) * power;
}
const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

/** Times to write under a plot: full hours, midnights or firsts of months in the reader's zone. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const hours = [1, 2, 3, 6, 12].find((each) => (to - from) / (each * 3_600_000) <= most);
  if (hours !== undefined) return everyHours(from, to, hours);
  const days = [1, 2, 5, 7, 14].find((each) => (to - from) / (each * 86_400_000) <= most);
  if (days !== undefined) return everyDays(from, to, days);
  const months = [1, 2, 3, 6, 12].find((each) => (to - from) / (each * 30 * 86_400_000) <= most) ?? 12;
  return everyMonths(from, to, months);
}
function everyHours(from: number, to: number, hours: number): number[] {
  const at = new Date(from);
  at.setHours(Math.ceil((at.getHours() + (at.getMinutes() > 0 ? 1 : 0)) / hours) * hours, 0, 0, 0);
  return until(at, to, () => at.setHours(at.getHours() + hours));
}
function everyDays(from: number, to: number, days: number): number[] {
  const at = new Date(from);
  at.setHours(24, 0, 0, 0);
  return until(at, to, () => at.setDate(at.getDate() + days));
}
function everyMonths(from: number, to: number, months: number): number[] {
  const first = new Date(from);
  const at = new Date(first.getFullYear(), Math.ceil((first.getMonth() + 1) / months) * months, 1);
  return until(at, to, () => at.setMonth(at.getMonth() + months));
}
function until(at: Date, to: number, next: () => unknown): number[] {
  const ticks: number[] = [];
  for (; at.getTime() <= to; next()) ticks.push(at.getTime());
  return ticks;
}

/** The stretch nearest to a time. */
export function nearest(columns: readonly Span[], at: number): number {
  let low = 0;
  let high = columns.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((columns[middle]?.from ?? 0) <= at) low = middle;
    else high = middle;
  }
  const distance = (index: number) => {
    const span = columns[index];
    return span === undefined ? Number.POSITIVE_INFINITY : Math.abs((span.from + span.to) / 2 - at);
  };
  return distance(high) < distance(low) ? high : low;
}
