import type { ChannelHealth } from '#server/ledgers/schema.ts';
import type { ChangeView, Overview } from '#server/regulator/schema.ts';

/** What the authority's live screen shows: counts and times, never content. */
export interface LiveView extends Overview {
  health: ChannelHealth[];
}
export type Series = Overview['series'][number];

const mostEvents = 50;
const minuteMs = 60_000;

const minuteOf = (at: string) => new Date(Math.floor(Date.parse(at) / minuteMs) * minuteMs).toISOString();

/** The view after one more committed transaction; the same one told twice counts once. */
export function withChange(view: LiveView, change: ChangeView): LiveView {
  if (view.events.some((event) => event.transactionId === change.transactionId)) return view;
  const same = (count: Overview['counts'][number]) =>
    count.channel === change.channel && count.function === change.function;
  const counts = view.counts.some(same)
    ? view.counts.map((count) => (same(count) ? { ...count, count: count.count + 1 } : count))
    : [...view.counts, { channel: change.channel, function: change.function, count: 1 }];
  const known = view.series.find(({ channel }) => channel === change.channel);
  const minute = minuteOf(change.at);
  const minutes = known?.minutes ?? [];
  const grown = minutes.some(({ at }) => minuteOf(at) === minute)
    ? minutes.map((point) => (minuteOf(point.at) === minute ? { ...point, count: point.count + 1 } : point))
    : [...minutes, { at: minute, count: 1 }];
  const series = [
    ...view.series.filter(({ channel }) => channel !== change.channel),
    { channel: change.channel, minutes: grown },
  ];
  return { ...view, counts, series, events: [change, ...view.events].slice(0, mostEvents) };
}

/** Sixty minutes up to now, with zeros where nothing was committed. */
export function lastHour(minutes: Series['minutes'], now: number): { at: number; count: number }[] {
  const counts = new Map<number, number>();
  for (const { at, count } of minutes) {
    const minute = Math.floor(Date.parse(at) / minuteMs);
    counts.set(minute, (counts.get(minute) ?? 0) + count);
  }
  const current = Math.floor(now / minuteMs);
  return Array.from({ length: 60 }, (_, index) => {
    const minute = current - 59 + index;
    return { at: minute * minuteMs, count: counts.get(minute) ?? 0 };
  });
}

/** Total of one function over all chains. */
export function totalOf(counts: Overview['counts'], name: string): number {
  return counts.filter((count) => count.function === name).reduce((sum, { count }) => sum + count, 0);
}
