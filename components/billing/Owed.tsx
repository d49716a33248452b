import { Banknote } from 'lucide-react';
import { Empty } from '#components/ui/Empty.tsx';
import { formatMoney, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { type Receivables, receivableAges } from '#server/claims/schema.ts';

const text = t.billing.owed;
const amounts = ['insurers', 'patients', 'undecided'] as const;
const shares = { undecided: 'undecided', insurers: 'insurer', patients: 'patient' } as const;

/** What insurers and patients owe, by how long ago it was claimed; one table for each currency, whose rows are blocks on a phone. */
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
    <table className="block w-full text-sm md:table">
      <caption className="sr-only">{text.title}</caption>
      <thead className="hidden md:table-header-group">
        <tr className="border-b border-line text-ink-2">
          <th scope="col" className="py-2 text-left font-semibold">
            {text.age}
          </th>
          {[text.claims, ...amounts.map((name) => text[name])].map((name) => (
            <th key={name} scope="col" className="py-2 pl-3 text-right font-semibold">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {rows.map((row) => (
          <AgeRow
            key={row.upTo ?? 'older'}
            name={row.upTo === null ? text.older(formatNumber(oldest)) : text.upTo(formatNumber(row.upTo))}
            claims={row.claims}
            owed={(name) => formatMoney(row[shares[name]], currency)}
          />
        ))}
      </tbody>
      <tfoot className="block border-t border-line-strong font-bold md:table-footer-group">
        <AgeRow name={text.total} claims={sum('claims')} owed={(name) => formatMoney(sum(shares[name]), currency)} />
      </tfoot>
    </table>
  );
}

/** One age, or all together; beside each value stands on a phone what the head of its column says. */
function AgeRow({
  name,
  claims,
  owed,
}: {
  name: string;
  claims: number;
  owed: (name: (typeof amounts)[number]) => string;
}) {
  const cell = 'md:table-cell md:py-2 md:pl-3 md:text-right tabular-nums';
  const label = 'font-normal text-ink-2 md:hidden';
  return (
    <tr className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 py-2.5 md:table-row">
      <th scope="row" className="text-left font-semibold md:py-2">
        {name}
      </th>
      <td className={cell}>
        <span className={label}>{text.claims} </span>
        {formatNumber(claims)}
      </td>
      {amounts.map((each) => (
        <td key={each} className={`col-span-2 flex flex-wrap justify-between gap-x-3 ${cell}`}>
          <span className={label}>{text[each]} </span>
          {owed(each)}
        </td>
      ))}
    </tr>
  );
}
