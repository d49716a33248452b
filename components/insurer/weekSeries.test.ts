import { expect, it } from 'vitest';
import type { ClaimFigures } from '#server/claims/schema.ts';
import { durationWords, outcomeSeries, paidSeries, ruleSeries, timeSeries } from './weekSeries.ts';

const quiet = { outcomes: {}, byRule: 0, p50Seconds: null, p95Seconds: null };
const figures: ClaimFigures = {
  weeks: [
    { week: '2027-02-22', ...quiet },
    { week: '2027-03-01', outcomes: { approved: 5, denied: 3 }, byRule: 6, p50Seconds: 2, p95Seconds: 90 },
  ],
  ...{ p50Seconds: 2, p95Seconds: 90 },
  paid: [
    { week: '2027-03-01', category: 'medicine', currency: 'EUR', amount: 700 },
    { week: '2027-02-22', category: 'medicine', currency: 'SEK', amount: 100 },
    { week: '2027-03-01', category: 'inpatient', currency: 'EUR', amount: -50 },
  ],
  owed: [],
};
const valuesOf = (series: { bars: { value: number | null }[] } | undefined) => series?.bars.map(({ value }) => value);

it('counts each outcome week by week, with weeks in which there was none', () => {
  const [approved, partly, denied, reversed] = outcomeSeries(figures);
  expect([approved, partly, denied, reversed].map(valuesOf)).toEqual([
    [0, 5],
    [0, 0],
    [0, 3],
    [0, 0],
  ]);
  expect([approved?.total, denied?.total]).toEqual([5, 3]);
});

it('sums what was paid in one currency only, and keeps a week in which more came back', () => {
  const series = paidSeries(figures, 'EUR');
  expect(series.map(({ name, total }) => [name, total])).toEqual([
    ['medicine', 700],
    ['inpatient', -50],
  ]);
});

it('has no share and no time of a week in which nothing was decided', () => {
  expect(valuesOf(ruleSeries(figures))).toEqual([null, 75]);
  expect(timeSeries(figures).map(valuesOf)).toEqual([
    [null, 2],
    [null, 90],
  ]);
});

it('says times in the largest unit that fits', () => {
  expect([0.42, 75, 5_400, 200_000].map(durationWords)).toEqual(['0.4 secs', '1.3 mins', '1.5 hrs', '2.3 days']);
});
