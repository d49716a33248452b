'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Credential, NewCredential } from '#chaincode/model/secondFactor.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { vaultClient } from '#components/vault/client.ts';
import { askPasskeyOutput, makePasskey } from '#components/vault/passkey.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';

const text = t.keys.factors;
export type FactorStage = keyof typeof text.stages;

/** Adds, changes and removes a person's passkeys and signing PIN, on the ledger and in the vault. */
export function useSecondFactors(credentials: readonly Credential[]) {
  const router = useRouter();
  const signed = useSigned();
  const person = usePerson();
  const { locks, passkeys } = useVault();
  const [stage, setStage] = useState<FactorStage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const names = { [person.subjectId]: person.name };

  const attempt = async (first: FactorStage, work: () => Promise<string>): Promise<boolean> => {
    setProblem(null);
    setStage(first);
    try {
      toast.success(await work());
      return true;
    } catch (thrown) {
      setProblem(problemOf(thrown));
      return false;
    } finally {
      setStage(null);
      router.refresh();
    }
  };

  const record = async (intent: TransactionIntent) => {
    await signed(intent, { names, onProgress: () => setStage('recording') });
  };
  const add = (credential: NewCredential) => record(addIntent(person, credential));
  const remove = (credentialId: string) => record(removeIntent(person, credentialId));

  const addPasskey = () =>
    attempt('asking', async () => {
      const known = credentials.filter(({ kind }) => kind === 'passkey').map(({ id }) => id);
      const { credential, offersPrf } = await makePasskey(person, known);
      await add(credential);
      return offersPrf ? text.donePasskey : text.donePasskeyOnly;
    });

  /**
   * The first PIN is kept before the ledger knows it, so that no crash leaves one there that nobody has; another one only
   * after, since the one before confirms it.
   */
  const setPin = (pin: string) =>
    attempt('making', async () => {
      const before = credentials.filter(({ kind }) => kind === 'pin');
      const { credential, kept } = await vaultClient().call('makePin', { pin, host: window.location.hostname });
      const keep = () => locks.change((record) => vaultClient().call('putPin', { record, kept }));
      if (before.length === 0) {
        await keep();
        await add(credential);
        return text.donePin;
      }
      await add(credential);
      await keep();
      for (const { id } of before) await remove(id);
      return text.donePinChanged;
    });

  const removeFactor = ({ id, kind }: Credential) =>
    attempt('recording', async () => {
      await remove(id);
      if (passkeys.includes(id)) await locks.removePasskey(id);
      if (kind === 'pin') {
        const dropped = async (record: string) => {
          const own = (await vaultClient().call('pinOf', { record })) === id;
          return own ? vaultClient().call('dropPin', { record }) : { record };
        };
        await locks.change(dropped);
      }
      return text.doneRemoved;
    });

  /** Makes a passkey a way to open the vault; `proof` of the password comes first. */
  const openWith = (id: string, proof: string) =>
    attempt('asking', async () => {
      const { output } = await askPasskeyOutput([id]);
      await locks.addPasskey(id, output, proof);
      return text.doneOpens;
    });

  return { addPasskey, setPin, removeFactor, openWith, stage, problem };
}

type Owner = Pick<ReturnType<typeof usePerson>, 'role' | 'subjectId'>;

/** A patient's entry lies on the care channel, everybody else's on `registry`. */
function addIntent({ role, subjectId }: Owner, credential: NewCredential): TransactionIntent {
  return role === 'patient'
    ? { kind: 'patients:addCredential', pseudonym: subjectId, credential }
    : { kind: 'addCredential', subject: subjectId, credential };
}

function removeIntent({ role, subjectId }: Owner, credentialId: string): TransactionIntent {
  return role === 'patient'
    ? { kind: 'patients:removeCredential', pseudonym: subjectId, credentialId }
    : { kind: 'removeCredential', subject: subjectId, credentialId };
}
