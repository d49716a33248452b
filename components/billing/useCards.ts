'use client';

import { useEffect, useState } from 'react';
import { type ListedHere, useListed } from '#components/claims/useListed.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { openCards } from '#components/vault/billing.ts';
import type { ShownCard } from '#components/vault/cardOperations.ts';
import { expectData } from '#components/vault/errors.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { moreCards } from '#server/claims/actions.ts';
import type { CardView, Listed } from '#server/claims/schema.ts';

/** A card that opened. */
export interface OpenedCard {
  view: CardView;
  card: ShownCard;
}

export type CardsState =
  | { state: 'locked' | 'opening' }
  | { state: 'failed'; problem: Problem }
  /** `closed`: how many did not open. */
  | { state: 'open'; cards: OpenedCard[]; closed: number };

/** The insurance cards that patients gave the institution, opened in this browser, the newest first; `list` brings older ones. */
export function useCards(
  first: Listed<CardView>,
  institution: string,
): { state: CardsState; list: ListedHere<CardView> } {
  const list = useListed(first, async (page) => expectData(await moreCards({ page })));
  const views = list.entries;
  const vault = useVault();
  const [state, setState] = useState<CardsState>({ state: 'locked' });
  const isOpen = vault.state === 'open';
  useEffect(() => {
    if (!isOpen) return setState({ state: 'locked' });
    let isCurrent = true;
    setState({ state: 'opening' });
    openCards(views, institution).then(
      (parts) => {
        if (!isCurrent) return;
        const cards = parts.flatMap((part, place) => {
          const view = views[place];
          return view !== undefined && 'content' in part ? [{ view, card: part.content }] : [];
        });
        setState({ state: 'open', cards, closed: parts.length - cards.length });
      },
      (thrown: unknown) => isCurrent && setState({ state: 'failed', problem: problemOf(thrown) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [isOpen, views, institution]);
  return { state, list };
}
