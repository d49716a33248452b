import { PackagePlus, Pill as PillIcon } from 'lucide-react';
import type { Product } from '#chaincode/model/product.ts';
import { LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { StockRow, SupplyBasics } from '#server/supply/schema.ts';
import { byProduct } from './stockView.ts';

const text = t.supply.products;

/** The registered products: the institution's own, from which it makes batches, and those of others that it has. */
export function ProductList({ basics, stock }: { basics: SupplyBasics; stock: StockRow[] }) {
  const here = new Map(byProduct(stock).map(({ gtin, packs }) => [gtin, packs]));
  const mine = basics.products.filter(({ maker }) => maker === basics.institutionId);
  const others = basics.products.filter(({ gtin, maker }) => maker !== basics.institutionId && here.has(gtin));
  if (mine.length + others.length === 0) {
    return (
      <Panel>
        <Empty icon={PillIcon} title={text.empty}>
          {text.emptyBody}
        </Empty>
      </Panel>
    );
  }
  return (
    <div className="space-y-5">
      {mine.length > 0 && <Products title={text.mine} products={mine} here={here} make />}
      {others.length > 0 && <Products title={text.others} products={others} here={here} />}
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
                {text.gtin} <span className="font-mono text-xs">{gtin}</span> · {text.ledger} {channel}
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
