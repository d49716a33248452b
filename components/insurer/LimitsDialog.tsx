'use client';

import { Gauge } from 'lucide-react';
import { useState } from 'react';
import type { Address } from 'viem';
import { type Limits, limitsAnew } from '#components/settlement/treasurerCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { PaidIn } from '#server/claims/schema.ts';
import { draftOf, isUnlimited, limitNames, readLimits } from './limitsDraft.ts';

const text = t.claimsPayouts.changeLimits;

/** Sets how much leaves the insurer's account in a day, and above which amount a second person releases. */
export function LimitsDialog({
  insurer,
  paidIn,
  began,
  treasurer,
  onClose,
}: {
  insurer: string;
  paidIn: PaidIn;
  /** As they were when it was opened. */
  began: Limits<number>;
  treasurer: Address;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState(() => draftOf(began));
  const { wanted, faults } = readLimits(typed, began);
  const isWhole = Object.keys(faults).length === 0;
  const { perDay, releaseAbove } = { ...began, ...wanted };
  const effects = [
    perDay === 0 && text.noneLeaves,
    releaseAbove === 0 && text.allWait,
    perDay > 0 && releaseAbove > perDay && text.between,
  ].filter((effect) => effect !== false);
  return (
    <WalletDialog
      of={`limits/${insurer}`}
      title={text.title}
      action={text.action}
      icon={Gauge}
      only={treasurer}
      disabled={!isWhole || Object.keys(wanted).length === 0}
      {...{ paidIn, currency: paidIn.currency, onClose }}
      compose={(_, config) => limitsAnew(config, paidIn, insurer, { began, wanted })}
    >
      <p className="pb-1 text-sm text-ink-2">{text.body}</p>
      <div className="space-y-4">
        {limitNames.map((name) => (
          <TextField
            key={name}
            label={text[name](paidIn.currency)}
            value={typed[name]}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
            inputMode="decimal"
            hint={isUnlimited(began[name]) && text.unlimited}
            error={faults[name] ?? null}
          />
        ))}
        {isWhole && effects.map((effect) => <Notice key={effect} tone="warn" title={effect} />)}
      </div>
    </WalletDialog>
  );
}
