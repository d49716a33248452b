'use client';

import { DoorOpen } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { Effect } from './Effect.tsx';

const text = t.monitoringPages.leave;

/** A doctor goes, with what that does. `leave` signs it and throws what prevented it. */
export function LeaveCircleDialog({
  whom,
  isLast,
  onClose,
  leave,
}: {
  /** Name of the patient. */
  whom: string;
  /** No other doctor watches then. */
  isLast: boolean;
  onClose: () => void;
  leave: () => Promise<void>;
}) {
  const { busy, problem, attempt } = useAttempt();
  const confirm = async () => {
    if (await attempt(leave)) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title(whom)}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{text.keep}</Button>
          <Button look="danger" icon={DoorOpen} busy={busy} onClick={confirm}>
            {text.confirm}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Effect sentences={[...text.effect(whom), ...(isLast ? [text.last] : [])]} />
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </Dialog>
  );
}
