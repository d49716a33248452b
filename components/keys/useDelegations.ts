'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { NewDelegation } from '#chaincode/model/delegation.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';

const text = t.keys.delegations;

/** Gives and ends delegations, each with the person's signature; a new one with a second factor besides. */
export function useDelegations() {
  const router = useRouter();
  const signed = useSigned();
  const { subjectId } = usePerson();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const record = async (intent: TransactionIntent, names: Record<string, string>, done: string) => {
    setProblem(null);
    setBusy(true);
    try {
      await signed(intent, { names });
      toast.success(done);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
      router.refresh();
    }
  };
  return {
    give: (given: Omit<NewDelegation, 'id'>, model: string) => {
      const delegation = { ...given, id: newIdentifier('dlg') };
      return record({ kind: 'delegate', subject: subjectId, delegation }, { [given.device]: model }, text.given);
    },
    end: (delegation: string, done = text.endedNow) => record({ kind: 'endDelegation', delegation }, {}, done),
    busy,
    problem,
  };
}
