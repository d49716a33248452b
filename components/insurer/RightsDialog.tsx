'use client';

import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { Address } from 'viem';
import { rightsAnew } from '#components/settlement/treasurerCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { AccountWallet, PaidIn } from '#server/claims/schema.ts';

const text = t.claimsPayouts.changeRights;

/** Says what a wallet may do for the insurer, or takes it away. */
export function RightsDialog({
  insurer,
  paidIn,
  address,
  whose,
  wallet,
  treasurer,
  onClose,
}: {
  insurer: string;
  paidIn: PaidIn;
  address: Address;
  /** In words; null where the portal does not know. */
  whose: string | null;
  /** What it may do as it is opened; undefined where that is not known. */
  wallet: Pick<AccountWallet, 'spends' | 'releases' | 'isAdjudicator'> | undefined;
  treasurer: Address;
  onClose: () => void;
}) {
  const [spends, setSpends] = useState(wallet?.spends ?? false);
  const [releases, setReleases] = useState(wallet?.releases ?? false);
  const isSo = wallet?.spends === spends && wallet.releases === releases;
  return (
    <WalletDialog
      of={`rights/${insurer}/${address.toLowerCase()}`}
      title={text.title}
      action={text.action}
      icon={KeyRound}
      only={treasurer}
      disabled={isSo}
      {...{ paidIn, currency: paidIn.currency, onClose }}
      compose={(_, config) =>
        rightsAnew(config, paidIn, insurer, { account: address, began: wallet, wanted: { spends, releases } })
      }
    >
      <p className="pb-1 text-sm">
        {whose !== null && <span className="block font-semibold">{whose}</span>}
        <Hash>{address}</Hash>
      </p>
      <div className="space-y-3">
        <CheckBox checked={spends} onChange={setSpends}>
          {text.spends}
        </CheckBox>
        <CheckBox checked={releases} onChange={setReleases}>
          {text.releases}
        </CheckBox>
        {!isSo && !spends && !releases && <p className="text-sm font-semibold">{text.none}</p>}
        {wallet?.isAdjudicator && wallet.spends && !spends && <Notice tone="warn" title={text.adjudicator} />}
      </div>
    </WalletDialog>
  );
}
