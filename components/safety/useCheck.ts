'use client';

import { useEffect, useRef, useState } from 'react';
import type { Check } from '#safety/finding.ts';
import { checkParts } from '#safety/parts.ts';
import { localSource } from '#safety/source.ts';
import type { Order, Subject } from '#safety/subject.ts';

export interface DoneCheck {
  /** One for each part, at its own start. */
  checks: Check[];
  /** ISO 8601 instant. */
  at: string;
}

/** When the parts of a series begin, in milliseconds from now. */
const once: readonly number[] = [0];

/** What is checked, apart from the moment. */
const written = (subject: Subject, { product, dose }: Omit<Order, 'at'>, offsets: readonly number[]) =>
  JSON.stringify([subject, product.code, dose, offsets]);

/**
 * The check of an order for somebody, or of each part of a series; null while there is nothing to check, or no answer to what is
 * asked now. `offsets`: when the parts begin, in milliseconds from now.
 */
export function useCheck(
  subject: Subject | null,
  order: Omit<Order, 'at'> | null,
  offsets: readonly number[] = once,
): DoneCheck | null {
  const [done, setDone] = useState<{ of: string; done: DoneCheck } | null>(null);
  const asked = subject && order ? written(subject, order, offsets) : null;
  const latest = useRef({ subject, order, offsets });
  latest.current = { subject, order, offsets };
  useEffect(() => {
    const { subject, order, offsets } = latest.current;
    if (asked === null || subject === null || order === null) return;
    let mine = true;
    const now = Date.now();
    const starts = offsets.map((offset) => new Date(now + offset).toISOString());
    void checkParts(localSource, subject, order, starts).then(
      (checks) => mine && setDone({ of: asked, done: { checks, at: new Date(now).toISOString() } }),
    );
    return () => {
      mine = false;
    };
  }, [asked]);
  return done !== null && done.of === asked ? done.done : null;
}
