import { CalendarDays, HandHeart, ScrollText } from 'lucide-react';
import type { ReactNode } from 'react';
import { Empty } from '#components/ui/Empty.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import type { FundReport } from '#server/fund/schema.ts';
import { FundFigures } from './FundFigures.tsx';
import { formatCoins } from './formatCoins.ts';
import { GiveSteps } from './GiveSteps.tsx';

const { report: text, figures } = t.fund;

/** The fund's books for its donors: sums, and addresses as on the chain. */
export function FundReportScreen({ report }: { report: FundReport | null }) {
  if (report === null) {
    return (
      <Notice tone="warn" title={text.away}>
        <p>{text.awayBody}</p>
      </Notice>
    );
  }
  const { address, fund, periods, donors } = report;
  const { coin } = fund;
  const money = (amount: number) => formatCoins(amount, coin);
  return (
    <div className="space-y-5">
      <FundFigures fund={fund} />
      <Panel labelledBy="fund-rules">
        <PanelHead id="fund-rules" icon={ScrollText} title={text.rules} />
        <Meter
          value={fund.budgetLeft}
          max={fund.perPeriod}
          label={figures.budget(money(fund.budgetLeft), money(fund.perPeriod))}
        />
        <div className="mt-4">
          <Facts
            rows={[
              { name: figures.perGrant, value: money(fund.perGrant) },
              { name: figures.perBeneficiary(formatNumber(fund.periodDays)), value: money(fund.perBeneficiary) },
              { name: text.address, value: <Hash>{address}</Hash>, copy: address },
            ]}
          />
        </div>
      </Panel>
      <GiveSteps report={report} />
      <Panel labelledBy="fund-periods">
        <PanelHead id="fund-periods" icon={CalendarDays} title={text.periods} />
        {periods.length === 0 ? (
          <p className="text-sm text-ink-2">{text.noPeriods}</p>
        ) : (
          <Table
            label={text.periods}
            names={[text.period, figures.given, text.granted, figures.paid]}
            rows={periods.map(({ from, until, given, granted, paid }) => ({
              key: `${from} ${until}`,
              head: text.span(formatDate(from), formatDate(until)),
              cells: [given, granted, paid].map(money),
            }))}
          />
        )}
      </Panel>
      <Panel labelledBy="fund-donors">
        <PanelHead id="fund-donors" icon={HandHeart} title={text.donors} />
        {donors.length === 0 ? (
          <Empty icon={HandHeart} title={text.noDonors}>
            {text.noDonorsBody}
          </Empty>
        ) : (
          <Table
            label={text.donors}
            names={[text.donor, figures.given, text.gifts, text.last]}
            rows={donors.map(({ address: donor, amount, gifts, last }) => ({
              key: donor,
              head: <Hash>{donor}</Hash>,
              cells: [money(amount), formatNumber(gifts), formatDate(last)],
            }))}
          />
        )}
      </Panel>
    </div>
  );
}

function Table({
  label,
  names: [first, ...names],
  rows,
}: {
  label: string;
  names: readonly string[];
  rows: readonly { key: string; head: ReactNode; cells: readonly string[] }[];
}) {
  const cell = 'px-2 py-2 text-right tabular-nums whitespace-nowrap';
  return (
    <ScrollX label={label}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line-strong text-ink-2">
            <th scope="col" className="py-2 pr-3 text-left font-semibold">
              {first}
            </th>
            {names.map((name) => (
              <th key={name} scope="col" className={`${cell} font-semibold`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(({ key, head, cells }) => (
            <tr key={key}>
              <th scope="row" className="min-w-40 py-2 pr-3 text-left font-normal">
                {head}
              </th>
              {cells.map((value, at) => (
                <td key={names[at]} className={cell}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
