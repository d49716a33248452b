'use client';

import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { InvitationLink } from '#components/registry/InvitationLink.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { startReenrolment } from '#server/reenrolment/actions.ts';
import type { Invitation } from '#server/registry/schema.ts';

const text = t.reenrolment.admin;

/** Makes the link with which somebody who has lost everything makes new keys, and shows it this once. */
export function NewKeysDialog({
  person: { subject, name },
  onClose,
}: {
  person: { subject: string; name: string };
  onClose: () => void;
}) {
  const [made, setMade] = useState<Invitation | null>(null);
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  const make = () => attempt(async () => setMade(expectData(await startReenrolment({ subject }))));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={text.title(name)}
      description={text.body}
      closeLabel={t.shell.close}
      actions={
        made ? (
          <Button look="primary" onClick={onClose}>
            {text.done}
          </Button>
        ) : (
          <Button look="primary" icon={Link2} busy={busy} onClick={() => void make()}>
            {text.make}
          </Button>
        )
      }
    >
      {problem && <ProblemNotice problem={problem} />}
      {made && <InvitationLink invitation={made} hint={text.once} page="/new-keys" />}
    </Dialog>
  );
}
