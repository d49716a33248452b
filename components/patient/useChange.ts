'use client';

import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useRecording } from '#components/signing/useRecording.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { useAttempt } from '#components/ui/useAttempt.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';

/** Changes of one prescription by the person's signature; the words that are said name it by `name`. */
export function useChange(id: string, name: string) {
  const router = useRouter();
  const recording = useRecording(() => ({ [id]: name }) satisfies Names);
  const { busy, problem, attempt } = useAttempt();
  /** Records an intent; throws what prevented it. `done` is said afterwards. */
  const record = async (intent: TransactionIntent, done: string) => {
    await recording.record(id, JSON.stringify(intent), async () => ({ intent }));
    toast.success(done);
    router.refresh();
  };
  return {
    busy,
    problem,
    record,
    /** As `record`, with what goes wrong in `problem`. */
    change: (intent: TransactionIntent, done: string) => attempt(() => record(intent, done)),
  };
}
