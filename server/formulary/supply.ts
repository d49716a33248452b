import { and, eq, gt, gte, inArray, sql, sum } from 'drizzle-orm';
import { type PackSupply, type ProductSupply, shortageDays, supplyOf } from '#formulary/shortage.ts';
import type { Database } from '../gateways/db/database.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import { traceBatches, traceFlows, traceStock } from '../gateways/db/schema/trace.ts';
import { dayOf } from '../supplyIndexer/fact.ts';

const dayMs = 86_400_000;

/** Supply of each product, from the followed supply channels: usable packs are active, not expired, at a pharmacy or distributor. */
export async function productSupply(db: Database, now: Date): Promise<Map<string, ProductSupply>> {
  const today = dayOf(now);
  const since = dayOf(new Date(now.getTime() - shortageDays * dayMs));
  const [stock, dispensed] = await Promise.all([
    db
      .select({ gtin: traceStock.gtin, packs: sum(traceStock.packs).mapWith(Number) })
      .from(traceStock)
      .innerJoin(traceBatches, and(eq(traceBatches.gtin, traceStock.gtin), eq(traceBatches.batch, traceStock.batch)))
      .innerJoin(institutions, eq(institutions.id, traceStock.holder))
      .where(
        and(
          eq(traceStock.state, 'active'),
          gte(traceBatches.expiry, today),
          inArray(institutions.kind, ['pharmacy', 'distributor']),
        ),
      )
      .groupBy(traceStock.gtin),
    db
      .select({ gtin: traceFlows.gtin, packs: sum(traceFlows.packs).mapWith(Number) })
      .from(traceFlows)
      .where(and(eq(traceFlows.kind, 'dispense'), gt(traceFlows.day, since), sql`${traceFlows.day} <= ${today}`))
      .groupBy(traceFlows.gtin),
  ]);
  const packs = new Map<string, PackSupply>();
  const of = (gtin: string) => packs.get(gtin) ?? { gtin, usable: 0, dispensed: 0 };
  for (const { gtin, packs: usable } of stock) packs.set(gtin, { ...of(gtin), usable });
  for (const { gtin, packs: given } of dispensed) packs.set(gtin, { ...of(gtin), dispensed: given });
  return supplyOf([...packs.values()]);
}
