import { ReceiptText } from 'lucide-react';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import type { Shares } from '#fhir/adjudication.ts';
import type { Claim } from '#fhir/claim.ts';
import { amountOf } from '#fhir/money.ts';
import { t } from '#messages/en.ts';

const text = t.claimsCase.items;
type Item = Claim['item'][number];

export const itemName = ({ productOrService: { text: name, coding } }: Item): string =>
  name ?? coding?.[0]?.display ?? coding?.[0]?.code ?? '';

/** What was billed, item by item, and how it is shared out: `as` it was decided, or as the rules would. */
export function BilledPanel({
  billed: { item, total },
  shares,
}: {
  billed: Claim;
  shares: { as: 'decided' | 'proposed'; items: readonly Shares[]; total: Shares } | undefined;
}) {
  const { currency } = total;
  const money = (minor: number | undefined) => (minor === undefined ? '–' : formatMoney(minor, currency));
  const cell = 'px-2 py-2 text-right tabular-nums whitespace-nowrap';
  const row = (share: Shares | undefined) => (
    <>
      <td className={cell}>{money(share?.allowed)}</td>
      <td className={cell}>{money(share?.insurer)}</td>
      <td className={cell}>{money(share?.patient)}</td>
    </>
  );
  return (
    <Panel labelledBy="billed">
      <PanelHead id="billed" title={text.title} icon={ReceiptText} remark={shares && text[shares.as]} />
      <ScrollX label={text.title}>
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line-strong text-ink-2">
              <th scope="col" className="py-2 pr-3 text-left font-semibold">
                {text.item}
              </th>
              {[text.quantity, text.net, text.counts, text.ours, text.theirs].map((name) => (
                <th key={name} scope="col" className={`${cell} font-semibold`}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {item.map((each, place) => (
              <tr key={each.sequence}>
                <th scope="row" className="min-w-36 py-2 pr-3 text-left font-semibold">
                  <span className="first-letter:uppercase">{itemName(each)}</span>
                  <span className="block font-mono text-xs font-normal text-ink-3">
                    {each.productOrService.coding?.[0]?.code}
                  </span>
                </th>
                <td className={cell}>
                  {formatNumber(each.quantity.value)} {each.quantity.unit}
                </td>
                <td className={cell}>{money(amountOf(each.net))}</td>
                {row(shares?.items[place])}
              </tr>
            ))}
            <tr className="font-bold">
              <th scope="row" className="py-2 pr-3 text-left">
                {text.total}
              </th>
              <td />
              <td className={cell}>{money(amountOf(total))}</td>
              {row(shares?.total)}
            </tr>
          </tbody>
        </table>
      </ScrollX>
    </Panel>
  );
}
