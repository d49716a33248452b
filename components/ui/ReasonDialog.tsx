'use client';

import type { LucideIcon } from 'lucide-react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { t } from '#messages/en.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { TextAreaField } from './Field.tsx';
import { ProblemNotice } from './ProblemNotice.tsx';
import { useAttempt } from './useAttempt.ts';

/** What the ledgers take for a reason, in characters. */
const shortest = 3;
const longest = 300;

/** Asks why something is done, and has it done. `onReason` throws what prevented it: the dialog and the words stay then. */
export function ReasonDialog({
  title,
  body,
  label,
  hint,
  usual = '',
  action,
  dismiss = t.shell.cancel,
  look = 'danger',
  icon,
  onReason,
  onClose,
}: {
  title: string;
  body?: ReactNode;
  label: string;
  hint?: string;
  /** What is usually said, to begin with. */
  usual?: string;
  action: string;
  /** What leaves everything as it is; a word of its own where the action is itself to cancel something. */
  dismiss?: string;
  look?: 'primary' | 'danger';
  icon: LucideIcon;
  onReason: (reason: string) => Promise<void>;
  onClose: () => void;
}) {
  const id = useId();
  const [reason, setReason] = useState(usual);
  const [tried, setTried] = useState(false);
  const { busy, problem, attempt } = useAttempt();
  const short = reason.trim().length < shortest;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short && (await attempt(() => onReason(reason.trim())))) onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={body}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={onClose}>{dismiss}</Button>
          <Button type="submit" form={id} look={look} icon={icon} busy={busy}>
            {action}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="space-y-4">
        <TextAreaField
          label={label}
          hint={hint}
          error={tried && short ? t.shell.reasonShort : null}
          maxLength={longest}
          autoFocus
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}
