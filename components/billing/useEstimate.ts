'use client';

import { useEffect, useRef, useState } from 'react';
import type { BenefitCategory } from '#chaincode/model/plan.ts';
import { problemOf } from '#components/ui/errors.ts';
import { askEligibility } from '#components/vault/billing.ts';
import type { Billed } from '#fhir/claim.ts';
import type { EstimateState } from './Estimate.tsx';
import type { OpenedCard } from './useCards.ts';

const pauseMs = 350;

/** Asks the insurer of a card what it would pay, again whenever what is asked changes; nothing is asked while `item` is absent. */
export function useEstimate(
  opened: OpenedCard | undefined,
  category: BenefitCategory,
  item: Billed | undefined,
): EstimateState | undefined {
  const [estimate, setEstimate] = useState<EstimateState | undefined>();
  const turn = useRef(0);
  const asked = JSON.stringify(item);
  const card = opened?.card;
  const currency = opened?.view.plan.terms.currency ?? '';
  // `asked` stands for `item`, which is made anew with each drawing
  useEffect(() => {
    const mine = ++turn.current;
    if (card === undefined || item === undefined) return setEstimate(undefined);
    setEstimate({ state: 'asking' });
    const timer = setTimeout(() => {
      askEligibility(card, { category, currency, items: [item] }).then(
        (answer) => mine === turn.current && setEstimate({ state: 'answered', answer }),
        (thrown: unknown) => mine === turn.current && setEstimate({ state: 'failed', problem: problemOf(thrown) }),
      );
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [card, category, asked]);
  // What was answered of a card that is closed since is nobody's.
  return card === undefined ? undefined : estimate;
}
