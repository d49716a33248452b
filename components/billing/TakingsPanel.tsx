'use client';

import { HandCoins, Landmark, Undo2, WifiOff } from 'lucide-react';
import { useState } from 'react';
import { giveBackOnce, withdrawCall } from '#components/settlement/settlementCalls.ts';
import { WalletDialog } from '#components/settlement/WalletDialog.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { GiveBack, Takings } from '#server/claims/schema.ts';

const text = t.billing.takings;

/** What lies on Ethereum for the institution, taken out by its payout address' wallet, and what is to be given back. */
export function TakingsPanel({ takings }: { takings: Takings | null }) {
  const [isTaking, setIsTaking] = useState(false);
  const [giving, setGiving] = useState<GiveBack | null>(null);
  if (takings === null) {
    return (
      <Panel labelledBy="takings">
        <PanelHead id="takings" icon={Landmark} title={text.title} />
        <Notice tone="warn" icon={WifiOff} title={text.away}>
          <p>{text.awayBody}</p>
        </Notice>
      </Panel>
    );
  }
  const { paidIn, payee, payout, holder, withdrawable, toGiveBack } = takings;
  const amount = formatMoney(Number(BigInt(withdrawable) / BigInt(paidIn.unit)), paidIn.currency);
  const mayTake = payout !== null && (holder === null || holder.isOwn);
  const shared = { paidIn, only: payout === null ? undefined : (`0x${payout.slice(2)}` as const) };
  return (
    <Panel labelledBy="takings">
      <PanelHead id="takings" icon={Landmark} title={text.title} />
      <div className="space-y-4">
        <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-3">
          <p>
            <span className="block text-sm text-ink-2">{text.withdrawable}</span>
            <span className="text-2xl font-bold tracking-tight tabular-nums">{amount}</span>
          </p>
          {mayTake && BigInt(withdrawable) > 0n && (
            <Button look="primary" icon={HandCoins} onClick={() => setIsTaking(true)}>
              {text.take}
            </Button>
          )}
        </div>
        {payout === null ? (
          <Notice tone="warn" title={text.unnamed}>
            <p>{text.unnamedBody}</p>
          </Notice>
        ) : (
          <Facts rows={[{ name: text.wallet, value: <Wallet address={payout} holder={holder} />, copy: payout }]} />
        )}
        {toGiveBack.length > 0 && (
          <section aria-labelledby="give-back">
            <h3 id="give-back" className="font-bold">
              {text.giveBack}
            </h3>
            <p className="text-sm text-ink-2">{text.giveBackBody}</p>
            <ul className="mt-1 divide-y divide-line">
              {toGiveBack.map((owed) => (
                <li
                  key={`${owed.claim} ${owed.insurer} ${owed.payer} ${owed.from}`}
                  className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3"
                >
                  <span className="min-w-0 flex-1 basis-56">
                    <span className="block font-semibold">{toWhom(owed)}</span>
                    <span className="block text-sm text-ink-2">
                      {whyBack(owed)} · <Hash>{owed.claim}</Hash>
                    </span>
                  </span>
                  <span className="font-bold tabular-nums">{formatMoney(owed.amount, owed.currency)}</span>
                  {mayTake && (
                    <Button size="sm" icon={Undo2} onClick={() => setGiving(owed)}>
                      {text.give}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      {isTaking && (
        <WalletDialog
          of={`withdraw/${payee}`}
          title={text.takeTitle(amount)}
          action={text.take}
          icon={HandCoins}
          {...{ ...shared, currency: paidIn.currency }}
          compose={() => withdrawCall(takings)}
          onClose={() => setIsTaking(false)}
        >
          <p className="text-sm text-ink-2">{text.takeBody}</p>
        </WalletDialog>
      )}
      {giving !== null && (
        <WalletDialog
          of={`refund/${giving.claim}/${giving.insurer}/${giving.payer}/${giving.from}`}
          title={text.giveTitle(formatMoney(giving.amount, giving.currency), toWhom(giving))}
          action={text.give}
          icon={Undo2}
          {...{ ...shared, currency: giving.currency }}
          compose={(_account, config) => giveBackOnce(config, takings, giving)}
          onClose={() => setGiving(null)}
        >
          <p className="text-sm text-ink-2">{text.giveFrom}</p>
        </WalletDialog>
      )}
    </Panel>
  );
}

const quoter = ({ name }: GiveBack) => name ?? text.unknownInsurer;
const toWhom = (owed: GiveBack) => (owed.payer === 'insurer' ? quoter(owed) : text.payers[owed.payer]);
const whyBack = (owed: GiveBack) =>
  owed.why === 'otherInsurer' ? text.otherInsurer(quoter(owed)) : text.why[owed.why];

function Wallet({ address, holder }: { address: string; holder: Takings['holder'] }) {
  return (
    <>
      <Hash>{address}</Hash>
      <span className="block text-ink-2">
        {holder === null ? text.holderUnknown : holder.isOwn ? text.holderOwn : text.holderOther(holder.name)}
      </span>
    </>
  );
}
