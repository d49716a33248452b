'use client';

import { useEffect, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { inviteStaff } from '#server/registry/actions.ts';
import type { Invitation } from '#server/registry/schema.ts';
import { InvitationLink } from './InvitationLink.tsx';

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

  useEffect(() => {
    let current = true;
    inviteStaff({ subject })
      .then((answer) => current && setMade(expectData(answer)))
      .catch((thrown: unknown) => current && setProblem(problemOf(thrown, 'OFFLINE')));
    return () => {
      current = false;
    };
  }, [subject]);

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
      {made && <InvitationLink invitation={made} hint={text.once} />}
    </Dialog>
  );
}
