'use client';

import { Gift } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Hex, toHex } from 'viem';
import { isTooLarge, readAmount } from '#components/insurer/amount.ts';
import { giftCalls } from '#components/settlement/fundCalls.ts';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { FundReport } from '#server/fund/schema.ts';

const text = t.fund.give;

/** What a donor calls by a wallet of the own, with each value to be copied: nobody has to sign in here. */
export function GiveSteps({ report }: { report: FundReport }) {
  const { chainId, address, coinAddress, fund } = report;
  const [typed, setTyped] = useState('10.00');
  const [tag, setTag] = useState<Hex>();
  // Of the browser: a server would draw one for everybody.
  useEffect(() => setTag(toHex(crypto.getRandomValues(new Uint8Array(32)))), []);
  const hundredths = readAmount(typed) ?? 0;
  const calls = tag === undefined || hundredths === 0 ? undefined : giftCalls(report, hundredths, tag);
  const row = (name: string, value: string) => ({ name, value: <Hash>{value}</Hash>, copy: value });
  return (
    <Panel labelledBy="fund-give">
      <PanelHead id="fund-give" icon={Gift} title={text.title} />
      <div className="space-y-4">
        <p className="text-sm text-ink-2">{text.body(fund.coin)}</p>
        <Facts rows={[row(text.chain, `${chainId}`)]} />
        <div className="max-w-60">
          <TextField
            label={text.amount(fund.coin)}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            inputMode="decimal"
            error={isTooLarge(typed) ? text.tooMuch : hundredths === 0 ? text.fault : null}
          />
        </div>
        {calls !== undefined && tag !== undefined && (
          <>
            <section aria-labelledby="fund-approve" className="space-y-2">
              <h3 id="fund-approve" className="font-bold">
                {text.approve}
              </h3>
              <p className="text-sm text-ink-2">{text.approveBody(fund.coin)}</p>
              <Facts
                rows={[
                  row(text.contract, coinAddress),
                  row('spender', address),
                  row('value', `${calls.amount}`),
                  row(text.data, calls.approve.data),
                ]}
              />
            </section>
            <section aria-labelledby="fund-gift" className="space-y-2">
              <h3 id="fund-gift" className="font-bold">
                {text.give}
              </h3>
              <p className="text-sm text-ink-2">{text.giveBody}</p>
              <Facts
                rows={[
                  row(text.contract, address),
                  row('amount', `${calls.amount}`),
                  row('tag', tag),
                  row(text.data, calls.give.data),
                ]}
              />
              <p className="text-sm text-ink-2">{text.tag}</p>
            </section>
          </>
        )}
      </div>
    </Panel>
  );
}
