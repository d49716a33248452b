'use client';

import { createContext, type ReactNode, useCallback, useRef, useState } from 'react';
import { toast } from 'sonner';
import { VaultError } from '#components/vault/errors.ts';
import { type TransactListener, transact } from '#components/vault/transact.ts';
import { t } from '#messages/en.ts';
import { type Receipt, secondFactorOf, type TransactionIntent } from '#server/transactions/schema.ts';
import { SigningSheet } from './SigningSheet.tsx';
import { type Names, wordsOf } from './wordsOf.ts';

export interface SigningOptions {
  /** Words for the ids in the intent, so that the sentence names people and things. */
  names?: Names;
  onProgress?: TransactListener;
  /**
   * `always` opens the sheet, which is the default. `factorOnly` opens it where a second factor is needed, and otherwise
   * says the sentence while it signs: for what the page itself asked about, or does by itself.
   */
  sheet?: 'always' | 'factorOnly';
}

/** Has an intent shown in words, confirmed and recorded. Throws `SIGNING_DECLINED`, and what `transact` throws. */
export type Signed = (intent: TransactionIntent, options?: SigningOptions) => Promise<Receipt>;

interface Asked {
  intent: TransactionIntent;
  names: Names;
  settle: (confirmed: TransactionIntent | null) => void;
}

export const SigningContext = createContext<Signed | null>(null);

/** Holds the one sheet in which a person reads what is signed. */
export function SigningProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const turn = useRef<Promise<unknown>>(Promise.resolve());

  const confirm = useCallback((intent: TransactionIntent, names: Names) => {
    const ask = () =>
      new Promise<TransactionIntent>((resolve, reject) => {
        setAsked({
          intent,
          names,
          settle(confirmed) {
            setAsked(null);
            if (confirmed === null) reject(new VaultError('SIGNING_DECLINED', t.signing.declined));
            else resolve(confirmed);
          },
        });
      });
    // One sheet at a time: whoever comes second waits.
    const answer = turn.current.then(ask, ask);
    turn.current = answer;
    return answer;
  }, []);

  const signed = useCallback<Signed>(
    async (intent, { names = {}, onProgress, sheet = 'always' } = {}) => {
      if (sheet === 'always' || secondFactorOf(intent) !== 'never') {
        return transact(await confirm(intent, names), onProgress);
      }
      toast.info(t.signing.signs(wordsOf(intent, names)));
      return transact(intent, onProgress);
    },
    [confirm],
  );

  return (
    <SigningContext value={signed}>
      {children}
      {asked && <SigningSheet intent={asked.intent} names={asked.names} onSettled={asked.settle} />}
    </SigningContext>
  );
}
