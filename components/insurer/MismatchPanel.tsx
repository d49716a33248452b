'use client';

import {
  CircleCheck,
  MessageCircleQuestion,
  PiggyBank,
  Scale,
  TriangleAlert,
  UserRoundCheck,
  Wallet,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Ago } from '#components/ui/Ago.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { Hash } from '#components/ui/Facts.tsx';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { ClaimPayouts, PaidIn } from '#server/claims/schema.ts';
import { type MismatchStep, mismatchStep } from './mismatchStep.ts';
import { PayInDialog } from './PayInDialog.tsx';

const text = t.claimsPayouts.work;
const icons = { release: UserRoundCheck, pay: Wallet, ask: MessageCircleQuestion };

/** The work list of what does not match between claims and payments, each with what to do, and where. */
export function MismatchPanel({
  mismatches,
  more,
  currency,
  now,
  insurer,
  paidIn,
  releases,
  missing,
  show,
}: {
  mismatches: ClaimPayouts['mismatches'];
  /** So many are not listed; they come up as those before them go. */
  more: number;
  currency: string | undefined;
  now: number;
  insurer: string;
  paidIn: PaidIn | null;
  releases: readonly { claim: string }[];
  /** What the account holds too little of what is approved, in minor units; null where the chain does not answer. */
  missing: number | null;
  /** Opens a dialog, or closes it. */
  show: (dialog: ReactNode) => void;
}) {
  const payIn = (proposed: number) => {
    if (paidIn !== null) show(<PayInDialog {...{ insurer, paidIn, currency, proposed }} onClose={() => show(null)} />);
  };
  const money = (minor: number) => formatMoney(minor, currency);
  return (
    <Panel labelledBy="mismatches">
      <PanelHead
        id="mismatches"
        title={text.title}
        icon={Scale}
        remark={mismatches.length > 0 && formatNumber(mismatches.length + more)}
      />
      {mismatches.length === 0 ? (
        <Empty icon={CircleCheck} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <>
          <p className="text-sm text-ink-2">{text.body}</p>
          <ul className="mt-2 divide-y divide-line">
            {mismatches.map(({ what, claim, state, name, payer, share, paid, transactionHash, since }) => (
              <li key={`${what} ${claim} ${transactionHash} ${payer}`} className="space-y-1.5 py-3">
                <p className="flex flex-wrap items-center gap-x-2">
                  <TriangleAlert size={17} aria-hidden className="shrink-0 text-warn" />
                  <span className="font-bold">{text.names[what]}</span>
                  <span className="text-sm text-ink-3">
                    <Ago value={since} now={now} />
                  </span>
                </p>
                <p className="text-sm text-ink-2">
                  {[
                    name,
                    payer !== null && text.payers[payer],
                    paid !== null &&
                      (share === null ? text.paid(money(paid)) : text.amounts(money(paid), money(share))),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
                <p className="text-sm">{text.actions[what]}</p>
                {transactionHash !== null && <Hash>{transactionHash}</Hash>}
                {claim !== null && (
                  <p className="flex flex-wrap gap-2">
                    <Step of={mismatchStep({ what, claim, state }, { releases, missing })} onPayIn={payIn} />
                    <LinkButton size="sm" href={`/insurer/claims/${claim}`}>
                      {text.look}
                    </LinkButton>
                  </p>
                )}
              </li>
            ))}
          </ul>
          {more > 0 && <p className="text-sm text-ink-2">{text.more(formatNumber(more))}</p>}
        </>
      )}
    </Panel>
  );
}

function Step({ of, onPayIn }: { of: MismatchStep; onPayIn: (amount: number) => void }) {
  if (of === undefined) return null;
  if (of.kind === 'payIn') {
    return (
      <Button size="sm" icon={PiggyBank} onClick={() => onPayIn(of.amount)}>
        {text.steps.payIn}
      </Button>
    );
  }
  // A link within the page scrolls there and leaves the focus behind.
  const target = of.kind === 'release' ? of.href.slice(1) : undefined;
  return (
    <LinkButton
      size="sm"
      icon={icons[of.kind]}
      href={of.href}
      onClick={target === undefined ? undefined : () => document.getElementById(target)?.focus()}
    >
      {text.steps[of.kind]}
    </LinkButton>
  );
}
