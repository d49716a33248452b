import type { AlertLevel } from '#chaincode/model/alert.ts';
import { t } from '#messages/en.ts';
import { type MeasureName, measureNames, type SeriesName, series, seriesNames } from '#monitoring/catalogue.ts';
import { type Limits, type PlanTerms, planTerms, type QuietHours, type Scoring } from '#monitoring/plan.ts';
import { scoringDefaults } from '#monitoring/planDefaults.ts';

/** A plan while somebody writes it: numbers are text until the form is sent. */

export const limitFields = ['criticalLow', 'low', 'high', 'criticalHigh'] as const;
export type LimitField = (typeof limitFields)[number];
export type LimitDraft = Record<LimitField | 'hysteresis', string> & { forSeconds: number };
export interface TrendDraft {
  /** For the list only. */
  key: number;
  series: SeriesName;
  change: string;
  windowSeconds: number;
  level: AlertLevel;
}
export interface ScoreDraft {
  isOn: boolean;
  scale: Scoring['scale'];
  aged16OrMore: boolean;
  notPregnant: boolean;
  windowSeconds: number;
}
export interface PlanDraft extends Omit<PlanTerms, 'limits' | 'trends' | 'news2' | 'quietHours'> {
  limits: Partial<Record<SeriesName, LimitDraft>>;
  trends: TrendDraft[];
  score: ScoreDraft;
  quiet: QuietHours & { isOn: boolean };
}

const written = (value: number | undefined) => (value === undefined ? '' : String(value));

export const limitDraft = (limits?: Limits, name?: SeriesName): LimitDraft => ({
  criticalLow: written(limits?.criticalLow),
  low: written(limits?.low),
  high: written(limits?.high),
  criticalHigh: written(limits?.criticalHigh),
  hysteresis: written(limits?.hysteresis ?? (name === undefined ? 1 : 2 / 10 ** series[name].decimals)),
  forSeconds: limits?.forSeconds ?? 0,
});

export function draftOf(terms: PlanTerms, timeZone: string): PlanDraft {
  const { limits, trends, news2, quietHours, ...others } = terms;
  return {
    ...others,
    limits: Object.fromEntries(
      seriesNames.flatMap((name) => (limits[name] === undefined ? [] : [[name, limitDraft(limits[name])]])),
    ),
    trends: trends.map((trend, key) => ({ ...trend, key, change: String(trend.change) })),
    score: {
      isOn: news2 !== undefined,
      scale: news2?.scale ?? 1,
      aged16OrMore: news2 !== undefined,
      notPregnant: news2 !== undefined,
      windowSeconds: news2?.windowSeconds ?? scoringDefaults.windowSeconds,
    },
    quiet: { from: '22:00', until: '07:00', holds: 'notice', timeZone, ...quietHours, isOn: quietHours !== undefined },
  };
}

/** Where something must be written otherwise: a series' limits, a trend by its key, or a part of the form. */
export interface DraftFaults {
  limits: Partial<Record<SeriesName, string>>;
  trends: Record<number, string>;
  score?: string;
  others: string[];
}
export const noFaults: DraftFaults = { limits: {}, trends: {}, others: [] };

/** A number as people write it: with a comma too. */
const numberOf = (words: string) => Number(words.trim().replace(',', '.'));
const optional = (words: string) => (words.trim() === '' ? undefined : numberOf(words));

/** The terms, or what prevents them. */
export function termsOf(draft: PlanDraft): { terms: PlanTerms } | { faults: DraftFaults } {
  const { limits, trends, score, quiet, ...others } = draft;
  const { isOn, ...quietHours } = quiet;
  const news2 = { ...score, isOn: undefined, forSeconds: scoringDefaults.forSeconds };
  const given = seriesNames.flatMap((name) => {
    const { [name]: limit } = limits;
    return limit === undefined ? [] : [[name, limitsOfDraft(limit)] as const];
  });
  const parsed = planTerms.safeParse({
    ...others,
    limits: Object.fromEntries(given),
    trends: trends.map(({ key: _, change, ...trend }) => ({ ...trend, change: numberOf(change) })),
    ...(score.isOn && { news2: withoutUndefined(news2) }),
    ...(isOn && { quietHours }),
  });
  return parsed.success ? { terms: parsed.data } : { faults: faultsOf(draft, parsed.error.issues) };
}
const limitsOfDraft = ({ forSeconds, hysteresis, ...limit }: LimitDraft) =>
  withoutUndefined({
    ...Object.fromEntries(limitFields.map((field) => [field, optional(limit[field])])),
    ...{ forSeconds, hysteresis: numberOf(hysteresis) },
  });
const withoutUndefined = (members: object) =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));

function faultsOf({ trends }: PlanDraft, issues: readonly { path: PropertyKey[]; message: string; code?: string }[]) {
  const faults: DraftFaults = { limits: {}, trends: {}, others: [] };
  for (const { path, message, code } of issues) {
    const [part, place] = path;
    const words = code === 'invalid_type' ? t.monitoringPlan.notNumber : message;
    const name = seriesNames.find((each) => each === place);
    const trend = typeof place === 'number' ? trends[place] : undefined;
    if (part === 'limits' && name !== undefined) faults.limits[name] = words;
    else if (part === 'trends' && trend !== undefined) faults.trends[trend.key] = words;
    else if (part === 'news2') faults.score = t.monitoringPlan.score.both;
    else faults.others.push(`${path.join('.')}: ${message}`);
  }
  return faults;
}

/** Choices of a time, with the present one among them where it is another. */
export function secondsChoices(choices: readonly number[], present: number): number[] {
  return choices.includes(present) ? [...choices] : [...choices, present].sort((a, b) => a - b);
}
export const silentMeasures = (chosen: Partial<Record<MeasureName, number>>): MeasureName[] =>
  measureNames.filter((name) => chosen[name] !== undefined);
