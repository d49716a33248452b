'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import { PasswordStep } from '#components/enrolment/PasswordStep.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';

const text = t.keys.vault.password;

/** Puts another password in the place of the present one, in the vault and for the sign-in. */
export function ChangePassword({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { locks } = useVault();
  const [present, setPresent] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const close = () => {
    setPresent('');
    setProblem(null);
    onClose();
  };
  const change = async (next: string) => {
    setProblem(null);
    setBusy(true);
    try {
      await locks.changePassword(present, next);
      toast.success(text.done);
      close();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={text.title}
      description={text.body}
      closeLabel={t.shell.close}
    >
      <PasswordStep onPassword={change} action={text.action} busy={busy}>
        {problem && <ProblemNotice problem={problem} />}
        <TextField
          label={text.present}
          type="password"
          autoComplete="current-password"
          autoFocus
          required
          value={present}
          onChange={(event) => setPresent(event.target.value)}
        />
      </PasswordStep>
    </Dialog>
  );
}
