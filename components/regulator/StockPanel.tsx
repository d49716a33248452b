'use client';

import { Boxes } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { StockView } from '#server/trace/schema.ts';
import { byPlace } from './supplyFigures.ts';
import { queryOf, type TraceFilter } from './traceAddress.ts';

const text = t.trace.stock;
const fewest = 10;
const figures = ['usable', 'transit', 'quarantined', 'expiring'] as const;

/** What is at each place and how long it lasts. */
export function StockPanel({ stock, filter }: { stock: StockView; filter: TraceFilter }) {
  const [all, setAll] = useState(false);
  const rows = byPlace(stock.rows);
  const places = new Map(stock.places.map((place) => [place.gln, place]));
  const product = (gtin: string) => stock.products.find((one) => one.gtin === gtin)?.name ?? gtin;
  return (
    <Panel labelledBy="stock-by-place">
      <PanelHead id="stock-by-place" title={text.title} icon={Boxes} remark={text.remark} />
      {rows.length === 0 ? (
        <Empty icon={Boxes} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <>
          <table className="block w-full text-sm md:table">
            <thead className="hidden md:table-header-group">
              <tr className="border-b border-line-strong text-left align-bottom text-ink-2">
                <th scope="col" className="py-2 pr-3 font-semibold">
                  {text.place}
                </th>
                {figures.map((name) => (
                  <th key={name} scope="col" className="px-2 py-2 text-right font-semibold">
                    {text[name]}
                  </th>
                ))}
                <th scope="col" className="py-2 pl-3 font-semibold">
                  {text.left}
                </th>
              </tr>
            </thead>
            <tbody className="block divide-y divide-line md:table-row-group">
              {(all ? rows : rows.slice(0, fewest)).map((row) => {
                const place = places.get(row.site);
                const name = place?.name ?? row.site;
                return (
                  <tr key={row.site} className="flex flex-wrap gap-x-4 gap-y-0.5 py-2.5 md:table-row">
                    <th scope="row" className="w-full text-left font-semibold md:w-auto md:py-2 md:pr-3">
                      <Link
                        href={`/regulator?${queryOf({ ...filter, site: row.site })}`}
                        scroll={false}
                        title={text.choose(name)}
                        className="rounded-sm underline decoration-line-strong underline-offset-3 hover:decoration-current"
                      >
                        {name}
                      </Link>
                      {place && !name.startsWith(place.institution.name) && (
                        <span className="block font-normal text-ink-3">{place.institution.name}</span>
                      )}
                    </th>
                    {figures.map((figure) => (
                      <td key={figure} className="md:px-2 md:py-2 md:text-right">
                        <span className="text-ink-2 md:hidden">{text[figure]} </span>
                        {formatNumber(row[figure])}
                      </td>
                    ))}
                    <td className="w-full text-ink-2 md:w-auto md:py-2 md:pl-3">
                      {row.shortest === null
                        ? text.noUse
                        : text.days(formatNumber(Math.floor(row.shortest.days)), product(row.shortest.gtin))}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          {!all && rows.length > fewest && (
            <div className="mt-3" data-print="hide">
              <Button size="sm" onClick={() => setAll(true)}>
                {text.all(formatNumber(rows.length))}
              </Button>
            </div>
          )}
        </>
      )}
    </Panel>
  );
}
