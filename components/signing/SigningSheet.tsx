'use client';

import { KeyRound, PenLine } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Assertion, Credential } from '#chaincode/model/secondFactor.ts';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { listSecondFactors } from '#server/people/actions.ts';
import { secondFactorOf, type TransactionIntent, withSecondFactor } from '#server/transactions/schema.ts';
import { FactorChoice } from './FactorChoice.tsx';
import { confirmByPasskey } from './factor.ts';
import { LedgerDetails } from './LedgerDetails.tsx';
import { type Names, wordsOf } from './wordsOf.ts';

const text = t.signing;

/** What is signed, in words and in detail, and the second factor where the ledger demands one. */
export function SigningSheet({
  intent,
  names,
  onSettled,
}: {
  intent: TransactionIntent;
  names: Names;
  /** The intent with its second factor; null where the person does not sign. */
  onSettled: (confirmed: TransactionIntent | null) => void;
}) {
  const vault = useVault();
  const { openDialog } = useUnlock();
  const need = secondFactorOf(intent);
  const { credentials, problem: unread } = useCredentials(need !== 'never');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState<'passkey' | 'pin' | null>(null);
  const locked = vault.state !== 'open';
  const byFactor = need === 'always' || (credentials !== null && credentials.length > 0);

  const confirm = async (by: 'passkey' | 'pin', assert: () => Promise<Assertion>) => {
    setProblem(null);
    setAsking(by);
    try {
      onSettled(withSecondFactor(intent, await assert()));
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setAsking(null);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onSettled(null)}
      title={text.title}
      description={text.intro}
      closeLabel={t.shell.close}
      actions={
        <>
          <Button disabled={asking !== null} onClick={() => onSettled(null)}>
            {text.cancel}
          </Button>
          {locked ? (
            <Button look="primary" icon={KeyRound} busy={vault.state === 'opening'} onClick={openDialog}>
              {text.unlock}
            </Button>
          ) : (
            (need === 'never' || (credentials !== null && !byFactor)) && (
              <Button look="primary" icon={PenLine} autoFocus onClick={() => onSettled(intent)}>
                {text.sign}
              </Button>
            )
          )}
        </>
      }
    >
      <div className="space-y-4">
        <p className="text-lg leading-snug font-semibold break-words">{wordsOf(intent, names)}</p>
        <LedgerDetails intent={intent} />
        {locked && <p className="text-sm text-ink-2">{text.locked}</p>}
        {(problem ?? unread) && <ProblemNotice problem={problem ?? unread ?? { code: 'INTERNAL', message: '' }} />}
        {!locked && need !== 'never' && credentials === null && !unread && (
          <p className="text-sm text-ink-2" aria-live="polite">
            {text.factor.loading}
          </p>
        )}
        {!locked && byFactor && credentials !== null && (
          <FactorChoice
            credentials={credentials}
            asking={asking}
            onLeave={() => onSettled(null)}
            onPasskey={(passkeys) => void confirm('passkey', () => confirmByPasskey(intent, passkeys))}
            onPin={(pin) => void confirm('pin', () => vault.confirmByPin(intent, pin))}
          />
        )}
      </div>
    </Dialog>
  );
}

/** The person's second factors as the ledger has them; null until it has answered. */
function useCredentials(wanted: boolean) {
  const [credentials, setCredentials] = useState<Credential[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    listSecondFactors(undefined)
      .then((answer) => current && setCredentials(expectData(answer)))
      .catch((thrown) => current && setProblem(problemOf(thrown, 'OFFLINE')));
    return () => {
      current = false;
    };
  }, [wanted]);
  return { credentials, problem };
}
