'use client';

import { Banknote, CircleCheck, HandCoins, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import { Ago } from '#components/ui/Ago.tsx';
import { LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { ClaimPayouts } from '#server/claims/schema.ts';
import { AccountPanel } from './AccountPanel.tsx';
import { AccountRules } from './AccountRules.tsx';
import { MismatchPanel } from './MismatchPanel.tsx';
import { ReleasesPanel } from './ReleasesPanel.tsx';

const text = t.claimsPayouts;

/** What the insurer owes, what is on its way, what was paid last, and what its account holds. */
export function PayoutsScreen({ payouts, insurer }: { payouts: ClaimPayouts; insurer: string }) {
  const { payees, payments, account, paidIn, releases, mismatches, moreMismatches } = payouts;
  const now = useNow(30_000);
  // Above what shows the account: where the chain does not answer once, the page is read without it, and what is being sent stays in view.
  const [dialog, show] = useState<ReactNode>(null);
  const toPay = [...Map.groupBy(payees, (payee) => payee.currency)].map(([of, group]) => ({
    ...{ currency: of, amount: group.reduce((sum, { approved }) => sum + approved, 0) },
  }));
  const currency = paidIn?.currency ?? payees[0]?.currency ?? payments[0]?.currency;
  const due = toPay.find((sum) => sum.currency === currency)?.amount ?? 0;
  const missing = account === null ? null : Math.max(0, due - account.balance);
  return (
    // What waits for somebody comes first, and what is done last, in the order in which a phone and a screen reader have it.
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)] xl:grid-rows-[auto_1fr]">
      <div className="min-w-0 space-y-5">
        {account !== null && paidIn !== null && releases !== null && (
          <ReleasesPanel {...{ releases, rights: account, paidIn, insurer, now, show }} />
        )}
        <Panel labelledBy="owed">
          <PanelHead
            id="owed"
            title={text.owed.title}
            icon={HandCoins}
            aside={
              payees.length > 0 && (
                <LinkButton size="sm" href="/insurer?show=approved">
                  {text.owed.see}
                </LinkButton>
              )
            }
          />
          {payees.length === 0 ? (
            <Empty icon={HandCoins} title={text.owed.none}>
              {text.owed.noneBody}
            </Empty>
          ) : (
            <PayeeTable payees={payees} now={now} />
          )}
        </Panel>
      </div>
      <div className="min-w-0 space-y-5 xl:row-span-2">
        <AccountPanel {...{ account, paidIn, toPay, currency, insurer, show }} />
        <MismatchPanel
          {...{ mismatches, more: moreMismatches, currency, now, insurer, paidIn, missing, show }}
          releases={releases ?? []}
        />
        {account !== null && paidIn !== null && <AccountRules {...{ account, paidIn, insurer, show }} />}
      </div>
      <div className="min-w-0">
        <Panel labelledBy="paid">
          <PanelHead id="paid" title={text.paid.title} icon={Banknote} />
          {payments.length === 0 ? (
            <Empty icon={Banknote} title={text.paid.none}>
              {text.paid.noneBody}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {payments.map(({ claim, name, currency: of, kind, amount, at, transactionHash }) => {
                const Icon = kind === 'payment' ? CircleCheck : Undo2;
                return (
                  <li
                    key={`${transactionHash} ${claim} ${kind}`}
                    className="flex flex-wrap items-center gap-x-3 py-2.5"
                  >
                    <Icon size={17} aria-hidden className="shrink-0 text-ink-2" />
                    <Link href={`/insurer/claims/${claim}`} className="min-w-0 flex-1 basis-48 underline">
                      {text.paid.claim(name)}
                    </Link>
                    <span className="font-semibold tabular-nums">{formatMoney(amount, of)}</span>
                    <span className="text-sm text-ink-2">
                      {text.paid.kinds[kind]} · <Time value={at} />
                    </span>
                  </li>
                );
              })}
            </ul>
          )}
        </Panel>
      </div>
      {dialog}
    </div>
  );
}

/** To whom how much is owed; a table whose rows are blocks on a phone, where each value has the head of its column beside it. */
function PayeeTable({ payees, now }: { payees: ClaimPayouts['payees']; now: number }) {
  const heads = [text.owed.claims, text.owed.approved, text.owed.onItsWay, text.owed.oldest];
  return (
    <table className="block w-full text-sm md:table">
      <caption className="sr-only">{text.owed.title}</caption>
      <thead className="hidden md:table-header-group">
        <tr className="border-b border-line-strong text-ink-2">
          <th scope="col" className="py-2 pr-3 text-left font-semibold">
            {text.owed.who}
          </th>
          {heads.map((name) => (
            <th key={name} scope="col" className="px-2 py-2 text-right font-semibold">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {payees.map(({ provider, name, currency, claims, approved, onItsWay, oldest }) => (
          <tr key={`${provider} ${currency}`} className="block py-2.5 md:table-row">
            <th scope="row" className="block pb-0.5 text-left font-semibold md:table-cell md:py-2 md:pr-3">
              {name}
            </th>
            {[
              formatNumber(claims),
              formatMoney(approved, currency),
              formatMoney(onItsWay, currency),
              <Ago key="oldest" value={oldest} now={now} />,
            ].map((value, at) => (
              <td
                key={heads[at]}
                className="flex flex-wrap justify-between gap-x-3 py-0.5 tabular-nums md:table-cell md:px-2 md:py-2 md:text-right md:whitespace-nowrap"
              >
                <span className="text-ink-2 md:hidden">{heads[at]} </span>
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
