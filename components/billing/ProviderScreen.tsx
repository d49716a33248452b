'use client';

import { FilePlus2, LoaderCircle } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { BillingNoteView, CardView, ClaimView, Receivables } from '#server/claims/schema.ts';
import { Owed } from './Owed.tsx';
import { SentClaims } from './SentClaims.tsx';
import { ServiceDialog } from './ServiceDialog.tsx';
import { ToBill } from './ToBill.tsx';
import { useCards } from './useCards.ts';

const text = t.billing;

/** What a pharmacy or hospital bills, has billed and is owed. `notes`: a pharmacy's hand-overs; a hospital bills services instead. */
export function ProviderScreen({
  institution,
  cards,
  claims,
  receivables,
  notes,
}: {
  institution: string;
  cards: readonly CardView[];
  claims: readonly ClaimView[];
  receivables: Receivables;
  notes?: readonly BillingNoteView[];
}) {
  const router = useRouter();
  const state = useCards(cards, institution);
  const [isBilling, setIsBilling] = useState(false);
  const isOpen = state.state === 'open';
  const refresh = () => router.refresh();
  return (
    <div className="space-y-5">
      <UnlockNotice />
      {state.state === 'opening' && <Notice icon={LoaderCircle} live="status" title={t.shell.loading} />}
      {state.state === 'failed' && <ProblemNotice problem={state.problem} />}
      {isOpen && notes !== undefined && (
        <ToBill notes={notes} cards={state.cards} institution={institution} onChanged={refresh} />
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
      <SentClaims claims={claims} institution={institution} isUnlocked={isOpen} onChanged={refresh} />
      <Owed receivables={receivables} />
      {isBilling && isOpen && (
        <ServiceDialog
          cards={state.cards}
          claims={claims}
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
