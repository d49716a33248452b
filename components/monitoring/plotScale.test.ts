import { expect, test } from 'vitest';
import { apart, bandPath, meanPath } from './plotPaths.ts';
import { nearest, scaleOf, timeTicks } from './plotScale.ts';

const span = (at: number, min: number, max = min) => ({ from: at, to: at, min, max, mean: (min + max) / 2, count: 2 });

test('a scale holds every value and every limit, on round numbers', () => {
  const runs = [[span(0, 61, 74), span(1, 58, 83)]];
  const limits = { criticalLow: 41, criticalHigh: 130, hysteresis: 1, forSeconds: 0 };
  expect(scaleOf([{ name: 'heartRate', runs, limits }])).toEqual({
    low: 40,
    high: 140,
    ticks: [40, 60, 80, 100, 120, 140],
  });
  const { low, high } = scaleOf([{ name: 'temperature', runs: [[span(0, 36.6, 36.7)]] }]);
  expect(high - low).toBeGreaterThanOrEqual(1);
});

test('times stand at full hours, midnights and firsts of months, and never too close', () => {
  const from = new Date(2026, 2, 10, 7, 20).getTime();
  const hours = timeTicks(from, from + 86_400_000, 8);
  expect(hours.map((at) => new Date(at).getHours() % 3)).toEqual(hours.map(() => 0));
  expect(hours.length).toBeGreaterThan(3);
  for (const days of [30, 365]) {
    const ticks = timeTicks(from, from + days * 86_400_000, 8);
    expect(ticks.length).toBeLessThanOrEqual(9);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.every((at) => at >= from && new Date(at).getHours() === 0)).toBe(true);
  }
});

test('a line is broken where there is nothing, and one stretch is a dot', () => {
  const place = { x: (at: number) => at, y: (value: number) => -value };
  const runs = [[span(0, 1, 3), span(2, 2, 4)], [span(9, 5)]];
  expect(meanPath(runs, place)).toBe('M0 -2L2 -3M9 -5h0');
  expect(bandPath(runs, place)).toBe('M0 -3L2 -4L2 -2L0 -1ZM9 -5L9 -5Z');
});

test('labels do not lie on each other, and the nearest stretch is found', () => {
  expect(apart([10, 100, 14], 12)).toEqual([10, 100, 22]);
  const columns = [span(0, 1), span(10, 1), span(30, 1)];
  expect([-5, 4, 6, 19, 21, 99].map((at) => nearest(columns, at))).toEqual([0, 0, 1, 1, 2, 2]);
});
