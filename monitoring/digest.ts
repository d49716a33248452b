import { type SeriesName, series, seriesCode, seriesNames, seriesOf, seriesOfCode } from './catalogue.ts';
import type { Limits } from './plan.ts';
import { isJudged, type Reading, ReadingError } from './reading.ts';

/**
 * What remains of an hour or a day when the readings themselves are gone. Everything in a digest is a count, a sum of whole
 * steps or an extreme, so that digests merge exactly, in any order: readings that come late are a digest of their own.
 */

export const periods = { hour: 3_600_000, day: 86_400_000 } as const;
export type Period = keyof typeof periods;
/** Start of the period (UTC) in which a time lies. */
export const periodOf = (period: Period, at: number): number => Math.floor(at / periods[period]) * periods[period];

interface Stepped {
  at: number;
  /** In steps of the series. */
  steps: number;
}
/** Values are whole numbers of the series' steps; `ofSteps` makes units of them. */
export interface Digest {
  series: SeriesName;
  /** Start of the hour or day, in milliseconds since 1970 (UTC). */
  from: number;
  count: number;
  min: number;
  max: number;
  sum: number;
  first: Stepped;
  last: Stepped;
  /** How many lay below and above the urgent (else critical) limits in force then: what remains was in range. */
  below: number;
  above: number;
}

export const ofSteps = (name: SeriesName, steps: number): number => steps / 10 ** series[name].decimals;
export const meanOf = ({ series: name, sum, count }: Digest): number => ofSteps(name, sum / count);
/** Share of the readings that lay in range, 0 to 1. */
export const shareInRange = ({ count, below, above }: Digest): number => (count - below - above) / count;

const stepsOf = (name: SeriesName, value: number) => Math.round(value * 10 ** series[name].decimals);
const isEarlier = (a: Stepped, b: Stepped) => a.at < b.at || (a.at === b.at && a.steps < b.steps);

/** Of both together; they are of the same series and period. */
export function merge(a: Digest, b: Digest): Digest {
  if (a.series !== b.series || a.from !== b.from) throw new TypeError('digests of different times or series');
  return {
    ...{ series: a.series, from: a.from, count: a.count + b.count, sum: a.sum + b.sum },
    ...{ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) },
    first: isEarlier(b.first, a.first) ? b.first : a.first,
    last: isEarlier(a.last, b.last) ? b.last : a.last,
    ...{ below: a.below + b.below, above: a.above + b.above },
  };
}

/** One for each series and period, in the order of time. With `period`, of hours it makes days. */
export function mergeAll(digests: Iterable<Digest>, period?: Period): Digest[] {
  const merged = new Map<string, Digest>();
  for (const given of digests) {
    const digest = period === undefined ? given : { ...given, from: periodOf(period, given.from) };
    const key = `${digest.series}/${digest.from}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? digest : merge(known, digest));
  }
  return [...merged.values()].sort(
    (a, b) => a.from - b.from || seriesNames.indexOf(a.series) - seriesNames.indexOf(b.series),
  );
}

/** Digests of readings; what a sensor doubted is in none. */
export function digestsOf(
  readings: Iterable<Reading>,
  period: Period,
  limits: Partial<Record<SeriesName, Limits>> = {},
): Digest[] {
  function* each() {
    for (const reading of readings) {
      if (!isJudged(reading)) continue;
      for (const [index, name] of seriesOf(reading.measure).entries()) {
        const value = reading.values[index];
        if (value !== undefined) yield digestOne(name, reading.at, value, period, limits[name]);
      }
    }
  }
  return mergeAll(each());
}

function digestOne(name: SeriesName, at: number, value: number, period: Period, given: Limits | undefined): Digest {
  const steps = stepsOf(name, value);
  const low = given?.low ?? given?.criticalLow;
  const high = given?.high ?? given?.criticalHigh;
  return {
    ...{ series: name, from: periodOf(period, at), count: 1, min: steps, max: steps, sum: steps },
    ...{ first: { at, steps }, last: { at, steps } },
    below: low !== undefined && value < low ? 1 : 0,
    above: high !== undefined && value > high ? 1 : 0,
  };
}

/**
 * `[ms from the frame's start to the period's, series code, count, min, max, sum, first's time, first, last's time, last, below,
 * above]`: times in milliseconds after the period's start. The frame's kind says whether it is an hour or a day.
 */
export type WireDigest = readonly number[];

export const digestToWire = (digest: Digest, frameFrom: number): WireDigest => [
  ...[digest.from - frameFrom, seriesCode(digest.series), digest.count, digest.min, digest.max, digest.sum],
  ...[digest.first.at - digest.from, digest.first.steps, digest.last.at - digest.from, digest.last.steps],
  ...[digest.below, digest.above],
];

/** A digest of the wire's form, whatever came; throws `ReadingError`. */
export function digestOfWire(wire: unknown, frameFrom: number, period: Period): Digest {
  if (!Array.isArray(wire) || wire.length !== 12 || !wire.every((each): each is number => Number.isSafeInteger(each))) {
    throw new ReadingError('SHAPE', 'not a digest');
  }
  const [after = 0, code = 0, count = 0, min = 0, max = 0, sum = 0, ...others] = wire;
  const [firstAt = 0, first = 0, lastAt = 0, last = 0, below = 0, above = 0] = others;
  const name = seriesOfCode(code);
  if (name === undefined) throw new ReadingError('UNKNOWN_MEASURE', `there is no series ${code}`);
  const from = frameFrom + after;
  const digest: Digest = {
    ...{ series: name, from, count, min, max, sum, below, above },
    ...{ first: { at: from + firstAt, steps: first }, last: { at: from + lastAt, steps: last } },
  };
  if (!isConsistent(digest, period)) throw new ReadingError('IMPOSSIBLE_VALUE', 'the digest contradicts itself');
  return digest;
}

function isConsistent({ series: name, from, count, min, max, sum, first, last, below, above }: Digest, period: Period) {
  const { lowest, highest } = series[name];
  const isWithin = ({ at, steps }: Stepped) =>
    at >= from && at < from + periods[period] && steps >= min && steps <= max;
  return (
    from === periodOf(period, from) &&
    count >= 1 &&
    min <= max &&
    ofSteps(name, min) >= lowest &&
    ofSteps(name, max) <= highest &&
    sum >= count * min &&
    sum <= count * max &&
    isWithin(first) &&
    isWithin(last) &&
    first.at <= last.at &&
    below >= 0 &&
    above >= 0 &&
    below + above <= count
  );
}

/** Digests that a device keeps until their period is over and what belongs to it has had time to come. */
export function closedAt(kept: readonly Digest[], period: Period, now: number): { closed: Digest[]; open: Digest[] } {
  const isOver = ({ from }: Digest) => now >= from + periods[period] + graceMs;
  return { closed: kept.filter(isOver), open: kept.filter((digest) => !isOver(digest)) };
}
const graceMs = 120_000;
