'use client';

import { useState } from 'react';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { PasswordForm } from './PasswordForm.tsx';

/** Has the person prove the password before a wallet or passkey becomes a way to open the keys. */
export function AddOpener({
  open,
  words,
  onProved,
  onClose,
}: {
  open: boolean;
  words: { title: string; body: string; action: string };
  onProved: (proof: string) => void;
  onClose: () => void;
}) {
  const { locks } = useVault();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const close = () => {
    setProblem(null);
    onClose();
  };
  const prove = async (password: string) => {
    setProblem(null);
    setBusy(true);
    try {
      onProved(await locks.prove(password));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && !busy && close()}
      title={words.title}
      description={words.body}
      closeLabel={t.shell.close}
    >
      <div className="space-y-4">
        {problem && <ProblemNotice problem={problem} />}
        <PasswordForm action={words.action} busy={busy} onPassword={(password) => void prove(password)} />
      </div>
    </Dialog>
  );
}
