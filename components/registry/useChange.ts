'use client';

import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useSigned } from '#components/signing/useSigned.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';

/** Has changes of the registry signed and recorded, one at a time, and the page read anew. */
export function useChange() {
  const signed = useSigned();
  const router = useRouter();
  const { busy, problem, setProblem, attempt } = useAttempt();

  /** Shows the intent in words, has it signed and recorded. Throws what prevented it. */
  const record = async (intent: TransactionIntent, names: Names = {}): Promise<void> => {
    await signed(intent, { names });
    toast.success(t.registry.recorded);
    router.refresh();
  };
  /** The same, where what went wrong is shown by `problem`; false then. */
  const change = (intent: TransactionIntent, names?: Names): Promise<boolean> => attempt(() => record(intent, names));

  return { busy, problem, setProblem, attempt, record, change };
}
