'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { useSigned } from '#components/signing/useSigned.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { t } from '#messages/en.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';

/** Has changes of the registry signed and recorded, one at a time, and the page read anew. */
export function useChange() {
  const signed = useSigned();
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  /** Does something that may fail, and says what went wrong; false where it did, or where nothing was signed. */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    setProblem(null);
    setBusy(true);
    try {
      await work();
      return true;
    } catch (thrown) {
      const failed = problemOf(thrown);
      if (failed.code !== 'SIGNING_DECLINED') setProblem(failed);
      return false;
    } finally {
      setBusy(false);
    }
  };

  /** Shows the intent in words, has it signed and recorded. */
  const change = (intent: TransactionIntent, names: Names = {}): Promise<boolean> =>
    attempt(async () => {
      await signed(intent, { names });
      toast.success(t.registry.recorded);
      router.refresh();
    });

  return { busy, problem, setProblem, attempt, change };
}
