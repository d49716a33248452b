import type { SeriesName } from '#monitoring/catalogue.ts';
import { type Digest, digestsOf, mergeAll, type Period } from '#monitoring/digest.ts';
import { spansOfDigests, spansOfReadings } from '#monitoring/downsample.ts';
import type { Limits } from '#monitoring/plan.ts';
import type { FeedState } from './feedState.ts';
import type { PlotLine } from './plotView.ts';
import { type RangeName, ranges } from './ranges.ts';

/** Series that share a plot, in the order in which a clinician looks at them. */
export const plotted: readonly (readonly [SeriesName, ...SeriesName[]])[] = [
  ['heartRate'],
  ['saturation'],
  ['respiratoryRate'],
  ['systolic', 'diastolic'],
  ['temperature'],
  ['oxygenFlow'],
  ['glucose'],
  ['weight'],
];

/** Digests of a period, with those of what is not digested yet by the devices. */
export function withPresent(
  period: Period,
  { [period]: kept, readings }: Pick<FeedState, Period | 'readings'>,
): Digest[] {
  const known = new Set(kept.map(({ series, from }) => `${series}/${from}`));
  const present = digestsOf(readings, period).filter(({ series, from }) => !known.has(`${series}/${from}`));
  return mergeAll([...kept, ...present]);
}

/** The lines of each plot in which there is something. */
export function linesOf(
  state: Pick<FeedState, 'readings' | 'hour' | 'day'>,
  range: RangeName,
  limits: Partial<Record<SeriesName, Limits>>,
): { name: SeriesName; lines: PlotLine[] }[] {
  const { of } = ranges[range];
  const digests = of === 'readings' ? [] : withPresent(of, state);
  return plotted.flatMap(([first, ...others]) => {
    const lines = [first, ...others].map((name): PlotLine => {
      const spans = of === 'readings' ? spansOfReadings(state.readings, name) : spansOfDigests(digests, name);
      const limit = limits[name];
      return { name, spans, ...(limit !== undefined && { limits: limit }) };
    });
    return lines.some(({ spans }) => spans.length > 0) ? [{ name: first, lines }] : [];
  });
}
