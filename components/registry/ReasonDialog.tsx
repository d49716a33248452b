'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextAreaField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';

const text = t.registry.decisions;
const shortest = 3;

/** Asks why something is refused; the reason is public. */
export function ReasonDialog({
  title,
  busy,
  onReason,
  onClose,
}: {
  title: string;
  busy: boolean;
  onReason: (reason: string) => void;
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < shortest;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} closeLabel={t.shell.close}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!short) onReason(reason.trim());
        }}
      >
        <TextAreaField
          label={text.reason}
          hint={text.reasonHint}
          maxLength={300}
          autoFocus
          value={reason}
          error={tried && short ? text.reasonShort : null}
          onChange={(event) => setReason(event.target.value)}
        />
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
          {text.next}
        </Button>
      </form>
    </Dialog>
  );
}
