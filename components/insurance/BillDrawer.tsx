'use client';

import { LoaderCircle, Scale } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ClaimStatePill } from '#components/claims/ClaimStatePill.tsx';
import { ClaimStory } from '#components/claims/ClaimStory.tsx';
import { mayAppeal, mayAppealSoon } from '#components/claims/leftToDo.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import type { Problem } from '#components/ui/errors.ts';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatDateTime, formatMoney, formatServiceDay } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import type { OwnClaim } from '#components/vault/memberOperations.ts';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { SharesBar } from './SharesBar.tsx';

const text = t.insurance.bills;

/** A bill as the patient reads it: who pays what, why, what was said and paid. `appeal` throws what prevented it. */
export function BillDrawer({
  bill,
  name,
  opened,
  appeal,
  pay,
  help,
  onClose,
}: {
  bill: ClaimView;
  name: string;
  /** Undefined while it is being opened, or while keys are locked. */
  opened: OwnClaim | Problem | undefined;
  appeal: (words: string) => Promise<void>;
  /** How the patient pays what is left, where that is possible. */
  pay?: ReactNode;
  /** What the assistance fund does about it. */
  help?: ReactNode;
  onClose: () => void;
}) {
  const [isAppealing, setIsAppealing] = useState(false);
  const decision = bill.decisions.at(-1);
  const { currency } = bill;
  const read = opened === undefined || 'code' in opened ? undefined : opened;
  return (
    <>
      <Dialog
        open={!isAppealing}
        onOpenChange={(open) => !open && onClose()}
        title={name}
        description={text.from(bill.names[bill.provider] ?? bill.provider, formatServiceDay(bill.servedAt))}
        closeLabel={t.shell.close}
        place="drawer"
        actions={
          mayAppeal(bill) && (
            <Button icon={Scale} onClick={() => setIsAppealing(true)}>
              {text.appeal}
            </Button>
          )
        }
      >
        <div className="space-y-6 pt-1">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <span className="inline-block first-letter:uppercase">
              {bill.use === 'claim' ? text.billed : text.beforehand}{' '}
              <span className="font-bold tabular-nums">{formatMoney(bill.billed, currency)}</span>
            </span>
            <ClaimStatePill state={bill.state} />
          </div>
          {decision === undefined ? (
            <p className="text-ink-2">{text.waiting}</p>
          ) : (
            <SharesBar insurer={decision.insurer} patient={decision.patient} currency={currency} own />
          )}
          {pay}
          {help}
          {opened !== undefined && 'code' in opened && <ProblemNotice problem={opened} />}
          {opened === undefined && <Notice icon={LoaderCircle} live="status" title={t.shell.loading} />}
          {read !== undefined && <Noticed opened={read} />}
          <ClaimStory claim={bill} opened={read} reader="patient" />
          {mayAppealSoon(bill) && <p className="text-sm text-ink-2">{text.appealSoon}</p>}
          <Payments bill={bill} />
          <section aria-label={text.proof}>
            <h3 className="mb-2 font-bold">{text.proof}</h3>
            <Facts
              rows={[
                { name: text.number, value: <Hash>{bill.id}</Hash>, copy: bill.id },
                { name: text.reference, value: <Hash>{bill.reference}</Hash>, copy: bill.reference },
              ]}
            />
          </section>
        </div>
      </Dialog>
      {isAppealing && (
        <ReasonDialog
          title={text.appealTitle}
          label={text.appealLabel}
          action={text.appealSend}
          look="primary"
          icon={Scale}
          onReason={appeal}
          onClose={() => setIsAppealing(false)}
        />
      )}
    </>
  );
}

/** What only the member can notice of a claim. */
function Noticed({ opened: { beyond, isMisnamed } }: { opened: OwnClaim }) {
  return (
    <>
      {beyond.length > 0 && (
        <Notice tone="warn" title={text.beyond}>
          <p>{text.beyondBody}</p>
        </Notice>
      )}
      {isMisnamed === true && (
        <Notice tone="warn" title={text.misnamed}>
          <p>{text.misnamedBody}</p>
        </Notice>
      )}
    </>
  );
}

function Payments({ bill: { receipts, cash, currency } }: { bill: ClaimView }) {
  if (receipts.length === 0 && cash === undefined) return null;
  return (
    <section className="space-y-2">
      <h3 className="font-bold">{text.payments}</h3>
      <ul className="divide-y divide-line border-y border-line">
        {receipts.map(({ kind, payer, amount, at, transactionHash, logIndex }) => (
          <li key={`${transactionHash}/${logIndex}`} className="py-2 text-sm">
            <p className="first-letter:uppercase">
              {(kind === 'payment' ? text.payment : text.refund)(text.payer[payer], formatMoney(amount, currency))}{' '}
              <span className="text-ink-3">{formatDateTime(at)}</span>
            </p>
            <p className="text-ink-3">
              {text.transaction} <Hash>{transactionHash}</Hash>
            </p>
          </li>
        ))}
        {cash !== undefined && (
          <li className="py-2 text-sm first-letter:uppercase">
            {text.cash(formatMoney(cash.amount, currency))}{' '}
            <span className="text-ink-3">{formatDateTime(cash.at)}</span>
          </li>
        )}
      </ul>
    </section>
  );
}
