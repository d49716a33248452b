'use client';

import { useCallback, useState } from 'react';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { expectData, VaultError } from '#components/vault/errors.ts';
import { completeIntent } from '#components/vault/prescription.ts';
import { useSignToken } from '#components/wallet/WalletProvider.tsx';
import { resumeSaga } from '#server/transactions/actions.ts';
import type { ResumableSaga, SagaView } from '#server/transactions/schema.ts';
import { isAsShown, stepOf } from './standing.ts';
import { useMintStep } from './useMintStep.ts';

/** What to sign now. Throws why there is nothing. */
function intentToSign(shown: SagaView, { state, steps, intent }: ResumableSaga) {
  const sign = stepOf({ steps }, 'sign');
  if (state === 'expired') throw new VaultError('SAGA_EXPIRED', 'This was never signed and has run out.');
  if (state === 'failed') throw new VaultError(sign?.error ?? 'SAGA_NOT_RESUMABLE', 'The ledger refused it.');
  if (intent === undefined) {
    throw sign?.state === 'running'
      ? new VaultError('LEDGER_UNDECIDED', 'The ledger has not confirmed it yet.')
      : new VaultError('SAGA_NOT_RESUMABLE', 'This flow cannot be carried on here; begin it anew.');
  }
  if (!isAsShown(shown, intent)) {
    throw new VaultError('PROPOSAL_MISMATCH', 'What the portal kept is not what this list shows.');
  }
  return intent;
}

/**
 * Takes up a flow where it stands: asks the ledgers, signs what is not signed, mints what is not minted. The same
 * business id makes every step harmless to repeat.
 */
export function useResume() {
  const signed = useSigned();
  const mint = useMintStep(useSignToken());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const resume = useCallback(
    async (saga: SagaView): Promise<boolean> => {
      setBusy(true);
      setProblem(null);
      try {
        let current = expectData(await resumeSaga(saga.id));
        if (stepOf(current, 'sign')?.state !== 'done') {
          await signed(await completeIntent(intentToSign(saga, current)), { sheet: 'factorOnly' });
          current = expectData(await resumeSaga(saga.id));
        }
        const { intent } = current;
        if (intent?.kind === 'issue' && stepOf(current, 'mint')?.state !== 'done') {
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
    [mint, signed],
  );

  return { resume, busy, problem };
}
