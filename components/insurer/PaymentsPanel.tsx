import { Banknote } from 'lucide-react';
import { formatMoney } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { PayShare } from './PayShare.tsx';

const text = t.claimsCase.payments;

/** What was paid of a claim, by whom. */
export function PaymentsPanel({ claim }: { claim: ClaimView }) {
  const { receipts, cash, settlement, state, currency, decisions } = claim;
  const isUnpaid = ['approved', 'partlyApproved'].includes(state) && (decisions.at(-1)?.insurer ?? 0) > 0;
  const isNothing = receipts.length === 0 && cash === undefined && settlement === undefined;
  return (
    <Panel labelledBy="payments">
      <PanelHead id="payments" title={text.title} icon={Banknote} />
      {isNothing && <p className="text-sm text-ink-2">{text.none}</p>}
      <ul className="space-y-1.5 text-sm">
        {receipts.map(({ kind, payer, amount, at, transactionHash, logIndex }) => (
          <li key={`${transactionHash} ${logIndex}`} className="flex flex-wrap justify-between gap-x-3">
            <span className="font-semibold tabular-nums">{formatMoney(amount, currency)}</span>
            <span className="text-ink-2">
              {text.kinds[kind]} {text.payers[payer]} · <Time value={at} />
            </span>
          </li>
        ))}
        {cash && <li>{text.cash(formatMoney(cash.amount, currency))}</li>}
        {state === 'settled' && settlement && <li>{text.onItsWay}</li>}
      </ul>
      {isUnpaid && <PayShare claim={claim} />}
    </Panel>
  );
}
