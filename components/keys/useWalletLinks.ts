'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useState } from 'react';
import { toast } from 'sonner';
import type { Connector } from 'wagmi';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { expectData } from '#components/vault/errors.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { proveWallet } from '#components/wallet/link.ts';
import { useWalletConfig } from '#components/wallet/WalletProvider.tsx';
import { t } from '#messages/en.ts';
import { unlinkWallet } from '#server/people/actions.ts';
import type { WalletView } from '#server/people/schema.ts';

const text = t.keys.wallets;
export type LinkStage = keyof typeof text.stages;

/**
 * Links and unlinks wallets. Staff have each change recorded on the registry, signed by their own key; what stops in
 * between is shown as not recorded yet and can be carried on.
 */
export function useWalletLinks() {
  const router = useRouter();
  const signed = useSigned();
  const config = useWalletConfig();
  const { subjectId, role } = usePerson();
  const { locks, wallets: opening } = useVault();
  const [stage, setStage] = useState<LinkStage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const onRegistry = role !== 'patient';

  const attempt = useCallback(
    async (first: LinkStage, work: () => Promise<string>) => {
      setProblem(null);
      setStage(first);
      try {
        toast.success(await work());
      } catch (thrown) {
        setProblem(problemOf(thrown));
      } finally {
        setStage(null);
        router.refresh();
      }
    },
    [router],
  );

  const note = useCallback(
    async (address: string): Promise<string> => {
      if (!onRegistry) return text.doneLinked;
      setStage('recording');
      const { saga } = await signed({ kind: 'linkWallet', subject: subjectId, address }, { sheet: 'factorOnly' });
      return saga.state === 'done' ? text.doneLinked : text.doneSoon;
    },
    [onRegistry, signed, subjectId],
  );

  const link = (connector: Connector) =>
    attempt('connecting', async () => {
      if (config === null) return text.chainDown;
      return note(await proveWallet(config, connector, subjectId, () => setStage('signing')));
    });

  const record = (address: string) => attempt('recording', () => note(address));

  const addToVault = (address: string, proof: string) =>
    attempt('signingTwice', async () => {
      await locks.addWallet(address, proof);
      return text.doneOpens;
    });

  const unlink = ({ address, recorded }: WalletView) =>
    attempt('unlinking', async () => {
      if (opening.includes(address)) await locks.removeWallet(address);
      if (recorded) await signed({ kind: 'unlinkWallet', subject: subjectId, address }, { sheet: 'factorOnly' });
      else expectData(await unlinkWallet({ address }));
      return text.doneUnlinked;
    });

  return { link, record, addToVault, unlink, stage, problem, onRegistry, config };
}
