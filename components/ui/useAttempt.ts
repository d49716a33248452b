'use client';

import { useCallback, useState } from 'react';
import { type Problem, problemOf } from './errors.ts';

/**
 * Does one thing at a time that may fail: whether it is under way, and what went wrong the last time. `attempt` answers false
 * where it failed; that the person signed nothing after all is no problem to be told. `code` names a failure that has none.
 */
export function useAttempt(code?: string) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const attempt = useCallback(
    async (work: () => Promise<unknown>): Promise<boolean> => {
      setBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (thrown) {
        const failed = problemOf(thrown, code);
        if (failed.code !== 'SIGNING_DECLINED') setProblem(failed);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [code],
  );
  return { busy, problem, setProblem, attempt };
}
