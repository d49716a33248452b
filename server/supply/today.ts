import { and, desc, eq, isNull } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { traceAlerts, traceProducts, traceSites } from '../gateways/db/schema/trace.ts';
import type { Actor } from '../people/schema.ts';
import { readBasics } from './basics.ts';
import { ownHouse } from './policy.ts';
import { listRecalls } from './recalls.ts';
import type { ExcursionView, SupplyToday } from './schema.ts';
import { isOpen, listArriving, listSent } from './shipments.ts';
import { readStock } from './stock.ts';

const longestList = 50;

/** What waits for the actor's institution, and what it has. */
export async function readToday(actor: Actor, portal: Portal = thePortal()): Promise<SupplyToday> {
  const [basics, stock, arriving, sent, recalls, excursions] = await Promise.all([
    readBasics(actor, portal),
    readStock(actor, portal),
    listArriving(actor, portal),
    listSent(actor, portal),
    listRecalls(actor, portal),
    listExcursions(actor, portal),
  ]);
  const toAnswer = recalls.filter(({ here, endedAt }) => here.length > 0 && endedAt === undefined);
  return { basics, stock, arriving, sent: sent.filter(isOpen), recalls: toAnswer, excursions };
}

/** Packs and cases that were too warm or too cold, as their holder said at the time, the newest first. */
export async function listExcursions(actor: Actor, portal: Portal = thePortal()): Promise<ExcursionView[]> {
  const rows = await portal.db
    .select({ alert: traceAlerts, product: traceProducts.name, siteName: traceSites.name })
    .from(traceAlerts)
    .leftJoin(traceProducts, eq(traceProducts.gtin, traceAlerts.gtin))
    .leftJoin(traceSites, eq(traceSites.gln, traceAlerts.site))
    .where(
      and(eq(traceAlerts.rule, 'excursion'), eq(traceAlerts.party, ownHouse(actor)), isNull(traceAlerts.resolvedAt)),
    )
    .orderBy(desc(traceAlerts.at))
    .limit(longestList);
  return rows.map(({ alert, product, siteName }) => ({
    ...{ id: alert.id, at: alert.at.toISOString(), packs: alert.packs, facts: alert.facts },
    ...(alert.gtin && { gtin: alert.gtin, product: product ?? alert.gtin }),
    ...(alert.serial && { serial: alert.serial }),
    ...(alert.sscc && { sscc: alert.sscc }),
    ...(alert.site && { site: alert.site, siteName: siteName ?? alert.site }),
  }));
}
