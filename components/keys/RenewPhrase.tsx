'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import { ConfirmWords } from '#components/enrolment/ConfirmWords.tsx';
import { PhraseStep } from '#components/enrolment/PhraseStep.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import type { RenewedPhrase } from '#components/vault/lockOperations.ts';
import type { Composed } from '#components/vault/useVaultLocks.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { PasswordForm } from './PasswordForm.tsx';

const text = t.keys.vault.phrase;

/** Makes a new recovery phrase; the one before holds until three of the new words were typed. */
export function RenewPhrase({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { locks } = useVault();
  const [made, setMade] = useState<Composed<RenewedPhrase> | null>(null);
  const [written, setWritten] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const close = () => {
    setMade(null);
    setWritten(false);
    setProblem(null);
    onClose();
  };
  const attempt = async (work: () => Promise<void>) => {
    setProblem(null);
    setBusy(true);
    try {
      await work();
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
      <div className="space-y-4">
        {problem && <ProblemNotice problem={problem} />}
        {made === null ? (
          <PasswordForm
            action={text.action}
            busy={busy}
            onPassword={(password) => void attempt(async () => setMade(await locks.makePhrase(password)))}
          />
        ) : written ? (
          <ConfirmWords
            words={made.words}
            action={text.use}
            busy={busy}
            onShowAgain={() => setWritten(false)}
            onConfirmed={() =>
              void attempt(async () => {
                await locks.savePhrase(made);
                toast.success(text.done);
                close();
              })
            }
          />
        ) : (
          <PhraseStep words={made.words} onWritten={() => setWritten(true)} />
        )}
      </div>
    </Dialog>
  );
}
