'use client';

import { PackagePlus, Pill as PillIcon, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import type { Product } from '#chaincode/model/product.ts';
import { chainLabel } from '#components/shell/chains.ts';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { StockRow, SupplyBasics } from '#server/supply/schema.ts';
import { ProductDialog } from './ProductDialog.tsx';
import { prefixLengths } from './sscc.ts';
import { byProduct } from './stockView.ts';

const text = t.supply.products;
/** Fewer products are found by looking. */
const fewest = 6;

/** The registered products: the institution's own, which it registers and makes batches of, and those of others that it has. */
export function ProductList({
  basics,
  stock,
  maker,
}: {
  basics: SupplyBasics;
  stock: StockRow[];
  /** Name of the institution where it is a maker. */
  maker: string | undefined;
}) {
  const [registers, setRegisters] = useState(false);
  const [query, setQuery] = useState('');
  const here = new Map(byProduct(stock).map(({ gtin, packs }) => [gtin, packs]));
  const mine = basics.products.filter((product) => product.maker === basics.institutionId);
  const others = basics.products.filter((product) => product.maker !== basics.institutionId && here.has(product.gtin));
  const wanted = query.trim().toLowerCase();
  const matching = ({ name, gtin }: Product) => `${name} ${gtin}`.toLowerCase().includes(wanted);
  const [ownShown, othersShown] = [mine.filter(matching), others.filter(matching)];
  const isEmpty = mine.length + others.length === 0;
  const register = maker !== undefined && (
    <Button look="primary" size="sm" icon={Plus} onClick={() => setRegisters(true)}>
      {text.register.open}
    </Button>
  );
  return (
    <div className="space-y-5">
      {(register || mine.length + others.length >= fewest) && (
        <div className="flex flex-wrap items-end justify-between gap-3">
          <div className="min-w-0 flex-1 basis-64 sm:max-w-96">
            {mine.length + others.length >= fewest && (
              <TextField
                label={text.search}
                type="search"
                autoComplete="off"
                maxLength={100}
                value={query}
                onChange={({ target }) => setQuery(target.value)}
              />
            )}
          </div>
          {register}
        </div>
      )}
      {isEmpty && (
        <Panel>
          <Empty icon={PillIcon} title={text.empty}>
            {maker === undefined ? text.emptyBody : text.emptyMaker}
          </Empty>
        </Panel>
      )}
      {!isEmpty && ownShown.length + othersShown.length === 0 && (
        <Panel>
          <Empty icon={Search} title={text.none}>
            {text.noneBody}
          </Empty>
        </Panel>
      )}
      {ownShown.length > 0 && <Products title={text.mine} products={ownShown} here={here} make />}
      {othersShown.length > 0 && <Products title={text.others} products={othersShown} here={here} />}
      {registers && maker !== undefined && (
        <ProductDialog
          maker={{ id: basics.institutionId, name: maker }}
          prefixLength={prefixLengths.find((length) => length === mine[0]?.prefixLength)}
          onClose={() => setRegisters(false)}
        />
      )}
    </div>
  );
}

function Products({
  title,
  products,
  here,
  make = false,
}: {
  title: string;
  products: Product[];
  here: Map<string, number>;
  make?: boolean;
}) {
  return (
    <Panel label={title}>
      <PanelHead title={title} remark={formatNumber(products.length)} />
      <ul className="divide-y divide-line">
        {products.map(({ gtin, name, storage, channel }) => (
          <li key={gtin} className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-bold">{name}</p>
              <p className="text-sm text-ink-2">
                {text.gtin} <span className="font-mono text-xs">{gtin}</span> ·{' '}
                <span className="whitespace-nowrap">{chainLabel(channel)}</span>
              </p>
              <p className="text-sm text-ink-2">
                {storage
                  ? t.supply.commission.storage(String(storage.minCelsius), String(storage.maxCelsius))
                  : t.supply.commission.storageNone}
              </p>
            </div>
            <p className="text-sm">
              <span className="text-ink-3">{text.stock}</span> <strong>{formatNumber(here.get(gtin) ?? 0)}</strong>
            </p>
            {make && (
              <LinkButton size="sm" icon={PackagePlus} href={`/supply/batches?product=${gtin}`}>
                {text.make}
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
