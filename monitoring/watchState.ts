import { z } from 'zod';
import { alertLevels } from '#chaincode/model/alert.ts';
import { measureNames, seriesNames } from './catalogue.ts';

/** What the engine remembers: JSON, so that whoever watches can be restarted. Its size is bounded by the plan's. */

const time = z.int();
const measured = z.strictObject({ at: time, value: z.number() });
const bucket = z.strictObject({
  ...{ place: z.int(), count: z.int().min(1), times: z.number(), values: z.number() },
});

/** A cause from its first sign until it is over. */
export const episode = z.strictObject({
  /** Since when it is at least so bad, by level. */
  since: z.partialRecord(z.enum(alertLevels), time),
  /** When it was last seen. */
  seen: time,
  /** Somebody was called: the alert's start and level. */
  raised: z.strictObject({ since: time, level: z.enum(alertLevels) }).optional(),
  /** Since when it looks over. */
  clear: time.optional(),
});
export type Episode = z.infer<typeof episode>;

export const watchState = z.strictObject({
  v: z.literal(1),
  planVersion: z.int().min(0),
  /** The clock at the last step, and since when there was no pause: silence counts from then on. */
  now: time,
  watchedSince: time,
  newest: z.partialRecord(z.enum(seriesNames), measured),
  heard: z.partialRecord(z.enum(measureNames), time),
  trends: z.record(z.string(), z.array(bucket)),
  episodes: z.record(z.string(), episode),
});
export type WatchState = z.infer<typeof watchState>;

/** Of somebody who begins to watch at `now`. */
export const firstState = (now: number): WatchState => ({
  ...{ v: 1, planVersion: 0, now, watchedSince: now, newest: {}, heard: {}, trends: {}, episodes: {} },
});
