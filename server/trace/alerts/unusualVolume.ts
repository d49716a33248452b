import { dayOf } from '../../supplyIndexer/fact.ts';
import type { Rule } from './rule.ts';

/** Days that a place's own history reaches back. */
export const historyDays = 28;
/** Fewer days with dispensings say nothing about what is usual. */
const fewestDays = 7;
/** So many standard deviations above the mean, and so many packs at least. */
const deviations = 4;
const fewestPacks = 20;
const dayMs = 86_400_000;

/**
 * A place takes far more packs of a product out of stock on a day than it used to: more than the mean of the 28 days before
 * plus four standard deviations (of all 28, days without any included), and at least 20. Where packs went out on fewer than
 * 7 of these days, nothing is usual yet. One alert for each place, product and day.
 */
export const unusualVolume: Rule = {
  id: 'unusualVolume',
  level: 'notice',
  description: `A place dispensed far more packs of a product on a day than it used to: above the mean of the ${historyDays} days before by more than ${deviations} standard deviations, and at least ${fewestPacks}.`,
  source:
    'EU Guidelines on Good Distribution Practice 2013/C 343/01, 5.3 (unusual sales patterns that may be diversion or misuse are investigated and reported). The statistics are Shewhart’s control limits, widened.',
  judge({ fact, effects, packsDispensed }) {
    const day = dayOf(fact.eventTime);
    return effects.dispensed.flatMap(({ site, gtin, packs }) => {
      const now = packsDispensed(site, gtin, day);
      // So few are never unusual; most events end here.
      if (now < fewestPacks) return [];
      const limit = limitOf(historyBefore(day).map((before) => packsDispensed(site, gtin, before)));
      if (limit === undefined || now <= limit.packs || now - packs > limit.packs) return [];
      const facts = { day, packs: now, usual: limit.mean, limit: limit.packs };
      return [{ key: `${site}|${gtin}|${day}`, subject: { gtin }, packs: now, site: site || null, facts }];
    });
  },
};

/** The days that a day is compared with, newest first. */
export function historyBefore(day: string): string[] {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Array.from({ length: historyDays }, (_, back) => dayOf(new Date(at - (back + 1) * dayMs)));
}

/** Most packs that are usual, by the packs of the days before; undefined where nothing is usual yet. */
export function limitOf(days: readonly number[]): { packs: number; mean: number } | undefined {
  if (days.filter((packs) => packs > 0).length < fewestDays) return undefined;
  const mean = days.reduce((sum, packs) => sum + packs, 0) / days.length;
  const variance = days.reduce((sum, packs) => sum + (packs - mean) ** 2, 0) / days.length;
  const packs = Math.max(fewestPacks - 1, Math.floor(mean + deviations * Math.sqrt(variance)));
  return { packs, mean: Math.round(mean * 10) / 10 };
}
