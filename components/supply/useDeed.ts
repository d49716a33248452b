'use client';

import { useMemo, useState } from 'react';
import type { Looked, SupplyBasics } from '#server/supply/schema.ts';
import type { Plan } from './compose.ts';
import type { Fault } from './judge.ts';
import { namesOf } from './names.ts';
import { isAllAccepted, useCapture } from './useCapture.ts';
import { useOwnPlace } from './useOwnPlace.ts';
import { useScans } from './useScans.ts';

/**
 * What the screens have in common on which one thing is done to all that was scanned: the list, the place, what of the list can be
 * taken, and what came of it. `judge` says why something stays out.
 */
export function useDeed(basics: SupplyBasics, judge: (looked: Looked, now: number) => Fault | null) {
  const list = useScans();
  const { capture, recorded, forget, busy, problem, isBegun } = useCapture();
  const [site, setSite] = useOwnPlace(basics.own);
  const [now] = useState(() => Date.now());
  const names = useMemo(() => namesOf(basics), [basics]);
  const taken = list.scans.filter(({ looked }) => looked !== null && judge(looked, now) === null);

  /** Clears the list once all of it is recorded; what was refused stays, and is asked about anew. True in the first case. */
  const next = (): boolean => {
    const isDone = recorded !== null && isAllAccepted(recorded);
    forget();
    if (isDone) list.clear();
    else list.refresh();
    return isDone;
  };
  return {
    ...{ list, site, setSite, taken, recorded, forget, next, busy, problem, isBegun },
    judge: (looked: Looked) => judge(looked, now),
    record: (compose: () => Plan[]) => capture(compose, names),
    /** Things with their channels, as a plan is made of them. */
    things: taken.map(({ item, looked }) => ({ item, channels: looked?.channels ?? [] })),
    isReady: site !== '' && taken.length > 0 && !list.asking,
  };
}
