import { describe, expect, it } from 'vitest';
import { byPlace, lastDays, shareOf } from './supplyFigures.ts';

const now = Date.parse('2026-03-08T12:00:00Z');
const day = (date: string, moved: number) => ({ day: date, moved, made: 0, dispensed: 0, lost: 0 });

it('days without anything count as nothing, and those before are summed apart', () => {
  const view = lastDays(
    [day('2026-03-08', 5), day('2026-03-06', 2), day('2026-03-05', 7), day('2026-03-01', 9)],
    'moved',
    3,
    now,
  );
  expect(view.days.map(({ count }) => count)).toEqual([2, 0, 5]);
  expect(view).toMatchObject({ packs: 7, before: 7 });
});

describe('how far a recall has come', () => {
  const packs = (waiting: number, unaccounted: number) => ({
    packs: { covered: 1000, secured: 0, dispensed: 0, waiting, unaccounted },
  });
  it.each([
    [packs(0, 0), 100],
    [packs(1, 0), 99],
    [packs(0, 1), 99],
    [packs(500, 100), 40],
    [packs(1000, 0), 0],
  ])('%o is %i', (coverage, share) => {
    expect(shareOf(coverage)).toBe(share);
  });
});

it('a place is as short as the product that lasts the shortest there', () => {
  const row = (site: string, gtin: string, usable: number, daysLeft: number | null) => ({
    ...{ site, gtin, usable, daysLeft, holder: 'h', transit: 1, quarantined: 0, expired: 0, expiring: 0, daily: 1 },
  });
  const places = byPlace([
    row('a', '1', 10, 20),
    row('b', '1', 50, null),
    row('a', '2', 3, 4),
    row('c', '1', 60, null),
  ]);
  expect(places.map(({ site, usable, shortest }) => [site, usable, shortest])).toEqual([
    ['a', 13, { gtin: '2', days: 4 }],
    ['c', 60, null],
    ['b', 50, null],
  ]);
});
