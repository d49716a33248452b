'use client';

import { useEffect, useRef, useState } from 'react';
import type { Check } from '#safety/finding.ts';
import { checkBy, localSource } from '#safety/source.ts';
import type { Order, Subject } from '#safety/subject.ts';

export interface DoneCheck {
  check: Check;
  /** ISO 8601 instant. */
  at: string;
}

/** What is checked, apart from the moment. */
const written = (subject: Subject, { product, dose }: Omit<Order, 'at'>) =>
  JSON.stringify([subject, product.code, dose]);

/** The check of an order for somebody; null while there is nothing to check, or no answer to what is asked now. */
export function useCheck(subject: Subject | null, order: Omit<Order, 'at'> | null): DoneCheck | null {
  const [done, setDone] = useState<{ of: string; done: DoneCheck } | null>(null);
  const asked = subject && order ? written(subject, order) : null;
  const latest = useRef({ subject, order });
  latest.current = { subject, order };
  useEffect(() => {
    const { subject, order } = latest.current;
    if (asked === null || subject === null || order === null) return;
    let mine = true;
    const at = new Date().toISOString();
    void checkBy(localSource, subject, { ...order, at }).then(
      (check) => mine && setDone({ of: asked, done: { check, at } }),
    );
    return () => {
      mine = false;
    };
  }, [asked]);
  return done !== null && done.of === asked ? done.done : null;
}
