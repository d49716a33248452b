'use client';

import { useCallback } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import type { MintInput, MintOutcome } from '#components/wallet/mint.ts';
import { recordMint, resumeSaga } from '#server/transactions/actions.ts';

export type MintStepOutcome = { transactionHash?: string } | { problem: Problem };

/** Mints with the person's wallet and tells the portal the transaction; the portal reads the chain itself. */
export function useMintStep(
  mintWithWallet: (input: MintInput) => Promise<MintOutcome>,
): (sagaId: string, input: MintInput) => Promise<MintStepOutcome> {
  return useCallback(
    async (sagaId, input) => {
      try {
        const outcome = await mintWithWallet(input);
        if (!outcome.ok && outcome.error.code === 'ALREADY_MINTED') {
          // Minted before and never told: the portal finds the token on the chain.
          const found = await resumeSaga(sagaId);
          return found.ok ? {} : { problem: found.error };
        }
        const hash = outcome.ok ? outcome.transactionHash : outcome.error.transactionHash;
        if (hash) {
          const recorded = await recordMint({ sagaId, transactionHash: hash });
          if (!recorded.ok) return { problem: recorded.error };
        }
        return outcome.ok ? { transactionHash: outcome.transactionHash } : { problem: outcome.error };
      } catch (thrown) {
        return { problem: problemOf(thrown) };
      }
    },
    [mintWithWallet],
  );
}
