'use client';

import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextAreaField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';

const text = t.recordPages.entry;
const shortest = 3;

/** Asks for the reason of taking a document back. `retract` signs and records it and throws what prevented it. */
export function RetractDialog({
  entries,
  onClose,
  retract,
}: {
  /** Entries of the document. */
  entries: number;
  onClose: () => void;
  retract: (reason: string) => Promise<void>;
}) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await retract(reason.trim());
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.retractTitle}
      description={text.retractBody(entries)}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{t.entries.cancel}</Button>
          <Button look="danger" icon={Undo2} busy={busy} disabled={reason.trim().length < shortest} onClick={take}>
            {text.retractDo}
          </Button>
        </>
      }
    >
      <TextAreaField
        label={text.retractReason}
        value={reason}
        maxLength={300}
        onChange={({ target }) => setReason(target.value)}
      />
      {problem && <ProblemNotice problem={problem} />}
    </Dialog>
  );
}
