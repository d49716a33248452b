'use client';

import { useCallback, useEffect, useState } from 'react';
import { changes, merged, occasionAt, planOf } from '#components/supply/compose.ts';
import { useCapture } from '#components/supply/useCapture.ts';
import { expectData } from '#components/vault/errors.ts';
import { lookUp } from '#server/supply/actions.ts';
import { type Item, type Looked, mostItems } from '#server/supply/schema.ts';

/** Whether something is in stock somewhere, and so can be set aside. */
const isOpen = ({ known, state, site }: Looked) => known && state === 'active' && site !== undefined;

/** What of the things is set aside; what lies in a case that is goes with it. */
export function holdableOf(looked: readonly Looked[]): Looked[] {
  const open = looked.filter(isOpen);
  const cases = new Set(open.flatMap(({ item }) => (item.kind === 'container' ? item.sscc : [])));
  return open.filter(({ containers }) => !containers.some((sscc) => cases.has(sscc)));
}

/** Quarantine and release of things by the authority: one event for each place, and those of a chain in one transaction. */
export function useQuarantine(items: readonly Item[]) {
  const { capture, recorded, problem } = useCapture();
  const { looked, lookAgain } = useLooked(items);
  const holdable = holdableOf(looked);
  const held = looked.filter(({ state, site }) => state === 'quarantined' && site !== undefined);

  /** True once it is on the ledger; what was signed may still be refused there, which `recorded` tells. */
  const record = (change: 'hold' | 'release'): Promise<boolean> => {
    const things = change === 'hold' ? holdable : held;
    const names = Object.fromEntries(
      things.flatMap(({ item, product }) => (item.kind === 'pack' && product ? [[item.gtin, product]] : [])),
    );
    const bySite = Map.groupBy(things, ({ site = '' }) => site);
    return capture(
      () =>
        merged(
          [...bySite].flatMap(([site, there]) => planOf(there, (some) => changes[change](occasionAt(site), some))),
        ),
      names,
    );
  };
  const away = looked.filter((thing) => !isOpen(thing)).length;
  return { holdable, held, away, record, recorded, problem, lookAgain };
}

/** What the ledgers say of things right now; nothing until they have answered. */
function useLooked(items: readonly Item[]) {
  const [looked, setLooked] = useState<readonly Looked[]>([]);
  const [wanted] = useState(items);
  const lookAgain = useCallback(async () => {
    try {
      const parts: Looked[] = [];
      for (let start = 0; start < wanted.length; start += mostItems)
        parts.push(...expectData(await lookUp({ items: wanted.slice(start, start + mostItems) })));
      setLooked(parts);
    } catch {
      // Without an answer nothing is offered to be quarantined.
      setLooked([]);
    }
  }, [wanted]);
  useEffect(() => {
    void lookAgain();
  }, [lookAgain]);
  return { looked, lookAgain };
}
