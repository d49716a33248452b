'use client';

import { useCallback, useEffect, useState } from 'react';
import { countedInstead, decisionInForce } from '#chaincode/model/usage.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { openClaim, openClaims, openPolicyDetails } from '#components/vault/claimCases.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { openVerifyChain } from '#components/verify/chain.ts';
import { type Adjudication, adjudicate } from '#coverage/adjudicate.ts';
import { ClaimHistory } from '#coverage/history.ts';
import type { Insured } from '#crypto/claim/details.ts';
import type { CheckedEvidence } from '#crypto/claim/evidence.ts';
import type { ClaimCase } from '#server/claims/schema.ts';
import { checkCase, groundsOf, historyOf, nationalList, type ReadClaim, readBill, readOther } from './judgeCase.ts';

/** A claim as far as it was opened and judged in this browser. */
export interface OpenedCase {
  read: ReadClaim;
  insured: Insured;
  /** Undefined where there is no evidence to check, or it was not yet. */
  checked: CheckedEvidence | undefined;
  /** Undefined until the chain has said what the evidence is held against. */
  judged: Adjudication | undefined;
  /** Past claims that it was held beside, of so many. */
  beside: { opened: number; all: number; closed: number };
}

/**
 * Opens a claim with this browser's keys, checks its evidence against the chain, and judges it by the plan as the adjudicator does: first
 * by itself, then beside the past claims as they open.
 */
export function useCase(of: ClaimCase, tokenAddress: string) {
  const vault = useVault();
  const isOpen = vault.state === 'open';
  const [opened, setOpened] = useState<OpenedCase | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((was) => was + 1), []);

  useEffect(() => {
    if (!isOpen) return setOpened(null);
    let current = true;
    setProblem(null);
    openCase(
      of,
      tokenAddress,
      (found) => current && setOpened(found),
      () => current,
    ).catch((thrown) => current && setProblem(problemOf(thrown, 'OFFLINE')));
    return () => {
      current = false;
    };
  }, [isOpen, of, tokenAddress, attempt]);

  const isLocked = vault.state === 'locked' || vault.state === 'none';
  return { isLocked, isOpening: !isLocked && opened === null && problem === null, opened, problem, again };
}

async function openCase(
  of: ClaimCase,
  tokenAddress: string,
  onFound: (found: OpenedCase) => void,
  isWanted: () => boolean,
): Promise<void> {
  const { claim, policy, plan, usage, formulary } = of;
  const list = nationalList(formulary);
  const [read, { insured }] = [
    readBill(claim, await openClaim(claim, claim.insurer)),
    await openPolicyDetails(policy, claim.insurer),
  ];
  let found: OpenedCase = {
    ...{ read, insured, checked: undefined, judged: undefined },
    beside: { opened: 0, all: of.beside.length, closed: 0 },
  };
  onFound(found);
  const agreed: ReadClaim[] = [];
  await openClaims(of.agreed, claim.insurer, (other, said) => {
    const one = readOther(other, said);
    if (one !== undefined) agreed.push(one);
  });
  const checked = await checkCase(read, insured, openVerifyChain({ tokenAddress }, null));
  const grounds = groundsOf(read, { policy, insured, checked, agreed: agreed[0], list });
  // What the decision in force has used is free again for the one that takes its place.
  const counted = claim.use === 'claim' ? decisionInForce(claim) : undefined;
  const account = countedInstead(usage, claim.category, counted, undefined);
  const judge = (history: ClaimHistory) => adjudicate({ ...grounds, terms: plan.terms, usage: account, history });
  found = { ...found, checked, judged: judge(new ClaimHistory()) };
  onFound(found);
  const past: ReadClaim[] = [];
  let closed = 0;
  for (const other of of.beside) {
    // Somebody who has gone on waits for nothing.
    if (!isWanted()) return;
    await openClaims([other], claim.insurer, (each, said) => {
      const one = readOther(each, said);
      if (one === undefined) closed += 1;
      else past.push(one);
    });
    onFound({ ...found, beside: { opened: past.length, all: of.beside.length, closed } });
  }
  onFound({
    ...{ ...found, judged: judge(historyOf(past, list)) },
    beside: { opened: past.length, all: of.beside.length, closed },
  });
}
