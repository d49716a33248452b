'use client';

import { type LucideIcon, Send } from 'lucide-react';
import type { Address } from 'viem';
import { formatEther } from 'viem';
import { Button } from '#components/ui/Button.tsx';
import { t } from '#messages/en.ts';
import { useWallets } from './useWallets.ts';
import type { WalletTransactionInPage } from './useWalletTransaction.ts';
import { WalletChoice } from './WalletChoice.tsx';
import { type AmountWords, WalletNotice } from './WalletNotice.tsx';
import type { WalletOrder } from './walletTransaction.ts';

const text = t.settlement.choose;
/** Ether to six digits behind the point. */
export const etherWords: AmountWords = (wei) => `${Number(formatEther(wei)).toFixed(6)} ETH`;

/**
 * Chooses a wallet and sends something by it, with every step and what prevents it said. `transaction` is of `useWalletTransaction`.
 */
export function WalletSteps({
  transaction,
  action,
  icon = Send,
  compose,
  only,
  withBuiltIn = true,
  coinWords,
  disabled = false,
}: {
  transaction: WalletTransactionInPage;
  /** The button's words. */
  action: string;
  icon?: LucideIcon;
  compose: WalletOrder['compose'];
  /** The address that alone may send it. */
  only?: Address | undefined;
  /** Whether the portal's own wallet may be chosen, too. */
  withBuiltIn?: boolean;
  coinWords: AmountWords;
  disabled?: boolean;
}) {
  const { wallets, wallet, choose } = useWallets({ withBuiltIn });
  const { state, isAvailable, isBusy, send, look, close } = transaction;
  const start = () => {
    if (wallet !== undefined) void send({ connector: wallet, only, compose });
  };
  const isBegun = state.step !== 'idle' && state.step !== 'failed';
  return (
    <div className="space-y-3">
      {!isBegun && <WalletChoice {...{ wallets, wallet, choose, isAvailable }} />}
      {!isBegun && only !== undefined && <p className="text-sm break-words text-ink-2">{text.wrong(only)}</p>}
      {state.step === 'idle' && wallet !== undefined && (
        <Button look="primary" icon={icon} busy={isBusy} disabled={disabled} onClick={start}>
          {action}
        </Button>
      )}
      <WalletNotice
        state={state}
        amounts={{ coin: coinWords, ether: etherWords }}
        onAgain={disabled ? undefined : start}
        onLook={() => void look()}
        onClose={close}
      />
    </div>
  );
}
