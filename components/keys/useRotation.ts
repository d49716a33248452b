'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { vaultClient } from '#components/vault/client.ts';
import { expectData } from '#components/vault/errors.ts';
import { ownWrapsAnew } from '#components/vault/ownWraps.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { reloadVault, requestCertificate, settleKeys } from '#server/people/actions.ts';

const text = t.keys.rotation;
export type RotationStage = keyof typeof text.stages;

/**
 * New signing and reading keys: made and stored first, certified, recorded on the ledger by the present key, and only then
 * put in its place. Whatever stops in between is carried on by doing it again, in any browser of the person.
 */
export function useRotation() {
  const router = useRouter();
  const signed = useSigned();
  const { role, subjectId, name } = usePerson();
  const { locks, reload, record, state } = useVault();
  const [stage, setStage] = useState<RotationStage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [begun, setBegun] = useState(false);

  useEffect(() => {
    if (record === null || state !== 'open') return;
    let current = true;
    vaultClient()
      .call('hasPendingKeys', { record })
      .then((has) => current && setBegun(has))
      // Locked meanwhile: it is looked up anew when it opens.
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [record, state]);

  const rotate = async (): Promise<void> => {
    setProblem(null);
    setStage('making');
    try {
      // An attempt before may have come to the ledger without this browser knowing.
      if (begun) {
        await settleKeys(undefined).then(expectData);
        await reload();
      }
      const { record: stored } = await locks.change((present) =>
        vaultClient().call('beginRotation', { record: present }),
      );
      const pending = await vaultClient().call('pendingRotation', { record: stored });
      if (pending !== null && !pending.taken) {
        setStage('certifying');
        const { csrPem, proof, keys } = pending;
        expectData(await requestCertificate({ csrPem, proof, readingKey: keys.readingKey }));
        setStage('recording');
        const intent =
          role === 'patient'
            ? ({ kind: 'patients:rotateKeys', pseudonym: subjectId, keys } as const)
            : ({ kind: 'rotateKeys', subject: subjectId, keys } as const);
        await signed(intent, { names: { [subjectId]: name } });
        await settleKeys(undefined).then(expectData);
      }
      setStage('replacing');
      await reload();
      const { certificatePem } = expectData(await reloadVault(undefined));
      await locks.change((present) => vaultClient().call('completeRotation', { record: present, certificatePem }));
      await reload();
      setBegun(false);
      toast.success(text.done);
    } catch (thrown) {
      setBegun(true);
      setProblem(problemOf(thrown));
      setStage(null);
      return router.refresh();
    }
    try {
      // The record stays open by the key before: what fails here costs nothing but a look at former keys.
      if (role === 'patient') {
        setStage('rewrapping');
        const renewal = await ownWrapsAnew(subjectId);
        if (renewal !== null) await signed(renewal, { names: { [subjectId]: name }, sheet: 'factorOnly' });
      }
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setStage(null);
      router.refresh();
    }
  };

  return { rotate, begun, stage, problem };
}
