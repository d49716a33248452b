import { and, eq, gte, inArray, sql, sum } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { traceBatches, traceFlows, traceSites, traceStock } from '../../gateways/db/schema/trace.ts';
import type { Actor } from '../../people/schema.ts';
import { dayOf } from '../../supplyIndexer/fact.ts';
import type { ShortageRow, StockFilter, StockRow, StockView } from '../schema.ts';
import { daysAgo } from './overview.ts';
import { placesOf, productNames } from './places.ts';
import { ownPlaceOrProduct, ownProduct, type Scope, scopeOf } from './scope.ts';

/**
 * The forecast: usable packs (active, here, not expired) over packs dispensed a day. A day's packs are the mean of the last 28
 * full days, or of the last 7 where that is more, so that a rise is seen within a week. It knows no season and no delivery to
 * come; what is on its way is shown beside it.
 */
const longDays = 28;
const shortestDays = 7;
/** A place with packs for fewer days runs short. */
export const shortDays = 14;
const expiringDays = 90;
const live = ['active', 'transit', 'quarantined'];

/** Stock by place and product, the shortest first. Throws FORBIDDEN. */
export async function stock(actor: Actor, filter: StockFilter, portal: Portal = thePortal()): Promise<StockView> {
  const rows = await stockRows(portal, scopeOf(actor), filter);
  rows.sort((a, b) => (a.daysLeft ?? Number.MAX_VALUE) - (b.daysLeft ?? Number.MAX_VALUE) || b.usable - a.usable);
  const [places, names] = await Promise.all([
    placesOf(
      portal,
      rows.map(({ site }) => site),
    ),
    productNames(
      portal,
      rows.map(({ gtin }) => gtin),
    ),
  ]);
  const products = [...names].map(([gtin, name]) => ({ gtin, name }));
  return { rows, places: [...places.values()], products };
}

/** Products by the days that their packs last, the shortest first. Throws FORBIDDEN. */
export async function shortages(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<ShortageRow[]> {
  return shortagesOf(await stock(actor, {}, portal));
}

/** The shortages that follow from stock, at the places that it tells of. */
export function shortagesOf({ rows, products: named }: StockView): ShortageRow[] {
  const names = new Map(named.map(({ gtin, name }) => [gtin, name]));
  const products = [...Map.groupBy(rows, ({ gtin }) => gtin)].map(([gtin, places]): ShortageRow => {
    const of = (figure: 'usable' | 'transit' | 'daily') => places.reduce((total, row) => total + row[figure], 0);
    const dispensing = places.filter(({ daily }) => daily > 0);
    const daily = Math.round(of('daily') * 10) / 10;
    return {
      ...{ gtin, name: names.get(gtin) ?? gtin, usable: of('usable'), transit: of('transit'), daily },
      daysLeft: daysLeft(of('usable'), daily),
      placesShort: dispensing.filter((row) => row.daysLeft !== null && row.daysLeft < shortDays).length,
      places: dispensing.length,
    };
  });
  return products.sort((a, b) => (a.daysLeft ?? Number.MAX_VALUE) - (b.daysLeft ?? Number.MAX_VALUE));
}

const daysLeft = (usable: number, daily: number) => (daily === 0 ? null : Math.floor(usable / daily));

async function stockRows({ db }: Portal, scope: Scope, { gtin, site }: StockFilter): Promise<StockRow[]> {
  const s = traceStock;
  const today = dayOf(new Date());
  const of = (condition: ReturnType<typeof sql>) =>
    sql<number>`coalesce(sum(${s.packs}) filter (where ${condition}), 0)`.mapWith(Number);
  const usable = sql`${s.state} = 'active' and ${traceBatches.expiry} >= ${today}`;
  const soon = dayOf(new Date(Date.now() + expiringDays * 86_400_000));
  const rows = await db
    .select({
      ...{ holder: s.holder, site: s.site, gtin: s.gtin },
      usable: of(usable),
      transit: of(sql`${s.state} = 'transit'`),
      quarantined: of(sql`${s.state} = 'quarantined'`),
      expired: of(sql`${s.state} = 'active' and ${traceBatches.expiry} < ${today}`),
      expiring: of(sql`${usable} and ${traceBatches.expiry} < ${soon}`),
    })
    .from(s)
    .innerJoin(traceBatches, and(eq(traceBatches.gtin, s.gtin), eq(traceBatches.batch, s.batch)))
    .where(
      and(
        inArray(s.state, live),
        gtin === undefined ? undefined : eq(s.gtin, gtin),
        site === undefined ? undefined : eq(s.site, site),
        scope === 'all' ? undefined : sql`(${eq(s.holder, scope.institutionId)} or ${ownProduct(db, scope, s.gtin)})`,
      ),
    )
    .groupBy(s.holder, s.site, s.gtin);
  const daily = new Map((await dispensedDaily(db, scope, { gtin, site })).map((row) => [keyOf(row), row]));
  const known = rows.map((row) => withDaily(row, daily.get(keyOf(row))?.perDay ?? 0));
  const there = new Set(rows.map(keyOf));
  // Where all packs are gone there is no stock to be read, and what is needed most.
  const gone = [...daily.values()].filter((row) => !there.has(keyOf(row)));
  const none = { usable: 0, transit: 0, quarantined: 0, expired: 0, expiring: 0 };
  return [
    ...known,
    ...gone.map(({ holder, site: at, gtin: of, perDay }) =>
      withDaily({ holder: holder ?? '', site: at, gtin: of, ...none }, perDay),
    ),
  ];
}

const keyOf = ({ site, gtin }: { site: string; gtin: string }) => `${site}|${gtin}`;
const withDaily = (row: Omit<StockRow, 'daily' | 'daysLeft'>, perDay: number): StockRow => ({
  ...row,
  ...{ daily: Math.round(perDay * 10) / 10, daysLeft: daysLeft(row.usable, perDay) },
});

/** Packs that are dispensed a day, by place and product. */
async function dispensedDaily(db: Portal['db'], scope: Scope, { gtin, site }: StockFilter) {
  const f = traceFlows;
  const week = sql<number>`coalesce(sum(${f.packs}) filter (where ${f.day} >= ${daysAgo(shortestDays)}), 0)`;
  const rows = await db
    .select({
      ...{ site: f.fromSite, gtin: f.gtin, holder: traceSites.institutionId },
      ...{ all: sum(f.packs).mapWith(Number), week: week.mapWith(Number) },
    })
    .from(f)
    .leftJoin(traceSites, eq(traceSites.gln, f.fromSite))
    .where(
      and(
        gte(f.day, daysAgo(longDays)),
        // Today is not over.
        sql`${f.day} < ${dayOf(new Date())}`,
        eq(f.kind, 'dispense'),
        gtin === undefined ? undefined : eq(f.gtin, gtin),
        site === undefined ? undefined : eq(f.fromSite, site),
        ownPlaceOrProduct(db, scope, { gtin: f.gtin, sites: [f.fromSite] }),
      ),
    )
    .groupBy(f.fromSite, f.gtin, traceSites.institutionId);
  return rows.map(({ all, week: last, ...row }) => ({
    ...row,
    perDay: Math.max(all / longDays, last / shortestDays),
  }));
}
