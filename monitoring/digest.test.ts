import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SeriesName, series, seriesCode, seriesNames, seriesOfCode } from './catalogue.ts';
import {
  closedAt,
  digestOfWire,
  digestsOf,
  digestToWire,
  meanOf,
  mergeAll,
  ofSteps,
  periodOf,
  shareInRange,
} from './digest.ts';
import { flags, type Reading, ReadingError } from './reading.ts';

const start = Date.UTC(2026, 5, 1, 8);
const limits = {
  heartRate: { low: 60, high: 100, hysteresis: 0, forSeconds: 0 },
  temperature: { high: 38, hysteresis: 0, forSeconds: 0 },
};
const readings: fc.Arbitrary<Reading[]> = fc.array(
  fc.oneof(
    fc.record({
      ...{ at: fc.integer({ min: start, max: start + 3 * 86_400_000 }), measure: fc.constant('heartRate' as const) },
      ...{ values: fc.tuple(fc.integer({ min: 10, max: 350 })), flags: fc.constant(0) },
    }),
    fc.record({
      ...{ at: fc.integer({ min: start, max: start + 3 * 86_400_000 }), measure: fc.constant('temperature' as const) },
      ...{ values: fc.tuple(fc.integer({ min: 240, max: 460 }).map((steps) => steps / 10)), flags: fc.constant(0) },
    }),
  ),
  { minLength: 1, maxLength: 80 },
);

test('an hour is told as it was', () => {
  const given = [70, 58, 61, 130].map((value, index) => ({
    ...{ at: start + index * 60_000, measure: 'heartRate' as const, values: [value], flags: 0 },
  }));
  const doubted = { at: start + 1, measure: 'heartRate' as const, values: [300], flags: flags.poorSignal };
  const [digest, ...others] = digestsOf([...given, doubted], 'hour', limits);
  expect(others).toEqual([]);
  expect(digest).toEqual({
    ...{ series: 'heartRate', from: start, count: 4, min: 58, max: 130, sum: 319, below: 1, above: 1 },
    ...{ first: { at: start, steps: 70 }, last: { at: start + 180_000, steps: 130 } },
  });
  if (digest === undefined) throw new Error('no digest');
  expect([meanOf(digest), shareInRange(digest)]).toEqual([79.75, 0.5]);
});

describe('digests merge exactly', () => {
  test('in whatever parts and order the readings came', () => {
    fc.assert(
      fc.property(readings, fc.array(fc.boolean()), (given, choice) => {
        const late = given.filter((_, index) => choice[index] === true);
        const inTime = given.filter((_, index) => choice[index] !== true);
        const apart = mergeAll([...digestsOf(late, 'hour', limits), ...digestsOf(inTime.toReversed(), 'hour', limits)]);
        expect(apart).toEqual(digestsOf(given, 'hour', limits));
        expect(mergeAll(apart, 'day')).toEqual(digestsOf(given, 'day', limits));
      }),
    );
  });
  test('and what they tell is true of their readings', () => {
    fc.assert(
      fc.property(readings, (given) => {
        for (const digest of digestsOf(given, 'hour', limits)) {
          const values = given
            .filter(({ at, measure }) => measure === digest.series && periodOf('hour', at) === digest.from)
            .flatMap(({ values: each }) => each);
          expect(digest.count).toBe(values.length);
          expect(ofSteps(digest.series, digest.max)).toBe(Math.max(...values));
          expect(ofSteps(digest.series, digest.min)).toBe(Math.min(...values));
          expect(digest.above).toBe(
            values.filter((value) => value > (limits[measureOf(digest.series)].high ?? 0)).length,
          );
        }
      }),
    );
  });
});
const measureOf = (name: SeriesName) => {
  if (name !== 'heartRate' && name !== 'temperature') throw new TypeError(name);
  return name;
};

describe('on the wire', () => {
  test('a digest is read as it was written', () => {
    fc.assert(
      fc.property(readings, (given) => {
        for (const period of ['hour', 'day'] as const) {
          for (const digest of digestsOf(given, period, limits)) {
            expect(digestOfWire(digestToWire(digest, start - 1), start - 1, period)).toEqual(digest);
          }
        }
      }),
    );
  });
  test('what contradicts itself is refused', () => {
    const [digest] = digestsOf([{ at: start + 5, measure: 'heartRate', values: [70], flags: 0 }], 'hour');
    if (digest === undefined) throw new Error('no digest');
    const wire = digestToWire(digest, start);
    expect(digestOfWire(wire, start, 'hour')).toEqual(digest);
    const changes = { 0: 1, 2: 0, 3: 71, 4: 69, 5: 71, 6: 3_600_000, 7: 71, 8: 1, 10: 2, 11: 2 };
    for (const [place, value] of Object.entries(changes)) {
      expect(() => digestOfWire(wire.with(Number(place), value), start, 'hour')).toThrow(ReadingError);
    }
    for (const strange of [null, wire.slice(1), wire.with(1, 99), wire.with(5, 70.5)]) {
      expect(() => digestOfWire(strange, start, 'hour')).toThrow(ReadingError);
    }
  });
  test('every series has a code of its own', () => {
    expect(seriesNames.map((name) => seriesOfCode(seriesCode(name)))).toEqual([...seriesNames]);
    expect([...seriesNames].sort()).toEqual(Object.keys(series).sort());
  });
});

test('an hour is closed when it is over and two minutes more', () => {
  const kept = digestsOf([{ at: start + 5, measure: 'heartRate', values: [70], flags: 0 }], 'hour');
  expect(closedAt(kept, 'hour', start + 3_719_999)).toEqual({ closed: [], open: kept });
  expect(closedAt(kept, 'hour', start + 3_720_000)).toEqual({ closed: kept, open: [] });
});
