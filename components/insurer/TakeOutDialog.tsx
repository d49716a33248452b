'use client';

import { HandCoins } from 'lucide-react';
import { useState } from 'react';
import type { Address } from 'viem';
import { withdrawFundsCall } from '#components/settlement/treasurerCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { PaidIn } from '#server/claims/schema.ts';
import { readAmount } from './amount.ts';

const text = t.claimsPayouts.takeOut;

/** Takes coins out of the insurer's account, to its treasurer's wallet. `balance`: in minor units. */
export function TakeOutDialog({
  insurer,
  paidIn,
  balance,
  treasurer,
  onClose,
}: {
  insurer: string;
  paidIn: PaidIn;
  balance: number;
  treasurer: Address;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const amount = readAmount(typed) ?? 0;
  const isFaulty = amount === 0 || amount > balance;
  return (
    <WalletDialog
      of={`withdraw-funds/${insurer}`}
      title={text.title}
      action={text.action}
      icon={HandCoins}
      only={treasurer}
      disabled={isFaulty}
      {...{ paidIn, currency: paidIn.currency, onClose }}
      compose={() => withdrawFundsCall(paidIn, insurer, amount)}
    >
      <p className="text-sm text-ink-2">{text.body}</p>
      <TextField
        label={text.amount(paidIn.currency)}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        inputMode="decimal"
        error={typed !== '' && isFaulty ? text.fault(formatMoney(balance, paidIn.currency)) : null}
      />
    </WalletDialog>
  );
}
