'use client';

import { useCallback, useState } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { expectData } from '#components/vault/errors.ts';
import { resumeFromPacket } from '#components/vault/prescription.ts';
import { transact } from '#components/vault/transact.ts';
import { useMintPrescription } from '#components/wallet/WalletProvider.tsx';
import { resumeSaga } from '#server/transactions/actions.ts';
import type { SagaView } from '#server/transactions/schema.ts';
import { useMintStep } from './useMintStep.ts';

const stateOf = (saga: Pick<SagaView, 'steps'>, name: SagaView['steps'][number]['name']) =>
  saga.steps.find((step) => step.name === name)?.state;

/**
 * Takes up a flow where it stands: asks the ledgers, signs what is not signed, mints what is not minted. The same
 * business id makes every step harmless to repeat.
 */
export function useResume() {
  const mint = useMintStep(useMintPrescription());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const resume = useCallback(
    async (saga: SagaView): Promise<boolean> => {
      setBusy(true);
      setProblem(null);
      try {
        let current = expectData(await resumeSaga(saga.id));
        if (stateOf(current, 'sign') !== 'done') {
          await transact(await resumeFromPacket(current));
          current = expectData(await resumeSaga(saga.id));
        }
        const { intent } = current;
        if (intent && stateOf(current, 'mint') !== undefined && stateOf(current, 'mint') !== 'done') {
          const outcome = await mint(saga.id, {
            prescriptionId: intent.issue.id,
            holder: intent.tokenHolder,
            commitment: intent.issue.commitment,
            expires: intent.issue.expires,
          });
          if ('problem' in outcome) {
            setProblem(outcome.problem);
            return false;
          }
        }
        return true;
      } catch (thrown) {
        setProblem(problemOf(thrown));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [mint],
  );

  return { resume, busy, problem };
}
