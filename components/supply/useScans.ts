'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { expectData } from '#components/vault/errors.ts';
import { lookUp } from '#server/supply/actions.ts';
import { type Item, itemKey, type Looked } from '#server/supply/schema.ts';
import type { Named } from './readThing.ts';

/** Something that was scanned, and what the ledgers say of it. */
export interface Scan extends Named {
  key: string;
  looked: Looked | null;
}

const askedAtOnce = 200;

/** What was scanned, each thing once, newest first, and asked of the ledgers as it comes. */
export function useScans() {
  const [scans, setScans] = useState<Scan[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState(0);
  const asked = useRef(new Set<string>());
  const known = useRef(new Set<string>());

  /** Adds what is new; answers how many were. */
  const add = useCallback((named: readonly Named[]): number => {
    const fresh: Scan[] = [];
    for (const each of named) {
      const key = itemKey(each.item);
      if (known.current.has(key)) continue;
      known.current.add(key);
      fresh.unshift({ ...each, key, looked: null });
    }
    if (fresh.length > 0) setScans((was) => [...fresh, ...was]);
    return fresh.length;
  }, []);

  const remove = useCallback((key: string) => {
    known.current.delete(key);
    asked.current.delete(key);
    setScans((was) => was.filter((scan) => scan.key !== key));
  }, []);

  const clear = useCallback(() => {
    known.current.clear();
    asked.current.clear();
    setScans([]);
    setProblem(null);
  }, []);

  const ask = useCallback(async (items: Item[]) => {
    const keys = new Set(items.map(itemKey));
    for (const key of keys) asked.current.add(key);
    setAsking((count) => count + 1);
    try {
      const looked = expectData(await lookUp({ items }));
      const byKey = new Map(looked.map((each) => [itemKey(each.item), each]));
      setScans((was) =>
        was.map((scan) => (keys.has(scan.key) ? { ...scan, looked: byKey.get(scan.key) ?? null } : scan)),
      );
    } catch (thrown) {
      setProblem(problemOf(thrown, 'OFFLINE'));
    } finally {
      setAsking((count) => count - 1);
    }
  }, []);

  useEffect(() => {
    const waiting = scans.filter(({ key, looked }) => looked === null && !asked.current.has(key));
    for (let start = 0; start < waiting.length; start += askedAtOnce) {
      void ask(waiting.slice(start, start + askedAtOnce).map(({ item }) => item));
    }
  }, [ask, scans]);

  /** Asks anew about all that has no answer. */
  const retry = useCallback(() => {
    setProblem(null);
    asked.current.clear();
    setScans((was) => [...was]);
  }, []);

  /** Asks anew about everything, after it has changed. */
  const refresh = useCallback(() => {
    asked.current.clear();
    setScans((was) => was.map((scan) => ({ ...scan, looked: null })));
  }, []);

  return { scans, add, remove, clear, retry, refresh, problem, asking: asking > 0 };
}
