'use client';

import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import { RegisterDialog } from './RegisterDialog.tsx';

const labels = { patient: t.directory.register.open, ward: t.directory.register.openWard };

/** Opens the form in which a patient, or somebody without an account, is registered. */
export function RegisterButton({ kind = 'patient' }: { kind?: 'patient' | 'ward' }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="sm"
        look={kind === 'patient' ? 'primary' : 'secondary'}
        icon={UserPlus}
        onClick={() => setOpen(true)}
      >
        {labels[kind]}
      </Button>
      {open && <RegisterDialog kind={kind} onClose={() => setOpen(false)} />}
    </>
  );
}
