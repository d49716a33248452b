'use client';

import { LoaderCircle, Wallet } from 'lucide-react';
import { useState } from 'react';
import { payShareCall } from '#components/settlement/settlementCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { Button } from '#components/ui/Button.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { shareTerms } from '#server/claims/actions.ts';
import type { ClaimView, ShareTerms } from '#server/claims/schema.ts';
import { RightsNotice } from './RightsNotice.tsx';

const text = t.claimsCase.payments.wallet;

/** Pays an insurer's share with coins of a wallet, where it is not to come from the account. */
export function PayShare({ claim: { id, reference, insurer, currency } }: { claim: ClaimView }) {
  const [terms, setTerms] = useState<ShareTerms | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const ask = () => attempt(async () => setTerms(expectData(await shareTerms({ id }))));
  const mayPay = terms?.own.some(({ spends }) => spends) ?? false;
  return (
    <div className="mt-4 space-y-3 border-t border-line pt-4">
      <p className="text-sm text-ink-2">{text.body}</p>
      {(terms === null || mayPay) && (
        <Button size="sm" icon={busy ? LoaderCircle : Wallet} busy={busy} onClick={ask}>
          {text.open}
        </Button>
      )}
      {problem && <ProblemNotice problem={problem} />}
      {terms !== null && <RightsNotice rights={terms} what="spends" />}
      {terms !== null && mayPay && (
        <WalletDialog
          of={`pay-share/${insurer}/${reference}`}
          title={text.title}
          action={text.action(formatMoney(Number(BigInt(terms.left) / BigInt(terms.paidIn.unit)), currency))}
          icon={Wallet}
          {...{ paidIn: terms.paidIn, currency }}
          // The insurer may have decided anew while the dialog was open.
          compose={async () => payShareCall(expectData(await shareTerms({ id })))}
          onClose={() => setTerms(null)}
        >
          <p className="text-sm text-ink-2">{text.said}</p>
        </WalletDialog>
      )}
    </div>
  );
}
