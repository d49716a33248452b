'use client';

import { Banknote, LoaderCircle, MessageSquareReply, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ClaimStatePill } from '#components/claims/ClaimStatePill.tsx';
import { ClaimStory } from '#components/claims/ClaimStory.tsx';
import { cashDue } from '#components/claims/leftToDo.ts';
import { SharesBar } from '#components/insurance/SharesBar.tsx';
import { servedIn } from '#components/insurance/servedIn.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatMoney, formatServiceDay } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { composeClaimMessage, openClaim } from '#components/vault/claimCases.ts';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';

const text = t.billing.sent;
const over: readonly string[] = ['denied', 'reversed'];

/** A claim as its provider sees it: what became of it, what was said, and what is left to do. */
export function SentClaim({
  claim,
  institution,
  onChanged,
  onClose,
}: {
  claim: ClaimView;
  institution: string;
  onChanged: () => void;
  onClose: () => void;
}) {
  const [opened, setOpened] = useState<OpenedClaim | Problem | null>(null);
  const [asking, setAsking] = useState<'answer' | 'reverse' | null>(null);
  const cash = useAttempt();
  const signed = useSigned();
  const { currency } = claim;
  const decision = claim.decisions.at(-1);
  const names = { [`${claim.id}/currency`]: currency };

  useEffect(() => {
    let isCurrent = true;
    openClaim(claim, institution).then(
      (result) => isCurrent && setOpened(result),
      (thrown: unknown) => isCurrent && setOpened(problemOf(thrown)),
    );
    return () => {
      isCurrent = false;
    };
  }, [claim, institution]);

  const change = async (work: () => Promise<unknown>) => {
    await work();
    onChanged();
  };
  const read = opened === null || 'code' in opened ? undefined : opened;
  const isAsked = claim.messages.at(-1)?.kind === 'question';
  const due = cashDue(claim);

  return (
    <>
      <Dialog
        open={asking === null}
        onOpenChange={(open) => !open && onClose()}
        title={(read && servedIn(read.content)) ?? t.claims.categories[claim.category]}
        description={`${claim.names[claim.insurer]} · ${formatServiceDay(claim.servedAt)}`}
        closeLabel={t.shell.close}
        place="drawer"
        actions={
          <>
            {!over.includes(claim.state) && (
              <Button icon={Undo2} onClick={() => setAsking('reverse')}>
                {text.reverse}
              </Button>
            )}
            {due > 0 && (
              <Button
                icon={Banknote}
                busy={cash.busy}
                onClick={() =>
                  cash.attempt(() =>
                    change(() => signed({ kind: 'claims:cash', id: claim.id, amount: due }, { names })),
                  )
                }
              >
                {text.cash(formatMoney(due, currency))}
              </Button>
            )}
            {isAsked && (
              <Button look="primary" icon={MessageSquareReply} onClick={() => setAsking('answer')}>
                {text.answer}
              </Button>
            )}
          </>
        }
      >
        <div className="space-y-6 pt-1">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="text-lg font-bold tabular-nums">{formatMoney(claim.billed, currency)}</span>
            <ClaimStatePill state={claim.state} />
          </div>
          {decision !== undefined && (
            <SharesBar insurer={decision.insurer} patient={decision.patient} currency={currency} />
          )}
          {cash.problem && <ProblemNotice problem={cash.problem} />}
          {opened === null && <Notice icon={LoaderCircle} live="status" title={text.opening} />}
          {opened !== null && 'code' in opened && <ProblemNotice problem={opened} />}
          <ClaimStory claim={claim} opened={read} reader="provider" />
          <Facts
            rows={[
              { name: t.insurance.bills.number, value: <Hash>{claim.id}</Hash>, copy: claim.id },
              { name: t.insurance.bills.reference, value: <Hash>{claim.reference}</Hash>, copy: claim.reference },
            ]}
          />
        </div>
      </Dialog>
      {asking === 'answer' && (
        <ReasonDialog
          title={text.answerTitle}
          label={text.answerLabel}
          action={text.answerSend}
          look="primary"
          icon={MessageSquareReply}
          onReason={(words) =>
            change(async () => signed(await composeClaimMessage('claims:answer', claim.id, words, institution)))
          }
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'reverse' && (
        <ReasonDialog
          title={text.reverseTitle}
          body={text.reverseBody}
          label={text.reverseLabel}
          action={text.reverse}
          icon={Undo2}
          onReason={(reason) => change(() => signed({ kind: 'claims:reverse', id: claim.id, reason }))}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
