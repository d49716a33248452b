'use client';

import { CircleCheck } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { PasswordStep } from '#components/enrolment/PasswordStep.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import type { ChangedPassword } from '#components/vault/lockOperations.ts';
import type { Composed } from '#components/vault/useVaultLocks.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { StillOpening } from './StillOpening.tsx';

const text = t.keys.vault.password;

/** Puts another password in the place of the present one, in the vault and for the sign-in. */
export function ChangePassword({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { locks, wallets } = useVault();
  const [present, setPresent] = useState('');
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** Kept until its answer is known: the very same change is stored once, however often it is asked for. */
  const made = useRef<{ present: string; next: string; change: Composed<ChangedPassword> } | null>(null);

  const close = () => {
    made.current = null;
    setPresent('');
    setDone(false);
    setProblem(null);
    onClose();
  };
  const change = async (next: string) => {
    setProblem(null);
    setBusy(true);
    try {
      if (made.current?.present !== present || made.current.next !== next) {
        made.current = { present, next, change: await locks.makePassword(present, next) };
      }
      await locks.savePassword(made.current.change);
      made.current = null;
      toast.success(text.done);
      if (wallets.length === 0) close();
      else setDone(true);
    } catch (thrown) {
      const refused = problemOf(thrown);
      if (refused.code === 'CONFLICT') made.current = null;
      setProblem(refused);
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
      {done ? (
        <div className="space-y-4">
          <Notice tone="ok" title={text.done} icon={CircleCheck} />
          <StillOpening wallets={wallets} />
          <Button wide autoFocus onClick={close}>
            {text.understood}
          </Button>
        </div>
      ) : (
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
      )}
    </Dialog>
  );
}
