'use client';

import { useState } from 'react';
import type { Problem } from '#components/ui/errors.ts';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { type Listed, listedAtATime } from '#server/claims/schema.ts';

/** A list as far as it is here. */
export interface ListedHere<T> {
  entries: readonly T[];
  /** So many are not here. */
  left: number;
  busy: boolean;
  problem: Problem | null;
  /** Brings the next part. */
  more: () => Promise<unknown>;
  /** Brings all that is left, and answers the whole list. Throws what prevented it. */
  all: () => Promise<readonly T[]>;
}

/** What of a list is on later pages than `page`. */
export const leftAfter = (page: number, total: number): number => Math.max(0, total - page * listedAtATime);

/** Each entry once, as it came first: what is new meanwhile moves others to the next page. */
export const eachOnce = <T extends { id: string }>(entries: readonly T[]): T[] =>
  [...new Map(entries.toReversed().map((entry) => [entry.id, entry])).values()].reverse();

/** A list whose first page comes with the screen, and further ones when they are asked for; with a new first page it begins anew. */
export function useListed<T extends { id: string }>(
  first: Listed<T>,
  load: (page: number) => Promise<Listed<T>>,
): ListedHere<T> {
  const start = { first, page: 1, entries: first.entries };
  const [read, setRead] = useState(start);
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  const now = read.first === first ? read : start;

  const next = async (before: typeof start): Promise<typeof start> => {
    const page = before.page + 1;
    const { entries } = await load(page);
    return { first, page, entries: eachOnce([...before.entries, ...entries]) };
  };
  const all = async () => {
    let have = now;
    while (leftAfter(have.page, first.total) > 0) have = await next(have);
    if (have !== now) setRead(have);
    return have.entries;
  };
  return {
    entries: now.entries,
    ...{ left: leftAfter(now.page, first.total), busy, problem, all },
    more: () => attempt(async () => setRead(await next(now))),
  };
}
