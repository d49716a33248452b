import type { RecallCoverage, StockRow, SupplyOverview } from '#server/trace/schema.ts';

const dayMs = 86_400_000;
type Day = SupplyOverview['days'][number];

/** One figure day by day up to today, zeros where nothing was recorded; its sum, and that of as many days before. */
export function lastDays(
  days: readonly Day[],
  name: Exclude<keyof Day, 'day'>,
  length: number,
  now: number,
): { packs: number; before: number; days: { at: number; count: number }[] } {
  const known = new Map(days.map((day) => [day.day, day[name]]));
  const at = (back: number) => {
    const time = now - back * dayMs;
    return { at: time, count: known.get(new Date(time).toISOString().slice(0, 10)) ?? 0 };
  };
  const period = (from: number) => Array.from({ length }, (_, index) => at(from + length - 1 - index));
  const sum = (list: { count: number }[]) => list.reduce((total, { count }) => total + count, 0);
  const shown = period(0);
  return { packs: sum(shown), before: sum(period(length)), days: shown };
}

/** Whole percent of the packs of a recall that somebody has answered for; never 100 while one is missing. */
export function shareOf({ packs }: Pick<RecallCoverage, 'packs'>): number {
  const left = packs.waiting + packs.unaccounted;
  if (packs.covered === 0 || left === 0) return 100;
  return Math.min(99, Math.floor(((packs.covered - left) / packs.covered) * 100));
}

/** What is at one place, over its products. */
export interface PlaceStock {
  site: string;
  usable: number;
  transit: number;
  quarantined: number;
  expiring: number;
  /** The product that lasts the shortest where any is dispensed. */
  shortest: { gtin: string; days: number } | null;
}

/** Stock by place, the shortest supply first, then the most packs. */
export function byPlace(rows: readonly StockRow[]): PlaceStock[] {
  const places = new Map<string, PlaceStock>();
  for (const { site, gtin, usable, transit, quarantined, expiring, daysLeft } of rows) {
    const place = places.get(site) ?? { site, usable: 0, transit: 0, quarantined: 0, expiring: 0, shortest: null };
    place.usable += usable;
    place.transit += transit;
    place.quarantined += quarantined;
    place.expiring += expiring;
    if (daysLeft !== null && daysLeft < (place.shortest?.days ?? Number.POSITIVE_INFINITY)) {
      place.shortest = { gtin, days: daysLeft };
    }
    places.set(site, place);
  }
  const last = (place: PlaceStock) => place.shortest?.days ?? Number.MAX_VALUE;
  return [...places.values()].sort((a, b) => last(a) - last(b) || b.usable - a.usable);
}
