import { benefitCategories } from '#chaincode/model/plan.ts';
import { type ClaimFigures, claimOutcomes } from '#server/claims/schema.ts';

type Weeks = ClaimFigures['weeks'];

/** A small chart: one bar a week, oldest first; null where there is nothing to measure. */
export interface WeekSeries<Name extends string> {
  name: Name;
  total: number;
  bars: { at: number; value: number | null; unanswered: false }[];
}

const seriesOf = <Name extends string>(name: Name, weeks: Weeks, measure: (week: Weeks[number]) => number | null) => {
  const bars = weeks.map((week) => ({ at: Date.parse(week.week), value: measure(week), unanswered: false as const }));
  return { name, bars, total: bars.reduce((sum, { value }) => sum + (value ?? 0), 0) };
};

/** Claims of each outcome. */
export const outcomeSeries = ({ weeks }: ClaimFigures) =>
  claimOutcomes.map((outcome) => seriesOf(outcome, weeks, ({ outcomes }) => outcomes[outcome] ?? 0));

export const decidedIn = ({ outcomes }: Weeks[number]): number =>
  Object.values(outcomes).reduce((sum, claims) => sum + claims, 0);

/** What was paid in one currency, in minor units, of each category that has any. */
export const paidSeries = ({ weeks, paid }: ClaimFigures, currency: string) =>
  benefitCategories
    .map((category) =>
      seriesOf(category, weeks, ({ week }) =>
        paid
          .filter((row) => row.week === week && row.category === category && row.currency === currency)
          .reduce((sum, { amount }) => sum + amount, 0),
      ),
    )
    .filter(({ bars }) => bars.some(({ value }) => value !== 0));

/** In percent, of the claims decided in each week. */
export const ruleSeries = ({ weeks }: ClaimFigures) =>
  seriesOf('byRule', weeks, (week) => (decidedIn(week) === 0 ? null : (week.byRule / decidedIn(week)) * 100));

/** In seconds. */
export const timeSeries = ({ weeks }: ClaimFigures) => [
  seriesOf('p50', weeks, ({ p50Seconds }) => p50Seconds),
  seriesOf('p95', weeks, ({ p95Seconds }) => p95Seconds),
];

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** “4.2 secs”, “3 days”: in the largest unit of which there is one. */
export function durationWords(seconds: number): string {
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? (['second', 1] as const);
  return new Intl.NumberFormat('en-GB', {
    ...{ style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 },
  }).format(seconds / size);
}
