'use client';

import { Boxes } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import type { StockView } from '#server/trace/schema.ts';
import { byPlace } from './supplyFigures.ts';
import { queryOf, type TraceFilter } from './traceAddress.ts';

const text = t.trace.stock;
const fewest = 10;

/** What is at each place and how long it lasts. */
export function StockPanel({ stock, filter }: { stock: StockView; filter: TraceFilter }) {
  const [all, setAll] = useState(false);
  const rows = byPlace(stock.rows);
  const places = new Map(stock.places.map((place) => [place.gln, place]));
  const product = (gtin: string) => stock.products.find((one) => one.gtin === gtin)?.name ?? gtin;
  const number = 'px-2 py-2 text-right whitespace-nowrap';
  return (
    <Panel labelledBy="stock-by-place">
      <PanelHead id="stock-by-place" title={text.title} icon={Boxes} remark={text.remark} />
      {rows.length === 0 ? (
        <Empty icon={Boxes} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <>
          <ScrollX label={text.title}>
            <table className="w-full text-sm">
              <thead>
                <tr className="border-b border-line-strong text-left text-ink-2">
                  <th scope="col" className="py-2 pr-3 font-semibold">
                    {text.place}
                  </th>
                  {[text.usable, text.transit, text.quarantined, text.expiring].map((name) => (
                    <th key={name} scope="col" className={`${number} font-semibold`}>
                      {name}
                    </th>
                  ))}
                  <th scope="col" className="py-2 pl-3 font-semibold">
                    {text.left}
                  </th>
                </tr>
              </thead>
              <tbody className="divide-y divide-line">
                {(all ? rows : rows.slice(0, fewest)).map((row) => {
                  const place = places.get(row.site);
                  const name = place?.name ?? row.site;
                  return (
                    <tr key={row.site}>
                      <th scope="row" className="min-w-40 py-2 pr-3 text-left font-semibold">
                        <Link
                          href={`/regulator?${queryOf({ ...filter, site: row.site })}`}
                          scroll={false}
                          title={text.choose(name)}
                          className="rounded-sm underline decoration-line-strong underline-offset-3 hover:decoration-current"
                        >
                          {name}
                        </Link>
                        <span className="block font-normal text-ink-3">{place?.institution.name}</span>
                      </th>
                      <td className={number}>{formatNumber(row.usable)}</td>
                      <td className={number}>{formatNumber(row.transit)}</td>
                      <td className={number}>{formatNumber(row.quarantined)}</td>
                      <td className={number}>{formatNumber(row.expiring)}</td>
                      <td className="min-w-44 py-2 pl-3">
                        {row.shortest === null
                          ? text.noUse
                          : text.days(formatNumber(Math.floor(row.shortest.days)), product(row.shortest.gtin))}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </ScrollX>
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
