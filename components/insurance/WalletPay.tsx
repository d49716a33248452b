'use client';

import { PenLine } from 'lucide-react';
import { useState } from 'react';
import { useWallets } from '#components/settlement/useWallets.ts';
import { WalletChoice } from '#components/settlement/WalletChoice.tsx';
import { WalletNotice } from '#components/settlement/WalletNotice.tsx';
import { etherWords } from '#components/settlement/WalletSteps.tsx';
import { walletProblemOf } from '#components/settlement/walletProblem.ts';
import type { WalletState } from '#components/settlement/walletTransaction.ts';
import { Button } from '#components/ui/Button.tsx';
import { coPayWays } from '#components/vault/memberships.ts';
import { useWalletConfig } from '#components/wallet/WalletProvider.tsx';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { payByWallet } from './payByWallet.ts';

const text = t.insurance.pay.other;

/** Pays what is left of the patient's share from another wallet of this browser, with what that shows to others said before. */
export function WalletPay({
  bill,
  money,
  onPaid,
}: {
  bill: ClaimView;
  /** An amount of the coin in words. */
  money: (units: bigint) => string;
  /** Called with the transaction. */
  onPaid: (transaction: string) => void;
}) {
  const config = useWalletConfig();
  const { wallets, wallet, choose } = useWallets({ withBuiltIn: false });
  const [state, setState] = useState<WalletState>({ step: 'idle' });
  const isUnderWay = state.step !== 'idle' && state.step !== 'failed';

  const pay = async () => {
    if (config === null || wallet === undefined) return;
    try {
      onPaid(await payByWallet(config, wallet, coPayWays(bill), (step) => setState({ step })));
    } catch (error) {
      setState({ step: 'failed', problem: walletProblemOf(error) });
    }
  };

  return (
    <details className="text-sm">
      <summary className="w-fit cursor-pointer rounded-sm font-semibold text-ink-2">{text.title}</summary>
      <div className="mt-3 space-y-3">
        <p className="text-ink-2">{text.privacy(bill.names[bill.provider] ?? bill.provider)}</p>
        <WalletChoice {...{ wallets, wallet, choose }} isAvailable={config !== null} />
        {wallet !== undefined && (
          <>
            <p className="text-ink-2">{text.once}</p>
            <Button icon={PenLine} busy={isUnderWay} onClick={() => void pay()}>
              {text.sign}
            </Button>
          </>
        )}
        <WalletNotice
          state={state}
          amounts={{ coin: money, ether: etherWords }}
          onLook={() => {}}
          onClose={() => setState({ step: 'idle' })}
        />
      </div>
    </details>
  );
}
