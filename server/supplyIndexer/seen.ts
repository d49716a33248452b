import type { Item } from './state.ts';

type Seen = Pick<Item['row'], 'seenSite' | 'seenAt'>;

/** The latest of several sightings. */
export function lastSeen(rows: Seen[]): Seen | undefined {
  return rows
    .filter(({ seenAt }) => seenAt !== null)
    .reduce<Seen | undefined>(
      (last, row) => (last === undefined || Number(row.seenAt) > Number(last.seenAt) ? row : last),
      undefined,
    );
}
