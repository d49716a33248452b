import { type Content, digestContents, readingContents } from '#device/content.ts';
import { digestsOf, type Period } from '#monitoring/digest.ts';
import type { Limits } from '#monitoring/plan.ts';
import { readingsBetween, type Worn } from './sensors.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * What a device would have told before it was there: days, hours of the last month, and the readings of the last day, all thinner
 * than a device measures.
 */
export function historyOf(worn: Worn, now: number, days: number, limits: Partial<Record<string, Limits>>): Content[] {
  const today = Math.floor(now / day) * day;
  const thisHour = Math.floor(now / hour) * hour;
  const digests = (period: Period, from: number, to: number, everyMs: number) =>
    digestContents(period, digestsOf(readingsBetween(worn, from - 1, to - 1, everyMs), period, limits));
  return [
    ...digests('day', today - days * day, today, days > 31 ? hour : 20 * minute),
    ...digests('hour', thisHour - 30 * day, thisHour, 6 * minute),
    ...readingContents(readingsBetween(worn, now - day, now, 2 * minute)),
  ];
}
