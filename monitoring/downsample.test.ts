import fc from 'fast-check';
import { expect, test } from 'vitest';
import { envelope, gapsOf, type Span, spansOfReadings, type Window } from './downsample.ts';

const window: Window = { from: 0, to: 100_000, columns: 50, gapMs: 6_000 };
/** Values at seconds, with stretches where nothing was measured. */
const spans: fc.Arbitrary<Span[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: -500, max: 500 })), {
    minLength: 1,
    maxLength: 300,
  })
  .map((steps) => {
    let at = 0;
    return steps.map(([wait, value]) => {
      at += wait;
      return { from: at, to: at, min: value, max: value, mean: value, count: 1 };
    });
  });
const within = (given: readonly Span[]) => given.filter(({ to }) => to <= window.to);

test('no extreme and no value is lost', () => {
  fc.assert(
    fc.property(spans, (all) => {
      const given = within(all);
      const drawn = envelope(all, window).flat();
      expect(drawn.reduce((sum, { count }) => sum + count, 0)).toBe(given.length);
      for (const column of drawn) {
        const there = given.filter(({ from }) => from >= column.from && from <= column.to).map(({ mean }) => mean);
        expect([column.min, column.max]).toEqual([Math.min(...there), Math.max(...there)]);
        expect(column.mean).toBeCloseTo(there.reduce((sum, value) => sum + value, 0) / there.length, 6);
      }
    }),
  );
});

test('a gap stays a gap, and nothing else is one', () => {
  fc.assert(
    fc.property(spans, (all) => {
      const given = within(all);
      const runs = envelope(all, window);
      const gaps = given.filter(({ from }, index) => index > 0 && from - (given[index - 1]?.to ?? from) > window.gapMs);
      expect(runs.length).toBe(given.length === 0 ? 0 : gaps.length + 1);
      const drawn = gapsOf(runs, window);
      for (const { from, to } of drawn) expect(given.some((span) => span.from > from && span.to < to)).toBe(false);
      for (const gap of gaps) expect(drawn.some(({ to }) => to === gap.from)).toBe(true);
    }),
  );
});

test('no more columns than pixels, but where a gap parts one', () => {
  fc.assert(
    fc.property(spans, (all) => {
      const runs = envelope(all, window);
      expect(runs.flat().length).toBeLessThanOrEqual(window.columns + runs.length);
    }),
  );
});

test('a series is taken out of readings, in the order of time, without what was doubted', () => {
  const pressure = { measure: 'bloodPressure', values: [120, 80] } as const;
  const given = [
    ...[
      { at: 2, ...pressure, flags: 0 },
      { at: 1, ...pressure, flags: 1 },
      { at: 3, ...pressure, flags: 2 },
    ],
    { at: 4, measure: 'heartRate', values: [70], flags: 0 } as const,
  ];
  expect(spansOfReadings(given, 'diastolic').map(({ from, mean }) => [from, mean])).toEqual([
    [1, 80],
    [2, 80],
  ]);
});
