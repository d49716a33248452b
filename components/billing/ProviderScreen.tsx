'use client';

import { FilePlus2, LoaderCircle } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { OlderEntries } from '#components/claims/OlderEntries.tsx';
import { useListed } from '#components/claims/useListed.ts';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { moreClaims } from '#server/claims/actions.ts';
import type { BillingNoteView, CardView, ClaimView, Listed, Receivables, Takings } from '#server/claims/schema.ts';
import { Owed } from './Owed.tsx';
import { SentClaims } from './SentClaims.tsx';
import { ServiceDialog } from './ServiceDialog.tsx';
import { TakingsPanel } from './TakingsPanel.tsx';
import { ToBill } from './ToBill.tsx';
import { useCards } from './useCards.ts';

const text = t.billing;

/** What a pharmacy or hospital bills, has billed and is owed. `notes`: a pharmacy's hand-overs; a hospital bills services instead. */
export function ProviderScreen({
  institution,
  cards,
  sent,
  asked,
  receivables,
  takings,
  notes,
}: {
  institution: string;
  cards: Listed<CardView>;
  sent: Listed<ClaimView>;
  /** What insurers were asked beforehand. */
  asked: readonly ClaimView[];
  receivables: Receivables;
  /** Null where the chain does not answer. */
  takings: Takings | null;
  notes?: readonly BillingNoteView[];
}) {
  const router = useRouter();
  const { state, list: held } = useCards(cards, institution);
  const list = useListed(sent, async (page) => expectData(await moreClaims({ page })));
  const [isBilling, setIsBilling] = useState(false);
  const isOpen = state.state === 'open';
  const refresh = () => router.refresh();
  return (
    <div className="space-y-5">
      <UnlockNotice />
      {state.state === 'opening' && <Notice icon={LoaderCircle} live="status" title={t.shell.loading} />}
      {state.state === 'failed' && <ProblemNotice problem={state.problem} />}
      {isOpen && notes !== undefined && (
        <ToBill notes={notes} cards={state.cards} claims={asked} institution={institution} onChanged={refresh} />
      )}
      {notes === undefined && (
        <div className="flex flex-wrap items-center gap-3">
          <Button
            look="primary"
            icon={FilePlus2}
            disabled={!isOpen || state.cards.length === 0}
            onClick={() => setIsBilling(true)}
          >
            {text.service.open}
          </Button>
          {isOpen && state.cards.length === 0 && <p className="text-sm text-ink-2">{text.service.noCards}</p>}
        </div>
      )}
      {isOpen && held.left > 0 && (
        <Notice tone="info" title={text.olderCards}>
          <OlderEntries list={held} />
        </Notice>
      )}
      <SentClaims list={list} institution={institution} isUnlocked={isOpen} onChanged={refresh} />
      <Owed receivables={receivables} />
      <TakingsPanel takings={takings} />
      {isBilling && isOpen && (
        <ServiceDialog
          cards={state.cards}
          claims={asked}
          onSent={() => {
            setIsBilling(false);
            refresh();
          }}
          onClose={() => setIsBilling(false)}
        />
      )}
    </div>
  );
}
