'use client';

import { CircleCheck, HandCoins, PiggyBank, TriangleAlert, Wallet, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { inkTone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';
import type { InsurerAccount, PaidIn } from '#server/claims/schema.ts';
import { isUnlimited } from './limitsDraft.ts';
import { ownTreasurer } from './ownTreasurer.ts';
import { PayInDialog } from './PayInDialog.tsx';
import { TakeOutDialog } from './TakeOutDialog.tsx';

const text = t.claimsPayouts.account;

/** What the insurer's account holds, held against what is to be paid from it. */
export function AccountPanel({
  account,
  paidIn,
  toPay: sums,
  currency,
  insurer,
  show,
}: {
  account: InsurerAccount | null;
  paidIn: PaidIn | null;
  /** Of all that is approved and not sent, by currency, in minor units. */
  toPay: readonly { currency: string; amount: number }[];
  /** The account's. */
  currency: string | undefined;
  insurer: string;
  /** Opens a dialog, or closes it. */
  show: (dialog: ReactNode) => void;
}) {
  const onClose = () => show(null);
  const treasurer = account === null ? undefined : ownTreasurer(account);
  const money = (minor: number) => formatMoney(minor, currency);
  const toPay = sums.find((sum) => sum.currency === currency)?.amount ?? 0;
  const others = sums.filter((sum) => sum.currency !== currency && sum.amount > 0);
  const isShort = account !== null && account.balance < toPay;
  const Icon = isShort ? TriangleAlert : CircleCheck;
  return (
    <Panel labelledBy="account">
      <PanelHead id="account" title={text.title} icon={Wallet} />
      {account === null ? (
        <Notice tone="warn" icon={WifiOff} title={text.none}>
          <p>{text.noneBody}</p>
        </Notice>
      ) : (
        <div className="space-y-3">
          <p className="text-sm text-ink-2">{text.body}</p>
          <p>
            <span className="block text-sm text-ink-2">{text.balance}</span>
            <span className="text-2xl font-bold tracking-tight tabular-nums">{money(account.balance)}</span>
          </p>
          <p className={`flex items-start gap-2 text-sm font-semibold ${inkTone[isShort ? 'warn' : 'ok']}`}>
            <Icon size={17} aria-hidden className="mt-0.5 shrink-0" />
            {isShort ? text.short(money(toPay - account.balance)) : text.covers}
          </p>
          {others.length > 0 && (
            <p className="text-sm text-ink-2">
              {text.others(others.map((sum) => formatMoney(sum.amount, sum.currency)).join(', '))}
            </p>
          )}
          <Meter
            value={account.spentToday}
            max={account.perDay}
            label={
              isUnlimited(account.perDay)
                ? text.leftToday(money(account.spentToday))
                : text.perDay(money(account.spentToday), money(account.perDay))
            }
          />
          {paidIn !== null && (
            <div className="flex flex-wrap gap-2">
              <Button
                size="sm"
                icon={PiggyBank}
                onClick={() =>
                  show(
                    <PayInDialog
                      {...{ insurer, paidIn, currency, onClose }}
                      proposed={Math.max(0, toPay - account.balance)}
                    />,
                  )
                }
              >
                {t.claimsPayouts.payIn.open}
              </Button>
              {treasurer !== undefined && account.balance > 0 && (
                <Button
                  size="sm"
                  icon={HandCoins}
                  onClick={() =>
                    show(<TakeOutDialog {...{ insurer, paidIn, treasurer, onClose }} balance={account.balance} />)
                  }
                >
                  {t.claimsPayouts.takeOut.open}
                </Button>
              )}
            </div>
          )}
        </div>
      )}
    </Panel>
  );
}
