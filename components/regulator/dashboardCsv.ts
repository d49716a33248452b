import Papa from 'papaparse';
import type { FlowView, StockView } from '#server/trace/schema.ts';

/** Flows and stock as a spreadsheet reads them: one table, each line of one kind. */
export function dashboardCsv(flows: FlowView, stock: StockView): string {
  const places = new Map([...flows.places, ...stock.places].map((place) => [place.gln, place]));
  const products = new Map(stock.products.map(({ gtin, name }) => [gtin, name]));
  const name = (gln: string) => places.get(gln)?.name ?? gln;
  const rows = [
    ...flows.flows.map(({ kind, from, to, packs }) => ({
      ...{ table: 'flow', kind, fromGln: from, from: name(from), toGln: to, to: name(to), packs },
    })),
    ...stock.rows.map((row) => ({
      ...{ table: 'stock', kind: 'usable', fromGln: row.site, from: name(row.site), packs: row.usable },
      ...{ gtin: row.gtin, product: products.get(row.gtin) ?? row.gtin, transit: row.transit },
      ...{ quarantined: row.quarantined, expired: row.expired, expiring90Days: row.expiring },
      ...{ perDay: row.daily, daysLeft: row.daysLeft ?? '' },
    })),
  ];
  const columns = [
    ...['table', 'kind', 'fromGln', 'from', 'toGln', 'to', 'packs', 'gtin', 'product', 'transit', 'quarantined'],
    ...['expired', 'expiring90Days', 'perDay', 'daysLeft'],
  ];
  // A name that begins like a formula must stay a name where a spreadsheet opens it.
  return Papa.unparse(rows, { columns, escapeFormulae: true });
}
