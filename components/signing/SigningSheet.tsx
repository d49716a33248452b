'use client';

import { Fingerprint, KeyRound, PenLine } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Assertion, Credential } from '#chaincode/model/secondFactor.ts';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { listSecondFactors } from '#server/people/actions.ts';
import { secondFactorOf, type TransactionIntent, withSecondFactor } from '#server/transactions/schema.ts';
import { LedgerDetails } from './LedgerDetails.tsx';
import { confirmByPasskey, passkeysHere } from './passkey.ts';
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
  const [asking, setAsking] = useState(false);
  const locked = vault.state !== 'open';
  const byFactor = need === 'always' || (credentials !== null && credentials.length > 0);

  const confirm = async (assert: () => Promise<Assertion>) => {
    setProblem(null);
    setAsking(true);
    try {
      onSettled(withSecondFactor(intent, await assert()));
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setAsking(false);
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
          <Button disabled={asking} onClick={() => onSettled(null)}>
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
          <Factors
            credentials={credentials}
            asking={asking}
            onLeave={() => onSettled(null)}
            onPasskey={(some) => void confirm(() => confirmByPasskey(intent, some))}
          />
        )}
      </div>
    </Dialog>
  );
}

/** The ways in which this person can confirm it here. */
function Factors({
  credentials,
  asking,
  onLeave,
  onPasskey,
}: {
  credentials: Credential[];
  asking: boolean;
  onLeave: () => void;
  onPasskey: (passkeys: Credential[]) => void;
}) {
  const passkeys = passkeysHere(credentials);
  if (credentials.length === 0) {
    return (
      <Notice
        tone="warn"
        title={text.factor.none}
        actions={
          <LinkButton size="sm" href="/keys" onClick={onLeave}>
            {text.factor.noneAction}
          </LinkButton>
        }
      >
        <p>{text.factor.noneBody}</p>
      </Notice>
    );
  }
  return (
    <section aria-labelledby="second-factor" className="space-y-3 border-t border-line pt-4">
      <div>
        <h3 id="second-factor" className="font-bold">
          {text.factor.title}
        </h3>
        <p className="text-sm text-ink-2">{text.factor.body}</p>
      </div>
      {passkeys.length > 0 && (
        <Button wide look="primary" icon={Fingerprint} busy={asking} onClick={() => onPasskey(passkeys)}>
          {asking ? text.factor.passkeyWaiting : text.factor.passkey}
        </Button>
      )}
    </section>
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
