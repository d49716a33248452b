'use client';

import { createContext, type ReactNode, useCallback, useRef, useState } from 'react';
import { toast } from 'sonner';
import { VaultError } from '#components/vault/errors.ts';
import { type Preparation, prepare, transact } from '#components/vault/transact.ts';
import { t } from '#messages/en.ts';
import { abandonSaga } from '#server/transactions/actions.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { createSigned, type Signed } from './createSigned.ts';
import { SigningSheet } from './SigningSheet.tsx';
import type { Names } from './wordsOf.ts';

interface Asked {
  intent: TransactionIntent;
  names: Names;
  settle: (confirmed: TransactionIntent | null) => void;
}

export const SigningContext = createContext<Signed | null>(null);

/** One that cannot be given up now ends by itself, unsigned. */
const abandon = ({ prepared }: Preparation) =>
  void prepared.then(({ sagaId }) => abandonSaga(sagaId)).catch(() => undefined);

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

  const [signed] = useState(() =>
    createSigned({
      ask: confirm,
      say: (words) => void toast.info(t.signing.signs(words)),
      ...{ prepare, abandon, transact },
    }),
  );

  return (
    <SigningContext value={signed}>
      {children}
      {asked && <SigningSheet intent={asked.intent} names={asked.names} onSettled={asked.settle} />}
    </SigningContext>
  );
}
