'use client';

import { useState } from 'react';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { PasswordForm } from './PasswordForm.tsx';

const text = t.keys.wallets.opener;

/** Has the person prove the password before a wallet becomes a way to open the keys. */
export function AddOpener({
  open,
  onProved,
  onClose,
}: {
  open: boolean;
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
      title={text.title}
      description={text.body}
      closeLabel={t.shell.close}
    >
      <div className="space-y-4">
        {problem && <ProblemNotice problem={problem} />}
        <PasswordForm action={text.action} busy={busy} onPassword={(password) => void prove(password)} />
      </div>
    </Dialog>
  );
}
