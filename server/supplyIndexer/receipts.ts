import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { traceAlerts, traceEvents, traceShipments } from '../gateways/db/schema/trace.ts';
import { partialReceipt } from '../trace/alerts/partialReceipt.ts';
import { judgeOverChains, keyOverChains, type OverChains } from '../trace/alerts/receiptOverChains.ts';
import { alertIdOf } from './raise.ts';
import type { AlertRow, ShipmentRow } from './state.ts';

/**
 * Receipts of what is on several chains. A chain's blocks say nothing of another's, and that something has not come is said by no
 * block: so that they are looked at from time to time, by what the rows of all chains say together.
 */

const everyMs = 60_000;
/** Receipts of so long ago have been looked at, but by a process that has just started. */
const lookedBackMs = 2 * 86_400_000;
const idOf = (shipment: string) => alertIdOf(partialReceipt.id, keyOverChains(shipment));

/**
 * Raises alerts about shipments of which one chain's part came and another's did not, puts right what has come, and takes back
 * what is so no more. Answers how many rows changed.
 * @param since only shipments of which something was received from then on
 */
export async function sweepReceipts(db: Database, now: Date, since?: Date): Promise<number> {
  const parts = await partsOf(db, since);
  const byShipment = new Map<string, ShipmentRow[]>();
  for (const part of parts) byShipment.set(part.shipment, [...(byShipment.get(part.shipment) ?? []), part]);
  const found: OverChains[] = [];
  const fine: string[] = [];
  for (const [shipment, own] of byShipment) {
    const judged = judgeOverChains(own, now);
    if (judged === null) fine.push(idOf(shipment));
    else found.push(judged);
  }
  const raised = await raise(db, found, byShipment);
  if (fine.length === 0) return raised;
  const gone = await db.delete(traceAlerts).where(inArray(traceAlerts.id, fine)).returning({ id: traceAlerts.id });
  return raised + gone.length;
}

/** Shipments that are on more than one chain. */
async function partsOf(db: Database, since: Date | undefined): Promise<ShipmentRow[]> {
  const touched: SQL | undefined =
    since && sql`bool_or(${traceShipments.receivedAt} >= ${since.toISOString()}::timestamptz)`;
  const several = db
    .select({ shipment: traceShipments.shipment })
    .from(traceShipments)
    .groupBy(traceShipments.shipment)
    .having(and(sql`count(*) > 1 and max(${traceShipments.received}) > 0`, touched));
  return db
    .select()
    .from(traceShipments)
    .where(inArray(traceShipments.shipment, several))
    .orderBy(traceShipments.shipment, traceShipments.channel);
}

async function raise(db: Database, found: OverChains[], byShipment: Map<string, ShipmentRow[]>): Promise<number> {
  if (found.length === 0) return 0;
  const shipments = found.map(({ finding }) => String(finding.facts.shipment));
  const events = await db
    .select()
    .from(traceEvents)
    .where(
      and(
        or(inArray(traceEvents.eventId, shipments), inArray(traceEvents.hash, shipments)),
        ...[eq(traceEvents.bizStep, 'shipping'), eq(traceEvents.outcome, 'accepted')],
        eq(traceEvents.declaration, false),
      ),
    );
  const rows = found.flatMap(({ finding, at, resolvedAt, channel }): AlertRow[] => {
    const { shipment } = finding.facts;
    const event = events.find((each) => each.channel === channel && (each.eventId ?? each.hash) === shipment);
    const to = byShipment.get(String(shipment))?.[0]?.toParty;
    if (event === undefined || to === undefined) return [];
    return [
      {
        ...{ id: idOf(String(shipment)), rule: partialReceipt.id, level: partialReceipt.level, at, resolvedAt },
        ...{ channel, block: event.block, place: event.place, party: to },
        ...{ gtin: null, serial: null, batch: null, sscc: null },
        ...{ site: finding.site, packs: finding.packs, facts: finding.facts },
      },
    ];
  });
  if (rows.length === 0) return 0;
  const changed = await db
    .insert(traceAlerts)
    .values(rows)
    .onConflictDoUpdate({
      target: traceAlerts.id,
      set: {
        ...{ resolvedAt: sql`excluded.resolved_at`, packs: sql`excluded.packs`, facts: sql`excluded.facts` },
        ...{
          at: sql`excluded.at`,
          channel: sql`excluded.channel`,
          block: sql`excluded.block`,
          place: sql`excluded.place`,
        },
      },
      setWhere: sql`${traceAlerts.resolvedAt} is distinct from excluded.resolved_at or ${traceAlerts.facts} <> excluded.facts`,
    })
    .returning({ id: traceAlerts.id });
  return changed.length;
}

/** Looks once a minute until `signal` aborts; the first time at all that there is. */
export async function runReceiptSweep(portal: Portal, signal: AbortSignal): Promise<void> {
  let since: Date | undefined;
  while (!signal.aborted) {
    try {
      const now = new Date();
      const changed = await sweepReceipts(portal.db, now, since);
      since = new Date(now.getTime() - lookedBackMs);
      if (changed > 0) log().info({ changed }, 'receipts over several chains');
    } catch (error) {
      log().warn({ detail: asAppError(error).detail }, 'receipts could not be looked at');
    }
    await pause(everyMs, signal);
  }
}
