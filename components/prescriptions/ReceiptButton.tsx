'use client';

import { ReceiptText } from 'lucide-react';
import { saveFile } from '#components/records/saveFile.ts';
import { Button } from '#components/ui/Button.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { readReceipt } from '#server/prescriptions/actions.ts';

const text = t.prescriptions.receipt;

/** Saves the notaries' receipt of a prescription that is over. */
export function ReceiptButton({ id, size = 'sm' }: { id: string; size?: 'sm' | 'md' }) {
  const { busy, problem, attempt } = useAttempt();
  const save = async () => {
    const result = await readReceipt(id);
    if (!result.ok) throw result.error;
    saveFile(text.fileName(id), 'application/json', [result.data]);
  };
  return (
    <>
      <Button size={size} icon={ReceiptText} busy={busy} onClick={() => void attempt(save)}>
        {text.save}
      </Button>
      {problem && <ProblemNotice problem={problem} />}
    </>
  );
}
