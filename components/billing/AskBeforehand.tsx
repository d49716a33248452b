'use client';

import { MessageCircleQuestionMark, RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { ClaimStatePill } from '#components/claims/ClaimStatePill.tsx';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatDate, formatMoney } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { composePreauthorisation } from '#components/vault/billing.ts';
import type { Billed } from '#fhir/claim.ts';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { isAgreed, isWaiting } from './agreedBefore.ts';
import type { OpenedCard } from './useCards.ts';

const text = t.billing.service;

/** Asks the patient's insurer to agree to a medicine before it is handed out, or says what it was asked and answered. */
export function AskBeforehand({
  opened,
  item,
  name,
  prescriptionId,
  asked,
  isAsked,
  onAsked,
}: {
  opened: OpenedCard;
  item: Billed;
  /** Of the medicine. */
  name: string;
  /** Open in this browser: the insurer is shown of it what a claim would show. */
  prescriptionId: string;
  /** About this medicine, newest first. */
  asked: readonly ClaimView[];
  /** Just now, whether it is among `asked` yet or not. */
  isAsked: boolean;
  onAsked: () => void;
}) {
  const { busy, problem, attempt } = useAttempt();
  const signed = useSigned();
  const router = useRouter();
  const { card, view } = opened;
  const { currency } = view.plan.terms;

  const ask = () =>
    attempt(async () => {
      const servedAt = new Date().toISOString();
      const wanted = { category: 'medicine' as const, servedAt, currency, items: [item], prescriptionId };
      const intent = await composePreauthorisation(card, wanted);
      const insurer = view.names[view.insurer] ?? view.insurer;
      await signed(intent, { names: { [intent.submission.id]: name, [intent.submission.policy]: insurer } });
      onAsked();
      router.refresh();
    });

  // What was agreed to may be used up by now, which only a new question tells.
  const isOpen = !isAsked && !asked.some(isWaiting);
  return (
    <div className="mt-3 space-y-3">
      {asked.length > 0 && (
        <ul aria-label={text.askedBefore} className="divide-y divide-line border-y border-line">
          {asked.map((each) => (
            <li key={each.id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
              <span>{sayOf(each)}</span>
              <ClaimStatePill state={each.state} />
            </li>
          ))}
        </ul>
      )}
      {isAsked && asked.length === 0 && (
        <Notice tone="info" title={text.asked}>
          <p>{text.askedCounter}</p>
        </Notice>
      )}
      {isOpen && (
        <Button icon={MessageCircleQuestionMark} busy={busy} onClick={ask}>
          {text.ask}
        </Button>
      )}
      {((isAsked && asked.length === 0) || asked.some(isWaiting)) && (
        <Button size="sm" icon={RefreshCw} onClick={() => router.refresh()}>
          {text.look}
        </Button>
      )}
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}

function sayOf(asked: ClaimView): string {
  if (!isAgreed(asked)) return text.askedOn(formatDate(asked.at));
  return text.agreed(formatMoney(asked.decisions.at(-1)?.allowed ?? 0, asked.currency), formatDate(asked.at));
}
