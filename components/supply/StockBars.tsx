import { formatNumber } from '#components/ui/format.ts';

const most = 8;

/** Packs by product as bars with their numbers; a table for who does not see them. */
export function StockBars({
  products,
}: {
  products: { gtin: string; product: string; packs: number; aside: number }[];
}) {
  const shown = products.slice(0, most);
  const largest = Math.max(1, ...shown.map(({ packs, aside }) => packs + aside));
  return (
    <ul className="space-y-2">
      {shown.map(({ gtin, product, packs, aside }) => (
        <li key={gtin} className="grid grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_3.5rem] items-center gap-3 text-sm">
          <span className="truncate" title={product}>
            {product}
          </span>
          <span aria-hidden className="flex h-3 overflow-hidden rounded-full bg-line">
            <span className="bg-thread-1" style={{ width: `${(packs / largest) * 100}%` }} />
            <span className="bg-thread-3" style={{ width: `${(aside / largest) * 100}%` }} />
          </span>
          <span className="text-right font-bold">{formatNumber(packs)}</span>
        </li>
      ))}
    </ul>
  );
}
