'use client';

import { useCallback } from 'react';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import type { MintInput, MintOutcome } from '#components/wallet/mint.ts';
import { relayMint } from '#server/transactions/actions.ts';

export type MintStepOutcome = { transactionHash?: string } | { problem: Problem };

/** Signs the token with the person's wallet and hands it to the portal, which brings it to Ethereum with others. */
export function useMintStep(
  signToken: (input: MintInput) => Promise<MintOutcome>,
): (sagaId: string, input: MintInput) => Promise<MintStepOutcome> {
  return useCallback(
    async (sagaId, input) => {
      try {
        const signed = await signToken(input);
        if (!signed.ok) return { problem: signed.error };
        const { signature, deadline } = signed;
        const taken = await relayMint({ sagaId, deadline, signature });
        if (!taken.ok) return { problem: taken.error };
        const proof = taken.data.steps.find(({ name }) => name === 'mint')?.proof;
        return proof ? { transactionHash: proof } : {};
      } catch (thrown) {
        return { problem: problemOf(thrown) };
      }
    },
    [signToken],
  );
}
