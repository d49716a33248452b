import { expiresAt } from '#chaincode/model/trace.ts';
import type { StockRow } from '#server/supply/schema.ts';

export const stockFilters = ['all', 'soon', 'recalled', 'aside'] as const;
export type StockFilter = (typeof stockFilters)[number];

const dayMs = 86_400_000;
/** A batch that ends sooner is pointed at. */
export const soonDays = 90;

/** Days that a batch can still be used; none or less where it has expired. Undefined where the day is not known. */
export function daysLeft({ expiry }: Pick<StockRow, 'expiry'>, now: number): number | undefined {
  return expiry === '' ? undefined : Math.ceil((expiresAt({ expiry }) - now) / dayMs);
}

const isSoon = (row: StockRow, now: number) => (daysLeft(row, now) ?? Number.POSITIVE_INFINITY) <= soonDays;

/** Packs that are there and can be sold; those on their way to somebody are no stock any more. */
export const sellable = ({ packs }: StockRow): number => packs.active ?? 0;
/** Packs that are there and set aside. */
export const aside = ({ packs }: StockRow): number => packs.quarantined ?? 0;

/** Rows that a search and a filter leave, the first to expire first. */
export function shownStock(rows: readonly StockRow[], search: string, filter: StockFilter, now: number): StockRow[] {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (row: StockRow) => {
    const all = `${row.product} ${row.gtin} ${row.batch} ${row.siteName}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const passes: Record<StockFilter, (row: StockRow) => boolean> = {
    all: () => true,
    soon: (row) => isSoon(row, now),
    recalled: ({ recalls }) => recalls.length > 0,
    aside: (row) => aside(row) > 0,
  };
  return rows
    .filter((row) => matches(row) && passes[filter](row))
    .sort((a, b) => a.expiry.localeCompare(b.expiry) || a.product.localeCompare(b.product));
}

/** Rows of batches that end soon or have ended, and still have packs. */
export const expiring = (rows: readonly StockRow[], now: number): StockRow[] =>
  rows.filter((row) => isSoon(row, now) && sellable(row) > 0);

/** Packs in stock by product, the most first. */
export function byProduct(
  rows: readonly StockRow[],
): { gtin: string; product: string; packs: number; aside: number }[] {
  const sums = new Map<string, { gtin: string; product: string; packs: number; aside: number }>();
  for (const row of rows) {
    const sum = sums.get(row.gtin) ?? { gtin: row.gtin, product: row.product, packs: 0, aside: 0 };
    sum.packs += sellable(row);
    sum.aside += aside(row);
    sums.set(row.gtin, sum);
  }
  return [...sums.values()].filter(({ packs, aside: set }) => packs + set > 0).sort((a, b) => b.packs - a.packs);
}
