import { and, count, desc, eq, inArray, or, type SQL, sql, sum } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import {
  traceContainers,
  tracePacks,
  traceProducts,
  traceRecalls,
  traceStock,
} from '../../gateways/db/schema/trace.ts';
import type { Actor } from '../../people/schema.ts';
import type { RecallCoverage, RecallView, someRecall } from '../schema.ts';
import { partyNames, placesOf, productNames, unknownPlace } from './places.ts';
import { ownProduct, type Scope, scopeOf } from './scope.ts';

type Row = typeof traceRecalls.$inferSelect;

const mostListed = 200;
/** Taken out of the way of patients; back with the maker counts too. */
const securedStates = ['quarantined', 'destroyed', 'decommissioned'];

/** Recalls of the reader's part, those in force first, then newest first. Throws FORBIDDEN. */
export async function listRecalls(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<RecallView[]> {
  const scope = scopeOf(actor);
  const rows = await portal.db
    .select()
    .from(traceRecalls)
    .where(concerns(portal.db, scope))
    .orderBy(sql`${traceRecalls.endedAt} is not null`, desc(traceRecalls.startedAt))
    .limit(mostListed);
  return recallViews(portal, rows);
}

/** A maker's own, and those of products that an institution has. */
function concerns(db: Portal['db'], scope: Scope): SQL | undefined {
  if (scope === 'all') return undefined;
  const held = db.select({ gtin: traceStock.gtin }).from(traceStock).where(eq(traceStock.holder, scope.institutionId));
  return or(ownProduct(db, scope, traceRecalls.gtin), inArray(traceRecalls.gtin, held));
}

export async function recallViews(portal: Pick<Portal, 'db'>, rows: Row[]): Promise<RecallView[]> {
  const [names, party] = await Promise.all([
    productNames(
      portal,
      rows.map(({ gtin }) => gtin),
    ),
    partyNames(
      portal,
      rows.map((row) => row.party),
    ),
  ]);
  return rows.map((row) => {
    const { id, gtin, batches, serials, reason, level, startedBlock, channel, transactionId } = row;
    return {
      ...{ id, gtin, batches, serials, reason, level, startedBlock, channel, transactionId },
      ...{ product: names.get(gtin) ?? gtin, by: party(row.party), startedAt: row.startedAt.toISOString() },
      endedAt: row.endedAt?.toISOString() ?? null,
    };
  });
}

interface Counted {
  holder: string;
  site: string;
  state: string;
  packs: number;
}

/**
 * What has become of the packs of a recall, place by place: the authority and the maker see all places, others their own.
 * Throws FORBIDDEN, NOT_FOUND.
 */
export async function recallCoverage(
  actor: Actor,
  { id }: z.output<typeof someRecall>,
  portal: Portal = thePortal(),
): Promise<RecallCoverage> {
  const { db } = portal;
  const scope = scopeOf(actor);
  const [row] = await db
    .select()
    .from(traceRecalls)
    .where(and(eq(traceRecalls.id, id), concerns(db, scope)));
  if (row === undefined) throw new AppError('NOT_FOUND', `no recall ${id} in reach`);
  const [product] = await db.select().from(traceProducts).where(eq(traceProducts.gtin, row.gtin));
  const maker = product?.maker ?? '';
  /** Whose packs alone are shown; undefined where all are. */
  const own = scope === 'all' || scope.institutionId === maker ? undefined : scope.institutionId;
  const counted = row.serials === null ? await countStock(db, row) : await countPacks(db, row);
  const seen = counted.filter(({ holder }) => own === undefined || holder === own);
  const places = await placesOf(
    portal,
    seen.map(({ site }) => site),
  );
  const [recall] = await recallViews(portal, [row]);
  if (recall === undefined) throw new AppError('NOT_FOUND', id);
  const sites = [...Map.groupBy(seen, ({ site }) => site)].map(([site, list]) => {
    const of = (which: (one: Counted) => boolean) => list.filter(which).reduce((total, { packs }) => total + packs, 0);
    const isSecured = ({ state, holder }: Counted) =>
      securedStates.includes(state) || (state === 'active' && holder === maker);
    return {
      place: places.get(site) ?? unknownPlace(site),
      waiting: of((one) => one.state === 'active' && !isSecured(one)),
      secured: of(isSecured),
      transit: of(({ state }) => state === 'transit'),
      dispensed: of(({ state }) => state === 'dispensed'),
      stolen: of(({ state }) => state === 'stolen'),
    };
  });
  sites.sort((a, b) => b.waiting + b.transit - (a.waiting + a.transit) || b.secured - a.secured);
  const total = (figure: 'secured' | 'waiting' | 'dispensed' | 'transit' | 'stolen') =>
    sites.reduce((all, one) => all + one[figure], 0);
  const unaccounted = total('transit') + total('stolen');
  return {
    ...{ recall, sites },
    packs: {
      covered: total('secured') + total('waiting') + total('dispensed') + unaccounted,
      ...{ secured: total('secured'), waiting: total('waiting'), dispensed: total('dispensed'), unaccounted },
    },
    unaccounted: unaccounted === 0 ? [] : await unaccountedPacks(db, row, own),
  };
}

/** Whole batches are counted by the sums that the projection keeps. */
async function countStock(db: Portal['db'], { gtin, batches }: Row): Promise<Counted[]> {
  const s = traceStock;
  return db
    .select({ holder: s.holder, site: s.site, state: s.state, packs: sum(s.packs).mapWith(Number) })
    .from(s)
    .where(and(eq(s.gtin, gtin), batches === null ? undefined : inArray(s.batch, batches)))
    .groupBy(s.holder, s.site, s.state);
}

const inner = alias(traceContainers, 'inner_container');
const outer = alias(traceContainers, 'outer_container');
/** Custody of a pack through the outermost container around it, beside the joins of `packsOf`. */
const through = {
  holder: sql<string>`coalesce(${outer.holder}, ${tracePacks.holder})`,
  site: sql<string>`coalesce(${outer.site}, ${tracePacks.site}, '')`,
  state: sql<string>`case when ${tracePacks.state} <> 'active' then ${tracePacks.state}
    when ${inner.state} <> 'active' then ${inner.state} when ${outer.state} <> 'active' then ${outer.state}
    when coalesce(${outer.shippedTo}, ${tracePacks.shippedTo}) is not null then 'transit' else 'active' end`,
};

function isCovered({ gtin, batches, serials }: Row): SQL | undefined {
  const p = tracePacks;
  const within = serials?.map(
    ({ from, to }) => sql`(length(${p.serial}) = ${from.length} and ${p.serial} collate "C" between ${from} and ${to})`,
  );
  return and(
    eq(p.gtin, gtin),
    batches === null ? undefined : inArray(p.batch, batches),
    within === undefined ? undefined : or(...within),
  );
}

async function countPacks(db: Portal['db'], row: Row): Promise<Counted[]> {
  return db
    .select({ ...through, packs: count() })
    .from(tracePacks)
    .leftJoin(inner, and(eq(inner.sscc, tracePacks.parent), eq(inner.channel, tracePacks.channel)))
    .leftJoin(outer, and(eq(outer.sscc, inner.root), eq(outer.channel, tracePacks.channel)))
    .where(isCovered(row))
    .groupBy(through.holder, through.site, through.state);
}

async function unaccountedPacks(
  db: Portal['db'],
  row: Row,
  own: string | undefined,
): Promise<RecallCoverage['unaccounted']> {
  const p = tracePacks;
  return db
    .select({ gtin: p.gtin, serial: p.serial, batch: p.batch, holder: through.holder, state: through.state })
    .from(p)
    .leftJoin(inner, and(eq(inner.sscc, p.parent), eq(inner.channel, p.channel)))
    .leftJoin(outer, and(eq(outer.sscc, inner.root), eq(outer.channel, p.channel)))
    .where(
      and(
        isCovered(row),
        sql`${through.state} in ('transit', 'stolen')`,
        own === undefined ? undefined : sql`${through.holder} = ${own}`,
      ),
    )
    .orderBy(p.serial)
    .limit(mostListed);
}
