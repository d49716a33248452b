import { Banknote } from 'lucide-react';
import { Empty } from '#components/ui/Empty.tsx';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import { type Receivables, receivableAges } from '#server/claims/schema.ts';

const text = t.billing.owed;
// What is owed first: on a phone the rest lies to the side.
const amounts = ['insurers', 'patients', 'undecided'] as const;
const shares = { undecided: 'undecided', insurers: 'insurer', patients: 'patient' } as const;

/** What insurers and patients owe, by how long ago it was claimed; one table for each currency. */
export function Owed({ receivables: { ages } }: { receivables: Receivables }) {
  const currencies = [...new Set(ages.map(({ currency }) => currency))].sort();
  return (
    <Panel labelledBy="owed">
      <PanelHead id="owed" icon={Banknote} title={text.title} />
      {currencies.length === 0 ? (
        <Empty icon={Banknote} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        currencies.map((currency) => (
          <AgeTable key={currency} currency={currency} ages={ages.filter((age) => age.currency === currency)} />
        ))
      )}
    </Panel>
  );
}

function AgeTable({ currency, ages }: { currency: string; ages: Receivables['ages'] }) {
  const oldest = receivableAges.at(-1) ?? 0;
  const rows = [...receivableAges, null].flatMap((upTo) => ages.find((age) => age.upTo === upTo) ?? []);
  const sum = (name: (typeof shares)[(typeof amounts)[number]] | 'claims') =>
    rows.reduce((total, row) => total + row[name], 0);
  return (
    <ScrollX label={text.title}>
      <table className="w-full min-w-[34rem] text-sm">
        <thead>
          <tr className="border-b border-line text-left text-ink-2">
            <th scope="col" className="py-2 font-semibold">
              {text.age}
            </th>
            {amounts.map((name) => (
              <th key={name} scope="col" className="py-2 text-right font-semibold">
                {text[name]}
              </th>
            ))}
            <th scope="col" className="py-2 text-right font-semibold">
              {text.claims}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.upTo ?? 'older'}>
              <th scope="row" className="py-2 text-left font-normal">
                {row.upTo === null ? text.older(formatNumber(oldest)) : text.upTo(formatNumber(row.upTo))}
              </th>
              {amounts.map((name) => (
                <td key={name} className="py-2 text-right tabular-nums">
                  {formatMoney(row[shares[name]], currency)}
                </td>
              ))}
              <td className="py-2 text-right tabular-nums">{formatNumber(row.claims)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line-strong font-bold">
            <th scope="row" className="py-2 text-left">
              {text.total}
            </th>
            {amounts.map((name) => (
              <td key={name} className="py-2 text-right tabular-nums">
                {formatMoney(sum(shares[name]), currency)}
              </td>
            ))}
            <td className="py-2 text-right tabular-nums">{formatNumber(sum('claims'))}</td>
          </tr>
        </tfoot>
      </table>
    </ScrollX>
  );
}
