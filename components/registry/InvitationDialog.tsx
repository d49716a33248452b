'use client';

import { Check, Copy, Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextField } from '#components/ui/Field.tsx';
import { formatDateTime } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { inviteStaff } from '#server/registry/actions.ts';
import type { Invitation } from '#server/registry/schema.ts';

const text = t.registry.invitation;

/** Makes a link with which somebody makes keys, and shows it this once. */
export function InvitationDialog({
  person: { subject, name },
  onClose,
}: {
  person: { subject: string; name: string };
  onClose: () => void;
}) {
  const [made, setMade] = useState<Invitation | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    let current = true;
    inviteStaff({ subject })
      .then((answer) => current && setMade(expectData(answer)))
      .catch((thrown: unknown) => current && setProblem(problemOf(thrown, 'OFFLINE')));
    return () => {
      current = false;
    };
  }, [subject]);

  // The token stands in the fragment, which browsers send to nobody.
  const link = made && `${window.location.origin}/enrol#${made.token}`;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title(name)}
      description={text.body}
      closeLabel={t.shell.close}
      actions={
        <Button look="primary" disabled={!made && !problem} onClick={onClose}>
          {text.done}
        </Button>
      }
    >
      {problem && <ProblemNotice problem={problem} />}
      {made && link && (
        <div className="space-y-3">
          <TextField
            label={text.label}
            mono
            readOnly
            value={link}
            hint={text.once}
            onFocus={(event) => event.target.select()}
          />
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p className="flex items-center gap-2 text-sm text-ink-2">
              <Link2 size={16} aria-hidden />
              {text.until(formatDateTime(made.expiresAt))}
            </p>
            <Button
              size="sm"
              icon={copied ? Check : Copy}
              onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
            >
              {copied ? text.copied : text.copy}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
