'use client';

import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { TextAreaField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';

const text = t.dispensing.closeDialog;

/** Closing without handing out the rest asks for a reason. */
export function CloseShort({
  open,
  onOpenChange,
  onClose,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onClose: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  const given = reason.trim();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={text.title}
      description={text.body}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>{text.keep}</Button>
          <Button
            look="danger"
            disabled={given.length < 3}
            onClick={() => {
              setReason('');
              onClose(given);
            }}
          >
            {text.do}
          </Button>
        </>
      }
    >
      <TextAreaField
        label={text.reason}
        hint={text.reasonHint}
        maxLength={300}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}
