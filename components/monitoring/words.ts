import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { AlertCause } from '#monitoring/alert.ts';
import { consciousnessLevels, type SeriesName, series } from '#monitoring/catalogue.ts';
import { type Score, type ScoredSeries, scoredSeries } from '#monitoring/news2.ts';

const text = t.monitoring;

/** A number of a series without its unit, with as many digits as are measured; a mean may have one more. */
export const numberWords = (name: SeriesName, value: number, more = 0): string =>
  formatNumber(value, series[name].decimals + more);

/** `36.8 °C`, `72/min`, `98 %`, `Alert`, `room air`. */
export function valueWords(name: SeriesName, value: number): string {
  if (name === 'consciousness') {
    const level = consciousnessLevels[Math.round(value)];
    return level === undefined ? numberWords(name, value) : text.consciousness[level.name];
  }
  if (name === 'oxygenFlow' && value === 0) return text.roomAir;
  const { unitText } = series[name];
  return `${numberWords(name, value)}${unitText.startsWith('/') ? unitText : ` ${unitText}`}`;
}

/** Seconds as a person says them: `3 days`, `2 hours`, `15 minutes`. */
export function durationWords(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? ['second', 1];
  const digits = unit === 'second' || unit === 'minute' ? 0 : 1;
  return new Intl.NumberFormat('en-GB', {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: digits,
  }).format(seconds / size);
}

/** What an alert is about, in one line. */
export function causeWords(cause: AlertCause): string {
  switch (cause.kind) {
    case 'limit': {
      const words = cause.side === 'low' ? text.causes.below : text.causes.above;
      const { series: name, value, limit } = cause;
      return words(text.series[name], valueWords(name, value), numberWords(name, limit));
    }
    case 'trend': {
      const { series: name, change, seconds, value } = cause;
      const words = change > 0 ? text.causes.rose : text.causes.fell;
      const { unitText } = series[name];
      const by = `${numberWords(name, Math.abs(change), 1)}${unitText.startsWith('/') ? unitText : ` ${unitText}`}`;
      return words(text.series[name], by, durationWords(seconds), valueWords(name, value));
    }
    case 'news2': {
      const parts = scoredSeries.flatMap((name) =>
        cause.points[name] === 0 ? [] : [text.causes.part(text.series[name].toLowerCase(), cause.points[name])],
      );
      return text.causes.score(cause.total, parts);
    }
    case 'missing':
      return text.causes.missing(cause.measures.map((name) => text.measures[name].toLowerCase()));
    case 'fall':
      return text.causes.fall;
  }
}

/** A score in one line; what is missing by name, never a nought. */
export function scoreWords(score: Score | undefined): string {
  if (score === undefined) return text.score.off;
  switch (score.state) {
    case 'scored':
      return text.score.scored(score.total, text.score.bands[score.band]);
    case 'unsuitable':
      return text.score.unsuitable[score.reason];
    case 'incomplete': {
      const nameOf = (name: ScoredSeries) => text.series[name].toLowerCase();
      return text.score.incomplete([
        ...score.missing.map(nameOf),
        ...score.old.map((name) => text.score.withOld(nameOf(name))),
      ]);
    }
  }
}
