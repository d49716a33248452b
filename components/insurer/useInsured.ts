'use client';

import { useCallback, useState } from 'react';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { openPolicyDetails } from '#components/vault/claimCases.ts';
import type { PolicyDetails } from '#crypto/claim/details.ts';
import type { PolicyView } from '#server/claims/schema.ts';

/** Who policies insure, opened one by one as the person asks; what was opened stays until the page is left. */
export function useInsured() {
  const [insured, setInsured] = useState<ReadonlyMap<string, PolicyDetails['insured']>>(new Map());
  const [opening, setOpening] = useState<string | null>(null);
  const { problem, attempt } = useAttempt('OFFLINE');
  const open = useCallback(
    async (policy: PolicyView) => {
      setOpening(policy.id);
      await attempt(async () => {
        const details = await openPolicyDetails(policy, policy.insurer);
        setInsured((was) => new Map(was).set(policy.id, details.insured));
      });
      setOpening(null);
    },
    [attempt],
  );
  return { insured, opening, problem, open };
}
