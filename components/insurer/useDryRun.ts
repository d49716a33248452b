'use client';

import { useRef, useState } from 'react';
import type { PlanTerms } from '#chaincode/model/plan.ts';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { openVerifyChain } from '#components/verify/chain.ts';
import { type DryRun, dryRun } from '#coverage/dryRun.ts';
import { readPastClaims } from '#server/claims/actions.ts';
import type { PastClaims } from '#server/claims/schema.ts';
import { decidedOf, type OpenedPast, openPast } from './pastCases.ts';

export interface TriedPlan {
  run: DryRun;
  /** How many claims could not be opened. */
  closed: number;
}

/** Tries terms on past claims of a plan. They are opened once; what is typed after that is tried at once. */
export function useDryRun(plan: string, insurer: string, tokenAddress: string) {
  const known = useRef<{ past: PastClaims; opened: OpenedPast } | null>(null);
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null);
  const [tried, setTried] = useState<TriedPlan | null>(null);
  const { busy, problem, attempt } = useAttempt('OFFLINE');
  const run = (terms: PlanTerms) =>
    attempt(async () => {
      if (known.current === null) {
        const past = expectData(await readPastClaims({ plan }));
        const all = past.claims.length;
        setProgress({ done: 0, all });
        const chain = openVerifyChain({ tokenAddress }, null);
        const opened = await openPast(past, insurer, chain, (done) => setProgress({ done, all }));
        known.current = { past, opened };
      }
      const { past, opened } = known.current;
      setTried({ run: dryRun(terms, decidedOf(opened, past)), closed: opened.closed });
    }).finally(() => setProgress(null));
  return { run, tried, progress, busy, problem };
}
