import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { packStates } from '#chaincode/model/trace.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import {
  traceBatches,
  tracePacks,
  traceProducts,
  traceRecalls,
  traceSites,
  traceStock,
} from '../gateways/db/schema/trace.ts';
import type { Actor } from '../people/schema.ts';
import { ownHouse } from './policy.ts';
import type { BatchLabels, StockRow, StockState } from './schema.ts';

const states: readonly StockState[] = [...packStates, 'transit'];
const stateOf = (text: string): StockState | undefined => states.find((state) => state === text);
/** So many labels are printed of a batch. */
const mostLabels = 5_000;

/** What the actor's institution has, by batch and place, as the followed supply channels have it. */
export async function readStock(actor: Actor, portal: Portal = thePortal()): Promise<StockRow[]> {
  const house = ownHouse(actor);
  const { db } = portal;
  const [rows, recalls] = await Promise.all([
    db
      .select({
        stock: traceStock,
        product: traceProducts.name,
        siteName: traceSites.name,
        expiry: traceBatches.expiry,
      })
      .from(traceStock)
      .leftJoin(traceProducts, eq(traceProducts.gtin, traceStock.gtin))
      .leftJoin(traceSites, eq(traceSites.gln, traceStock.site))
      .leftJoin(traceBatches, and(eq(traceBatches.gtin, traceStock.gtin), eq(traceBatches.batch, traceStock.batch)))
      .where(and(eq(traceStock.holder, house), sql`${traceStock.packs} > 0`)),
    db.select().from(traceRecalls).where(sql`${traceRecalls.endedAt} is null`),
  ]);
  const byPlace = new Map<string, StockRow>();
  for (const { stock, product, siteName, expiry } of rows) {
    const { site, gtin, batch, packs } = stock;
    const state = stateOf(stock.state);
    if (state === undefined) continue;
    const key = `${site}|${gtin}|${batch}`;
    const row = byPlace.get(key) ?? {
      ...{ site, siteName: siteName ?? site, gtin, product: product ?? gtin, batch, expiry: expiry ?? '', packs: {} },
      recalls: recalls.filter((recall) => recall.gtin === gtin && isBatchOf(recall, batch)).map(({ id }) => id),
    };
    row.packs[state] = (row.packs[state] ?? 0) + packs;
    byPlace.set(key, row);
  }
  return [...byPlace.values()];
}

const isBatchOf = ({ batches }: { batches: string[] | null }, batch: string) => batches?.includes(batch) ?? true;

/** The packs of a batch that are loose in the actor's stock, for which labels can be printed. */
export async function readLabels(
  actor: Actor,
  { gtin, batch }: { gtin: string; batch: string },
  portal: Portal = thePortal(),
): Promise<BatchLabels> {
  const house = ownHouse(actor);
  const [rows, [product]] = await Promise.all([
    portal.db
      .select({ serial: tracePacks.serial, expiry: tracePacks.expiry })
      .from(tracePacks)
      .where(
        and(
          eq(tracePacks.gtin, gtin),
          eq(tracePacks.batch, batch),
          eq(tracePacks.holder, house),
          // What is in a case goes where the case goes, and its own row says where it was before.
          isNull(tracePacks.parent),
          inArray(tracePacks.state, ['active', 'quarantined']),
        ),
      )
      .orderBy(tracePacks.serial)
      .limit(mostLabels),
    portal.db.select({ name: traceProducts.name }).from(traceProducts).where(eq(traceProducts.gtin, gtin)),
  ]);
  const serials = rows.map(({ serial }) => serial);
  return { gtin, batch, product: product?.name ?? gtin, expiry: rows[0]?.expiry ?? '', serials };
}
