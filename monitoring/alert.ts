import { z } from 'zod';
import { alertLevels } from '#chaincode/model/alert.ts';
import { measureNames, type SeriesName, seriesNames } from './catalogue.ts';
import { scoredSeries } from './news2.ts';

/** What an alert is about: sealed in its frame, as the ledger knows only that there is one. Times are milliseconds since 1970. */

const seriesName = z.enum(seriesNames);
const time = z.int().min(0);
const points = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);

export const alertCause = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('limit'),
    series: seriesName,
    side: z.enum(['low', 'high']),
    value: z.number(),
    limit: z.number(),
  }),
  /** `change` over the time from the first to the last value within the window. */
  z.strictObject({
    kind: z.literal('trend'),
    series: seriesName,
    change: z.number(),
    seconds: z.int().min(0),
    value: z.number(),
  }),
  z.strictObject({
    kind: z.literal('news2'),
    total: z.int().min(0).max(20),
    band: z.enum(['lowMedium', 'medium', 'high']),
    points: z.record(z.enum(scoredSeries), points),
  }),
  z.strictObject({ kind: z.literal('missing'), measures: z.array(z.enum(measureNames)).min(1) }),
  z.strictObject({ kind: z.literal('fall') }),
]);
export type AlertCause = z.infer<typeof alertCause>;

export const alertContent = z.strictObject({
  v: z.literal(1),
  /** The same for as long as it is the same cause; the episode's start makes it this alert. */
  key: z.string().max(100),
  since: time,
  level: z.enum(alertLevels),
  cause: alertCause,
  /** When it was raised. */
  at: time,
  planVersion: z.int().min(1),
  /** Newest values then, so that whoever is called need not look for them. */
  newest: z.partialRecord(seriesName, z.strictObject({ at: time, value: z.number() })),
});
export type AlertContent = z.infer<typeof alertContent>;

/** One alert of one patient: the same however often its engine is restarted. An id is made of it by a hash. */
export const alertName = ({ key, since, level }: Pick<AlertContent, 'key' | 'since' | 'level'>): string =>
  `${key}@${since}/${level}`;

export const causeKeys = {
  limit: (series: SeriesName, side: 'low' | 'high') => `limit:${series}:${side}`,
  trend: (series: SeriesName, change: number, windowSeconds: number) =>
    `trend:${series}:${change > 0 ? 'up' : 'down'}:${windowSeconds}`,
  news2: 'news2',
  missing: 'missing',
  fall: 'fall',
} as const;
