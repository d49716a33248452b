'use client';

import { useRouter } from 'next/navigation';
import { useAttempt } from '#components/ui/useAttempt.ts';

/** Asks the portal for one thing at a time, and says what went wrong; the page is read anew afterwards. */
export function useTask() {
  const router = useRouter();
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  /** What the work gave; undefined where it was refused. */
  const ask = async <T>(work: () => Promise<T>): Promise<{ data: T } | undefined> => {
    let given: { data: T } | undefined;
    await attempt(async () => {
      given = { data: await work() };
      router.refresh();
    });
    return given;
  };
  return { ask, busy, problem };
}
