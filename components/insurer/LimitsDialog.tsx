'use client';

import { Gauge } from 'lucide-react';
import { useState } from 'react';
import type { Address } from 'viem';
import { limitsCall } from '#components/settlement/settlementCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { InsurerAccount, PaidIn } from '#server/claims/schema.ts';
import { readAmount, writeAmount } from './amount.ts';

const text = t.claimsPayouts.changeLimits;

/** Sets how much leaves the insurer's account in a day, and above which amount a second person releases. */
export function LimitsDialog({
  insurer,
  paidIn,
  account,
  treasurer,
  onClose,
}: {
  insurer: string;
  paidIn: PaidIn;
  account: InsurerAccount;
  treasurer: Address;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState({
    perDay: writeAmount(account.perDay),
    releaseAbove: writeAmount(account.releaseAbove),
  });
  const perDay = readAmount(typed.perDay);
  const releaseAbove = readAmount(typed.releaseAbove);
  const isWhole = perDay !== undefined && releaseAbove !== undefined;
  const isSo = perDay === account.perDay && releaseAbove === account.releaseAbove;
  const effects = [
    perDay === 0 && text.noneLeaves,
    releaseAbove === 0 && text.allWait,
    isWhole && perDay > 0 && releaseAbove > perDay && text.between,
  ].filter((effect) => effect !== false);
  return (
    <WalletDialog
      of={`limits/${insurer}`}
      title={text.title}
      action={text.action}
      icon={Gauge}
      only={treasurer}
      disabled={!isWhole || isSo}
      {...{ paidIn, currency: paidIn.currency, onClose }}
      compose={() => {
        if (!isWhole) throw new Error('no amounts');
        return limitsCall(paidIn, insurer, { perDay, releaseAbove });
      }}
    >
      <p className="pb-1 text-sm text-ink-2">{text.body}</p>
      <div className="space-y-4">
        {(['perDay', 'releaseAbove'] as const).map((name) => (
          <TextField
            key={name}
            label={text[name](paidIn.currency)}
            value={typed[name]}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
            inputMode="decimal"
            error={readAmount(typed[name]) === undefined ? text.fault : null}
          />
        ))}
        {effects.map((effect) => (
          <Notice key={effect} tone="warn" title={effect} />
        ))}
      </div>
    </WalletDialog>
  );
}
