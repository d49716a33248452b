'use client';

import { UserRoundMinus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';

const text = t.consents.representatives;
const shortest = 3;

/** Asks why a representation ends. `end` signs and records it and throws what prevented it. */
export function EndDialog({
  name,
  onClose,
  end,
}: {
  name: string;
  onClose: () => void;
  end: (reason: string) => Promise<void>;
}) {
  const [reason, setReason] = useState<string>(text.reasonUsual);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const finish = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await end(reason.trim());
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
      title={text.endTitle(name)}
      description={text.endBody}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{t.consents.keep}</Button>
          <Button
            look="danger"
            icon={UserRoundMinus}
            busy={busy}
            disabled={reason.trim().length < shortest}
            onClick={finish}
          >
            {text.endDo}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <TextField
          label={text.reason}
          hint={text.reasonHint}
          maxLength={300}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </Dialog>
  );
}
