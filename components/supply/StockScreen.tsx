'use client';

import { Boxes, CircleAlert, Clock, Printer, Siren } from 'lucide-react';
import { useState } from 'react';
import { LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { formatBirthDate, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import type { StockRow, StockState } from '#server/supply/schema.ts';
import { StockBars } from './StockBars.tsx';
import { byProduct, daysLeft, type StockFilter, sellable, shownStock, soonDays } from './stockView.ts';

const text = t.supply.stock;
const filters: { value: StockFilter; label: string }[] = [
  { value: 'all', label: text.onlyAll },
  { value: 'soon', label: text.onlySoon },
  { value: 'recalled', label: text.onlyRecalled },
  { value: 'aside', label: text.onlyAside },
];

/** What an institution has, by product, batch and place, the first to expire first. */
export function StockScreen({
  rows,
  stock,
  labels,
}: {
  rows: StockRow[];
  /** Address of the stock, under which packs are set aside, written off and put back. */
  stock: string;
  /** Address of a batch's labels, where labels are printed. */
  labels?: string;
}) {
  const now = useNow(60_000);
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<StockFilter>('all');
  const shown = shownStock(rows, search, filter, now);
  const products = byProduct(rows);
  const total = rows.reduce((sum, row) => sum + sellable(row), 0);

  if (rows.length === 0) {
    return (
      <Panel>
        <Empty icon={Boxes} title={text.empty}>
          {text.emptyBody}
        </Empty>
      </Panel>
    );
  }
  return (
    <div className="space-y-5">
      {products.length > 1 && (
        <Panel labelledBy="per-product">
          <PanelHead id="per-product" title={text.perProduct} />
          <StockBars products={products} />
        </Panel>
      )}
      <Panel labelledBy="stock">
        <PanelHead
          id="stock"
          title={text.title}
          remark={text.total(formatNumber(total), formatNumber(rows.length))}
          aside={
            <div className="flex flex-wrap gap-2">
              <LinkButton size="sm" look="quiet" href={`${stock}/undo`}>
                {text.undo}
              </LinkButton>
              <LinkButton size="sm" href={`${stock}/change`}>
                {text.change}
              </LinkButton>
            </div>
          }
        />
        <div className="mb-3 grid gap-3 sm:grid-cols-[minmax(0,1fr)_16rem]">
          <TextField
            label={text.search}
            type="search"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
          <SelectField label={text.only} value={filter} options={filters} onChange={setFilter} />
        </div>
        {shown.length === 0 ? (
          <p className="py-6 text-center text-sm text-ink-2">{text.nothing}</p>
        ) : (
          <StockTable rows={shown} now={now} {...(labels && { labels })} />
        )}
      </Panel>
    </div>
  );
}

function StockTable({ rows, now, labels }: { rows: StockRow[]; now: number; labels?: string }) {
  const head = 'py-2 pr-4 text-left font-semibold text-ink-2';
  return (
    <table className="block w-full text-sm md:table">
      <thead className="hidden md:table-header-group">
        <tr className="border-b border-line-strong">
          {[text.product, text.batch, text.expiry, text.place].map((name) => (
            <th key={name} scope="col" className={head}>
              {name}
            </th>
          ))}
          <th scope="col" className={`${head} text-right`}>
            {text.packs}
          </th>
          {labels && <td />}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {rows.map((row) => (
          <tr
            key={`${row.site}-${row.gtin}-${row.batch}`}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3 md:table-row md:py-0"
          >
            <th scope="row" className="w-full text-left font-bold md:table-cell md:w-auto md:py-2.5 md:pr-4">
              {row.product}
            </th>
            <td className="font-mono text-xs md:py-2.5 md:pr-4">{row.batch}</td>
            <td className="md:py-2.5 md:pr-4">
              <Expiry row={row} now={now} />
            </td>
            <td className="text-ink-2 md:py-2.5 md:pr-4">{row.siteName}</td>
            <td className="md:py-2.5 md:text-right">
              <Counts packs={row.packs} />
            </td>
            {labels && (
              <td className="md:py-1.5 md:pl-3">
                {(row.packs.active ?? 0) > 0 && (
                  <LinkButton
                    size="sm"
                    look="quiet"
                    icon={Printer}
                    href={`${labels}/${row.gtin}/${encodeURIComponent(row.batch)}`}
                  >
                    {t.supply.labels.reprint}
                  </LinkButton>
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Expiry({ row, now }: { row: StockRow; now: number }) {
  const left = daysLeft(row, now);
  return (
    <span className="flex flex-wrap items-center gap-2">
      {row.expiry === '' ? '–' : formatBirthDate(row.expiry)}
      {left !== undefined && left <= 0 && (
        <Pill tone="danger" icon={CircleAlert}>
          {text.expired}
        </Pill>
      )}
      {left !== undefined && left > 0 && left <= soonDays && (
        <Pill tone="warn" icon={Clock}>
          {text.soon(formatNumber(left))}
        </Pill>
      )}
      {row.recalls.length > 0 && (
        <Pill tone="danger" icon={Siren}>
          {text.recalled}
        </Pill>
      )}
    </span>
  );
}

const order: readonly StockState[] = [
  'active',
  'transit',
  'quarantined',
  'decommissioned',
  'dispensed',
  'stolen',
  'destroyed',
];

/** Packs by state; the word stands beside each number but that of the packs in stock. */
function Counts({ packs }: { packs: StockRow['packs'] }) {
  const known = order.filter((state) => (packs[state] ?? 0) > 0);
  return (
    <span className="flex flex-wrap gap-x-3 md:justify-end">
      {known.map((state) => (
        <span key={state} className={state === 'active' ? 'font-bold' : 'text-ink-2'}>
          {formatNumber(packs[state] ?? 0)} {t.supply.states[state]}
        </span>
      ))}
    </span>
  );
}
