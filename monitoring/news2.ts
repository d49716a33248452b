import { type SeriesName, series } from './catalogue.ts';
import type { Scoring } from './plan.ts';

/**
 * National Early Warning Score 2. Royal College of Physicians: National Early Warning Score (NEWS) 2. Standardising the
 * assessment of acute-illness severity in the NHS. London: RCP, 2017 (charts 1 and 2). It is for people of 16 years or more who
 * are not pregnant, and for seven parameters: without one of them there is no score, and never a nought in its place.
 */

export const scoredSeries = [
  ...(['respiratoryRate', 'saturation', 'oxygenFlow', 'systolic'] as const),
  ...(['heartRate', 'consciousness', 'temperature'] as const),
] as const satisfies readonly SeriesName[];
export type ScoredSeries = (typeof scoredSeries)[number];

export interface Measured {
  /** Milliseconds since 1970. */
  at: number;
  value: number;
}
/** Aggregate 0 to 4; 3 in one parameter; aggregate 5 or 6; 7 or more (chart 2). */
export type ScoreBand = 'low' | 'lowMedium' | 'medium' | 'high';
export type Points = 0 | 1 | 2 | 3;
export type Score =
  | { state: 'scored'; total: number; points: Record<ScoredSeries, Points>; band: ScoreBand }
  /** `old`: was measured, but longer ago than the window. */
  | { state: 'incomplete'; missing: ScoredSeries[]; old: ScoredSeries[] }
  | { state: 'unsuitable'; reason: 'UNDER_16' | 'PREGNANT' };

/** Whom a score is asked for. */
export interface ScoredPerson {
  aged16OrMore: boolean;
  notPregnant: boolean;
}

/** Readings more than this ahead of the clock are not believed. */
const aheadMs = 300_000;

/** The score of the newest values, as of `now` (milliseconds). */
export function scoreOf(
  newest: Partial<Record<SeriesName, Measured>>,
  { scale, windowSeconds, aged16OrMore, notPregnant }: Pick<Scoring, 'scale' | 'windowSeconds'> & ScoredPerson,
  now: number,
): Score {
  if (!aged16OrMore) return { state: 'unsuitable', reason: 'UNDER_16' };
  if (!notPregnant) return { state: 'unsuitable', reason: 'PREGNANT' };
  const counts = (measured: Measured | undefined): measured is Measured =>
    measured !== undefined && now - measured.at <= windowSeconds * 1000 && measured.at - now <= aheadMs;
  const { respiratoryRate, saturation, oxygenFlow, systolic, heartRate, consciousness, temperature } = newest;
  if (
    !counts(respiratoryRate) ||
    !counts(saturation) ||
    !counts(oxygenFlow) ||
    !counts(systolic) ||
    !counts(heartRate) ||
    !counts(consciousness) ||
    !counts(temperature)
  ) {
    const without = scoredSeries.filter((name) => !counts(newest[name]));
    return {
      ...{ state: 'incomplete', missing: without.filter((name) => newest[name] === undefined) },
      old: without.filter((name) => newest[name] !== undefined),
    };
  }
  const onOxygen = oxygenFlow.value > 0;
  const points: Record<ScoredSeries, Points> = {
    respiratoryRate: pointsIn(bands.respiratoryRate, rounded('respiratoryRate', respiratoryRate)),
    saturation: pointsIn(bands[saturationBands(scale, onOxygen)], rounded('saturation', saturation)),
    oxygenFlow: onOxygen ? 2 : 0,
    systolic: pointsIn(bands.systolic, rounded('systolic', systolic)),
    heartRate: pointsIn(bands.heartRate, rounded('heartRate', heartRate)),
    consciousness: consciousness.value === 0 ? 0 : 3,
    temperature: pointsIn(bands.temperature, rounded('temperature', temperature)),
  };
  const each = Object.values(points);
  const total = each.reduce<number>((sum, given) => sum + given, 0);
  return { state: 'scored', total, points, band: bandOf(total, each) };
}

function bandOf(total: number, points: readonly Points[]): ScoreBand {
  if (total >= 7) return 'high';
  if (total >= 5) return 'medium';
  return points.includes(3) ? 'lowMedium' : 'low';
}

/** Values as the chart writes them: whole numbers, temperatures with one digit behind the point. */
function rounded(name: SeriesName, { value }: Measured): number {
  const scale = 10 ** series[name].decimals;
  return Math.round(value * scale) / scale;
}

type Band = readonly [upTo: number, points: Points];
/** Chart 1, each parameter from its smallest values up: the points of a value up to and with a limit. */
const bands = {
  respiratoryRate: [
    [8, 3],
    [11, 1],
    [20, 0],
    [24, 2],
    [Number.POSITIVE_INFINITY, 3],
  ],
  saturation1: [
    [91, 3],
    [93, 2],
    [95, 1],
    [Number.POSITIVE_INFINITY, 0],
  ],
  saturation2OnAir: [
    [83, 3],
    [85, 2],
    [87, 1],
    [Number.POSITIVE_INFINITY, 0],
  ],
  saturation2OnOxygen: [
    [83, 3],
    [85, 2],
    [87, 1],
    [92, 0],
    [94, 1],
    [96, 2],
    [Number.POSITIVE_INFINITY, 3],
  ],
  systolic: [
    [90, 3],
    [100, 2],
    [110, 1],
    [219, 0],
    [Number.POSITIVE_INFINITY, 3],
  ],
  heartRate: [
    [40, 3],
    [50, 1],
    [90, 0],
    [110, 1],
    [130, 2],
    [Number.POSITIVE_INFINITY, 3],
  ],
  temperature: [
    [35, 3],
    [36, 1],
    [38, 0],
    [39, 1],
    [Number.POSITIVE_INFINITY, 2],
  ],
} as const satisfies Record<string, readonly Band[]>;

const saturationBands = (scale: Scoring['scale'], onOxygen: boolean) =>
  scale === 1 ? 'saturation1' : onOxygen ? 'saturation2OnOxygen' : 'saturation2OnAir';

function pointsIn(table: readonly Band[], value: number): Points {
  const band = table.find(([upTo]) => value <= upTo);
  if (band === undefined) throw new TypeError(`no band holds ${value}`);
  return band[1];
}
