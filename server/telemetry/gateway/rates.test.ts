import { expect, it } from 'vitest';
import { Rates } from './rates.ts';

it('gives each device ten seconds’ worth at once, then its share, and tells who wants much more', () => {
  let now = 0;
  const rates = new Rates({ frames: 2, bytes: 1_000 }, () => now);
  const take = (device: string, frames: number, bytes = 0) => rates.take(device, { frames, bytes });
  expect(take('a', 20)).toBe(0);
  expect(take('a', 1)).toBe(500);
  expect(take('b', 1)).toBe(0);
  now += 1_500;
  expect(take('a', 2)).toBe(0);
  // Bytes count likewise.
  expect(take('b', 1, 12_000)).toBe(2_000);
  expect(take('a', 100)).toBe('flooding');
  // What was not taken is not owed.
  expect(take('a', 1)).toBe(500);
});

it('forgets whoever has nothing outstanding, and nobody else', () => {
  let now = 0;
  const rates = new Rates({ frames: 1, bytes: 1_000 }, () => now);
  rates.take('idle', { frames: 1, bytes: 0 });
  expect(rates.take('debtor', { frames: 35, bytes: 0 })).toBe(25_000);
  now += 21_000;
  rates.sweep();
  expect(rates.take('debtor', { frames: 1, bytes: 0 })).toBe(5_000);
  expect(rates.take('idle', { frames: 10, bytes: 0 })).toBe(0);
});
