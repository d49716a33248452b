import type { AlertLevel } from '#chaincode/model/alert.ts';
import { type AlertCause, causeKeys } from './alert.ts';
import { type MeasureName, measureNames, type SeriesName, series, seriesNames } from './catalogue.ts';
import { type Measured, scoredSeries, scoreOf } from './news2.ts';
import type { Limits, PlanTerms, Trend } from './plan.ts';
import { changeIn } from './trend.ts';
import type { WatchState } from './watchState.ts';

/**
 * How one cause stands. `unsure`: between a limit and its hysteresis, or nothing is known now; neither brings an alert nor ends
 * one, as not knowing is no recovery.
 */
export type Verdict =
  | {
      key: string;
      at: number;
      says: 'outside';
      /** Until when it is known to have lasted. */
      until: number;
      level: AlertLevel;
      forSeconds: number;
      cause: AlertCause;
    }
  | { key: string; at: number; says: 'inside' | 'unsure' };

type Known = Pick<WatchState, 'newest' | 'heard' | 'trends' | 'watchedSince'>;

/** Every cause that a plan can have: what is not among them any more is not watched any more. */
export function causesOf(terms: PlanTerms): Set<string> {
  const { news2, falls } = terms;
  return new Set([
    ...seriesNames.flatMap((name) =>
      terms.limits[name] === undefined ? [] : [causeKeys.limit(name, 'low'), causeKeys.limit(name, 'high')],
    ),
    ...terms.trends.map(trendKey),
    ...(news2 === undefined ? [] : [causeKeys.news2]),
    ...(falls === undefined ? [] : [causeKeys.fall]),
    causeKeys.missing,
  ]);
}

/**
 * Verdicts about what the newest value of a series touches. What a sensor said lasted until it said it; what is measured a few
 * times a day lasts until something else is measured.
 */
export function verdictsOn(terms: PlanTerms, known: Known, name: SeriesName, now: number): Verdict[] {
  const { [name]: given } = terms.limits;
  const { [name]: value } = known.newest;
  if (value === undefined) return [];
  return [
    ...(given === undefined
      ? []
      : (['low', 'high'] as const).map((side): Verdict => limitVerdict(name, side, given, value, now))),
    ...terms.trends.flatMap((rule) => (rule.series === name ? trendVerdict(rule, known, value) : [])),
  ];
}

function limitVerdict(name: SeriesName, side: 'low' | 'high', given: Limits, measured: Measured, now: number): Verdict {
  const key = causeKeys.limit(name, side);
  const { at, value } = measured;
  const [urgent, critical] = side === 'low' ? [given.low, given.criticalLow] : [given.high, given.criticalHigh];
  const isBeyond = (limit: number | undefined): limit is number =>
    limit !== undefined && (side === 'low' ? value < limit : value > limit);
  const outside = (level: AlertLevel, limit: number): Verdict => ({
    ...{ key, at, says: 'outside', until: series[name].sensed ? at : Math.max(at, now) },
    ...{ level, forSeconds: given.forSeconds },
    cause: { kind: 'limit', series: name, side, value, limit },
  });
  if (isBeyond(critical)) return outside('critical', critical);
  if (isBeyond(urgent)) return outside('urgent', urgent);
  const nearest = urgent ?? critical;
  const isBack =
    nearest === undefined ||
    (side === 'low' ? value >= nearest + given.hysteresis : value <= nearest - given.hysteresis);
  return { key, at, says: isBack ? 'inside' : 'unsure' };
}

export const trendKey = ({ series: name, change, windowSeconds }: Trend) =>
  causeKeys.trend(name, change, windowSeconds);
/** A change of less than three quarters of what was asked for counts as over. */
const overBelow = 0.75;

function trendVerdict(rule: Trend, { trends }: Known, { at, value }: Measured): Verdict[] {
  const key = trendKey(rule);
  const found = changeIn(trends[key] ?? [], rule);
  if (found === undefined) return [{ key, at, says: 'unsure' }];
  const share = found.change / rule.change;
  if (share < 1) return [{ key, at, says: share < overBelow ? 'inside' : 'unsure' }];
  const digits = 10 ** (series[rule.series].decimals + 1);
  const change = Math.round(found.change * digits) / digits;
  const cause: AlertCause = { kind: 'trend', series: rule.series, change, seconds: found.seconds, value };
  return [{ key, at, says: 'outside', until: at, level: rule.level, forSeconds: 0, cause }];
}

/** `at`: of the newest parameter, so that a score lasts as long as what it is made of. */
export function scoreVerdict({ news2 }: PlanTerms, { newest }: Known, now: number): Verdict[] {
  if (news2 === undefined) return [];
  const key = causeKeys.news2;
  const score = scoreOf(newest, news2, now);
  if (score.state !== 'scored') return [{ key, at: now, says: 'unsure' }];
  const at = Math.min(now, Math.max(...scoredSeries.map((name) => newest[name]?.at ?? 0)));
  const { band, total, points } = score;
  if (band === 'low') return [{ key, at, says: 'inside' }];
  const level = band === 'high' ? 'critical' : 'urgent';
  const cause: AlertCause = { kind: 'news2', total, band, points };
  return [{ key, at, says: 'outside', until: at, level, forSeconds: news2.forSeconds, cause }];
}

/**
 * Everything that is silent is one cause: a device that is off is one alert. After a pause of whoever watches, silence counts
 * anew, and until then nothing is known of it.
 */
export function silenceVerdict(terms: PlanTerms, { heard, watchedSince }: Known, now: number): Verdict {
  const silentSince = (name: MeasureName, since: number) => {
    const after = terms.missingAfterSeconds[name];
    return after !== undefined && now - since > after * 1000;
  };
  const measures = measureNames.filter((name) =>
    silentSince(name, Math.max(heard[name] ?? watchedSince, watchedSince)),
  );
  const key = causeKeys.missing;
  if (measures.length === 0) {
    const isUnsure = measureNames.some((name) => silentSince(name, heard[name] ?? Number.NEGATIVE_INFINITY));
    return { key, at: now, says: isUnsure ? 'unsure' : 'inside' };
  }
  const cause: AlertCause = { kind: 'missing', measures };
  return { key, at: now, says: 'outside', until: now, level: terms.missingLevel, forSeconds: 0, cause };
}
