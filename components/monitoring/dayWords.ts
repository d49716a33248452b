import { t } from '#messages/en.ts';
import { consciousnessLevels, type SeriesName, seriesNames } from '#monitoring/catalogue.ts';
import { type Digest, meanOf, mergeAll, ofSteps, shareInRange } from '#monitoring/digest.ts';
import type { Limits } from '#monitoring/plan.ts';
import { numberWords } from './words.ts';

const text = t.monitoring.day;

/** What a day's readings of one series come to, in a patient's words. */
export interface DayLine {
  name: SeriesName;
  sentence: string;
  /** How much of it lay in range; undefined where no range is set. */
  inRange?: string;
  count: number;
}

/** Digests of any parts of one day; the plan's limits say only whether a range was set. */
export function dayWords(parts: readonly Digest[], limits: Partial<Record<SeriesName, Limits>> = {}): DayLine[] {
  const days = mergeAll(parts.map((part) => ({ ...part, from: 0 })));
  return seriesNames.flatMap((name) => {
    const digest = days.find((day) => day.series === name);
    if (digest === undefined) return [];
    const hasLimits = limits[name] !== undefined;
    return [
      { name, sentence: sentenceOf(digest), count: digest.count, ...(hasLimits && { inRange: rangeOf(digest) }) },
    ];
  });
}

function sentenceOf(digest: Digest): string {
  const { series: name, min, max } = digest;
  const [low, high] = [ofSteps(name, min), ofSteps(name, max)];
  if (name === 'oxygenFlow' && high === 0) return text.roomAir;
  if (name === 'consciousness') {
    const worst = consciousnessLevels[high];
    return text.once.consciousness(
      worst === undefined ? `${high}` : t.monitoring.consciousness[worst.name].toLowerCase(),
    );
  }
  if (min === max) return text.once[name](numberWords(name, low));
  return text.between[name](numberWords(name, low), numberWords(name, high), numberWords(name, meanOf(digest)));
}

function rangeOf(digest: Digest): string {
  const share = shareInRange(digest);
  if (share === 1) return text.allInside;
  // Rounded down: what was outside is never rounded away.
  return text.mostInside(`${Math.floor(share * 100)} %`);
}
