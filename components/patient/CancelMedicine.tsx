'use client';

import { Ban } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { useChange } from './useChange.ts';

const text = t.patient.medicines.cancel;

/** Cancels a prescription that nobody holds, or asks the pharmacy that holds it. */
export function CancelMedicine({ prescription, name }: { prescription: PrescriptionSummary; name: string }) {
  const { id, holder, cancelRequest } = prescription;
  const [open, setOpen] = useState(false);
  const { record } = useChange(id, name);
  if (cancelRequest && !cancelRequest.refused) return null;
  const words = holder ? text.request : text.now;
  const kind = holder ? 'requestCancel' : 'cancel';
  return (
    <>
      <Button look="quiet" size="lg" icon={Ban} onClick={() => setOpen(true)}>
        {words.open}
      </Button>
      {open && (
        <ReasonDialog
          title={words.title}
          body={words.body}
          label={text.reason}
          hint={text.reasonHint}
          usual={text.usual}
          action={words.action}
          dismiss={text.keep}
          icon={Ban}
          onReason={(reason) => record({ kind, id, reason }, words.done)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
