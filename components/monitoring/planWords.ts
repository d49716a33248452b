import type { AlertLevel } from '#chaincode/model/alert.ts';
import { t } from '#messages/en.ts';
import { measureNames, type SeriesName, series } from '#monitoring/catalogue.ts';
import type { Limits, PlanTerms, Trend } from '#monitoring/plan.ts';
import { durationWords, numberWords } from './words.ts';

const text = t.monitoringPlan;

/** The sentences under a plan's fields: what it does, as the person who signs it reads it. */

const withUnit = (name: SeriesName, words: string) => {
  const { unitText } = series[name];
  return unitText.startsWith('/') ? `${words}${unitText}` : `${words} ${unitText}`.trim();
};

export function limitsSentence(name: SeriesName, { criticalLow, low, high, criticalHigh, forSeconds }: Limits): string {
  const side = (words: (value: string) => string, limit: number | undefined) =>
    limit === undefined ? [] : [words(withUnit(name, numberWords(name, limit)))];
  const sides = {
    urgent: [...side(text.limits.below, low), ...side(text.limits.above, high)],
    critical: [...side(text.limits.below, criticalLow), ...side(text.limits.above, criticalHigh)],
  };
  const parts = (['urgent', 'critical'] as const).flatMap((level) =>
    sides[level].length === 0 ? [] : [text.limits.part(text.asLevel[level], sides[level])],
  );
  if (parts.length === 0) return text.limits.none;
  return text.limits.sentence(
    t.monitoring.series[name],
    parts,
    forSeconds === 0 ? undefined : durationWords(forSeconds),
  );
}

export function trendSentence({ series: name, change, windowSeconds, level }: Trend): string {
  const words = change > 0 ? text.trends.rises : text.trends.falls;
  const by = withUnit(name, numberWords(name, Math.abs(change), 1));
  return words(t.monitoring.series[name].toLowerCase(), by, durationWords(windowSeconds), text.levels[level]);
}

export const scoreSentence = ({ news2 }: Pick<PlanTerms, 'news2'>): string =>
  news2 === undefined ? text.score.off : text.score.sentence(news2.scale, durationWords(news2.windowSeconds));

export function silenceSentence({
  missingAfterSeconds,
  missingLevel,
}: Pick<PlanTerms, 'missingAfterSeconds' | 'missingLevel'>): string {
  const parts = measureNames.flatMap((name) => {
    const after = missingAfterSeconds[name];
    if (after === undefined) return [];
    return [text.silence.part(t.monitoring.measures[name].toLowerCase(), durationWords(after))];
  });
  return parts.length === 0 ? text.silence.none : text.silence.sentence(text.levels[missingLevel], parts);
}

export const fallSentence = (falls: AlertLevel | undefined): string =>
  falls === undefined ? text.silence.noFall : text.silence.fall(text.asLevel[falls]);

export function quietSentence({ quietHours }: Pick<PlanTerms, 'quietHours'>): string {
  if (quietHours === undefined) return text.quiet.off;
  const { from, until, holds, timeZone } = quietHours;
  const what = holds === 'notice' ? text.quiet.holdsNotice : text.quiet.holdsUrgent;
  return text.quiet.sentence(from, until, what, timeZone.replace('_', ' '));
}

export function peopleSentence(
  { responder, escalateTo, escalateAfterSeconds }: Pick<PlanTerms, 'responder' | 'escalateTo' | 'escalateAfterSeconds'>,
  nameOf: (id: string) => string,
): string {
  const { critical, urgent, notice } = escalateAfterSeconds;
  return text.people.sentence(
    ...([nameOf(responder), durationWords(critical), durationWords(urgent), durationWords(notice)] as const),
    escalateTo === undefined ? undefined : nameOf(escalateTo),
  );
}

/** The whole plan in sentences, for whoever reads it without changing it. */
export const planSentences = (terms: PlanTerms, nameOf: (id: string) => string): string[] => [
  ...Object.entries(terms.limits).flatMap(([name, limits]) =>
    isSeries(name) && limits !== undefined ? [limitsSentence(name, limits)] : [],
  ),
  ...terms.trends.map(trendSentence),
  ...[scoreSentence(terms), silenceSentence(terms), fallSentence(terms.falls), quietSentence(terms)],
  peopleSentence(terms, nameOf),
];
const isSeries = (name: string): name is SeriesName => name in series;
