'use client';

import { PiggyBank } from 'lucide-react';
import { useState } from 'react';
import { depositCall } from '#components/settlement/settlementCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { t } from '#messages/en.ts';
import type { PaidIn } from '#server/claims/schema.ts';
import { isTooLarge, readAmount, writeAmount } from './amount.ts';

const text = t.claimsPayouts.payIn;

/** Pays coins of a wallet into the insurer's account. `proposed`: in minor units. */
export function PayInDialog({
  insurer,
  paidIn,
  currency,
  proposed,
  onClose,
}: {
  insurer: string;
  paidIn: PaidIn;
  currency: string | undefined;
  proposed: number;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState(proposed > 0 ? writeAmount(proposed) : '');
  const amount = readAmount(typed) ?? 0;
  const fault = isTooLarge(typed) ? t.claimsPayouts.tooLarge : text.fault;
  return (
    <WalletDialog
      of={`deposit/${insurer}`}
      title={text.title}
      action={text.action}
      icon={PiggyBank}
      disabled={amount === 0}
      {...{ paidIn, currency, onClose }}
      compose={() => depositCall(paidIn, insurer, amount)}
    >
      <p className="text-sm text-ink-2">{text.body}</p>
      <TextField
        label={text.amount(currency ?? '')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        inputMode="decimal"
        error={typed !== '' && amount === 0 ? fault : null}
      />
    </WalletDialog>
  );
}
