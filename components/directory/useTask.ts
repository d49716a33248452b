'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';

/** Asks the portal for one thing at a time, and says what went wrong; the page is read anew afterwards. */
export function useTask() {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** What the work gave; undefined where it was refused. */
  const ask = async <T>(work: () => Promise<T>): Promise<{ data: T } | undefined> => {
    setBusy(true);
    setProblem(null);
    try {
      const data = await work();
      router.refresh();
      return { data };
    } catch (thrown) {
      setProblem(problemOf(thrown, 'OFFLINE'));
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { ask, busy, problem };
}
