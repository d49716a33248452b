'use client';

import { CircleCheck, Wallet } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { askCoPay, payCoPayOf, paymentAddress } from '#components/vault/memberships.ts';
import { t } from '#messages/en.ts';
import type { ClaimView, CoPayTerms } from '#server/claims/schema.ts';
import { minorOf } from './coinAmount.ts';
import { WalletPay } from './WalletPay.tsx';

const text = t.insurance.pay;

type Asked =
  | { state: 'asking' }
  | { state: 'failed'; problem: Problem }
  | { state: 'told'; terms: CoPayTerms; payer: string };

/** Pays what is left of the patient's share by one signature, with what that shows to others said before. */
export function PayPanel({ bill, onPaid }: { bill: ClaimView; onPaid: () => void }) {
  const [asked, setAsked] = useState<Asked>({ state: 'asking' });
  const [transaction, setTransaction] = useState<string | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const { id, policy, version } = bill;

  useEffect(() => {
    let isCurrent = true;
    setAsked({ state: 'asking' });
    Promise.all([askCoPay({ id, policy }), paymentAddress(policy)]).then(
      ([terms, payer]) => isCurrent && setAsked({ state: 'told', terms, payer }),
      (thrown: unknown) => isCurrent && setAsked({ state: 'failed', problem: problemOf(thrown) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [id, policy, version, transaction]);

  if (asked.state === 'asking') return <p className="text-sm text-ink-2">{text.asking}</p>;
  if (asked.state === 'failed') return <ProblemNotice problem={asked.problem} />;
  const { terms, payer } = asked;
  const { coin } = terms;
  const left = BigInt(terms.left);
  if (left === 0n) {
    return (
      <Notice tone="ok" title={transaction === null ? text.underWay : text.paid}>
        <p>{text.finalSoon}</p>
        {transaction && <Hash>{transaction}</Hash>}
      </Notice>
    );
  }
  const isShort = BigInt(coin.balance) < left;
  const money = (units: string) => formatMoney(minorOf(units, coin.decimals), bill.currency);
  const paid = (hash: string) => {
    setTransaction(hash);
    onPaid();
  };
  const pay = () => attempt(async () => paid(await payCoPayOf(bill, terms)));

  return (
    <section aria-label={text.title} className="space-y-3 rounded-md border border-line p-4">
      <h3 className="flex items-center gap-2 font-bold">
        <Wallet size={18} aria-hidden /> {text.title}
      </h3>
      <p className="text-sm text-ink-2">{text.privacy}</p>
      <Facts
        rows={[
          { name: text.from, value: <Hash>{payer}</Hash>, copy: payer },
          { name: text.balance, value: `${money(coin.balance)} (${coin.symbol})` },
        ]}
      />
      {isShort ? (
        <Notice tone="warn" title={text.short}>
          <p>{text.shortBody(money(terms.left), coin.symbol)}</p>
        </Notice>
      ) : (
        <Button look="primary" icon={CircleCheck} busy={busy} onClick={pay}>
          {text.pay(money(terms.left))}
        </Button>
      )}
      {problem && <ProblemNotice problem={problem} kept={text.kept} />}
      <WalletPay bill={bill} money={(units) => `${money(`${units}`)} (${coin.symbol})`} onPaid={paid} />
    </section>
  );
}
