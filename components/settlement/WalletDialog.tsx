'use client';

import type { LucideIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { Address } from 'viem';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { PaidIn } from '#server/claims/schema.ts';
import { useWalletTransaction } from './useWalletTransaction.ts';
import { WalletSteps } from './WalletSteps.tsx';
import type { WalletOrder } from './walletTransaction.ts';

/** Sends one thing by a wallet, with what is said of it before, and reads the page anew. `of`: the same for the same thing after a reload. */
export function WalletDialog({
  of,
  title,
  children,
  action,
  icon,
  paidIn: { unit },
  currency,
  only,
  compose,
  disabled = false,
  onClose,
}: {
  of: string;
  title: string;
  /** What is sent, and what it does. */
  children: ReactNode;
  action: string;
  icon: LucideIcon;
  paidIn: Pick<PaidIn, 'unit'>;
  currency: string | undefined;
  /** The address that alone may send it. */
  only?: Address | undefined;
  compose: WalletOrder['compose'];
  disabled?: boolean;
  onClose: () => void;
}) {
  const { refresh } = useRouter();
  const transaction = useWalletTransaction(of, refresh);
  const leave = () => {
    transaction.close();
    onClose();
    // What is kept of the chain follows it within seconds.
    refresh();
  };
  const coinWords = (units: bigint) => formatMoney(Number(units / BigInt(unit)), currency);
  return (
    <Dialog open onOpenChange={(open) => !open && leave()} title={title} closeLabel={t.shell.close}>
      <div className="space-y-4 pt-1">
        <div className="space-y-2">{children}</div>
        <UnlockNotice />
        <WalletSteps
          {...{ action, icon, only, compose, coinWords, disabled }}
          transaction={{ ...transaction, close: leave }}
        />
      </div>
    </Dialog>
  );
}
