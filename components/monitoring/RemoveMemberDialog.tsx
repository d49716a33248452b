'use client';

import { UserX } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { Effect } from './Effect.tsx';

const text = t.monitoringPages.remove;

/** Takes somebody out of the circle, with what that does. `remove` signs it and throws what prevented it. */
export function RemoveMemberDialog({
  name,
  kind,
  isLast,
  onClose,
  remove,
}: {
  name: string;
  kind: 'device' | 'monitor' | 'clinician';
  /** Nobody besides the patient watches then. */
  isLast: boolean;
  onClose: () => void;
  remove: () => Promise<void>;
}) {
  const { busy, problem, attempt } = useAttempt();
  const confirm = async () => {
    if (await attempt(remove)) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title(name)}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{text.keep}</Button>
          <Button look="danger" icon={UserX} busy={busy} onClick={confirm}>
            {text.confirm}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Effect
          sentences={[...(kind === 'device' ? text.device : text.person)(name), ...(isLast ? [text.last] : [])]}
        />
        {problem && <ProblemNotice problem={problem} />}
      </div>
    </Dialog>
  );
}
