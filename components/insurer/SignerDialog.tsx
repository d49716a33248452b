'use client';

import { FileKey } from 'lucide-react';
import { useState } from 'react';
import { type Address, isAddressEqual } from 'viem';
import { signerAnew } from '#components/settlement/treasurerCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { Hash } from '#components/ui/Facts.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { PaidIn } from '#server/claims/schema.ts';
import { readAddress } from './readAddress.ts';

const text = t.claimsPayouts.changeSigner;

/** Says with which key the insurer's quotes are signed. */
export function SignerDialog({
  insurer,
  paidIn,
  began,
  treasurer,
  onClose,
}: {
  insurer: string;
  paidIn: PaidIn;
  /** Who signs them as it is opened; null where nobody does. */
  began: Address | null;
  treasurer: Address;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const signer = readAddress(typed);
  const isSo = signer !== undefined && began !== null && isAddressEqual(signer, began);
  const fault = signer === undefined ? t.claimsPayouts.rules.faultyAddress : isSo ? text.same : null;
  return (
    <WalletDialog
      of={`signer/${insurer}`}
      title={text.title}
      action={text.action}
      icon={FileKey}
      only={treasurer}
      disabled={fault !== null}
      {...{ paidIn, currency: paidIn.currency, onClose }}
      compose={(_, config) => {
        if (signer === undefined) throw new Error('no address');
        return signerAnew(config, paidIn, insurer, { began, wanted: signer });
      }}
    >
      <p className="text-sm text-ink-2">{text.body}</p>
      <p className="pb-1 text-sm">
        {text.now} {began === null ? text.nobody : <Hash>{began}</Hash>}
      </p>
      <TextField
        label={text.address}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        mono
        error={typed === '' ? null : fault}
      />
      <Notice tone="warn" title={text.effect}>
        <p>{text.effectBody}</p>
      </Notice>
    </WalletDialog>
  );
}
