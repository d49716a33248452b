import { isNull, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Database } from '../gateways/db/database.ts';
import {
  traceAlerts,
  traceBatches,
  traceContainers,
  traceEventEpcs,
  traceEvents,
  traceFlows,
  tracePacks,
  traceShipments,
  traceSteps,
  traceStock,
  traceTotals,
} from '../gateways/db/schema/trace.ts';
import { adding, insertMany, replacing } from './bulk.ts';
import type { Fact } from './fact.ts';
import type { ContainerRow, PackRow, ShipmentRow, TraceState } from './state.ts';

const doNothing = sql`on conflict do nothing`;
const onConflict = (keys: PgColumn[], set: SQL) =>
  sql`on conflict (${sql.join(
    keys.map(({ name }) => sql.identifier(name)),
    sql`, `,
  )}) do update set ${set}`;

/** Writes events and what they have changed. */
export async function storeState(db: Database, facts: readonly Fact[], state: TraceState): Promise<void> {
  await storeEvents(db, facts);
  await storeThings(db, state);
  await storeFigures(db, state);
  await insertMany(db, traceAlerts, [...state.alerts.values()], doNothing);
  await resolveAlerts(db, state);
}

/** Most ids that are put right are of alerts that nobody has raised: each receipt of a whole shipment names one. */
async function resolveAlerts(db: Database, { resolved }: TraceState): Promise<void> {
  if (resolved.size === 0) return;
  const [ids, times] = [[...resolved.keys()], [...resolved.values()].map((at) => at.toISOString())];
  await db
    .update(traceAlerts)
    .set({ resolvedAt: sql`put_right.at` })
    .from(sql`unnest(${sql.param(ids)}::text[], ${sql.param(times)}::timestamptz[]) as put_right (id, at)`)
    .where(sql`${traceAlerts.id} = put_right.id and ${isNull(traceAlerts.resolvedAt)}`);
}

async function storeEvents(db: Database, facts: readonly Fact[]): Promise<void> {
  await insertMany(db, traceEvents, [...facts], doNothing);
  const epcs = facts.flatMap(({ channel, block, place, named }) => {
    // Once, though the event names it twice: a rebuild has no key on the table before it is full.
    const once = new Map(named.map(({ epc, role }) => [`${role} ${epc}`, { channel, block, place, epc, role }]));
    return [...once.values()];
  });
  await insertMany(db, traceEventEpcs, epcs, doNothing);
}

async function storeThings(db: Database, state: TraceState): Promise<void> {
  const packs: PackRow[] = [];
  const containers: ContainerRow[] = [];
  const shipments: ShipmentRow[] = [];
  for (const row of state.changed) {
    if ('serial' in row) packs.push(row);
    else if ('sscc' in row) containers.push(row);
    else shipments.push(row);
  }
  const t = tracePacks;
  const ofPack = replacing(
    ...[t.state, t.holder, t.site, t.parent, t.shippedTo, t.shipment, t.seenSite, t.seenAt, t.excursions, t.leftDay],
  );
  await insertMany(db, t, packs, onConflict([t.gtin, t.serial], ofPack));
  const c = traceContainers;
  const ofContainer = replacing(
    ...[c.state, c.holder, c.site, c.parent, c.root, c.shippedTo, c.shipment, c.seenSite, c.seenAt],
    ...[c.contents, c.excursions],
  );
  await insertMany(db, c, containers, onConflict([c.sscc, c.channel], ofContainer));
  const s = traceShipments;
  await insertMany(db, s, shipments, onConflict([s.shipment, s.channel], replacing(s.received, s.receivedAt)));
  const b = traceBatches;
  await insertMany(db, b, [...state.batches.values()], onConflict([b.gtin, b.batch], adding(b.packs)));
}

async function storeFigures(db: Database, state: TraceState): Promise<void> {
  const { stock, totals, flows, steps } = state.tally.changes();
  const k = traceStock;
  await insertMany(db, k, stock, onConflict([k.holder, k.site, k.gtin, k.batch, k.state], adding(k.packs)));
  // What is nowhere is no row; a rebuild would have none either.
  await db.delete(k).where(sql`${k.packs} = 0`);
  const t = traceTotals;
  await insertMany(db, t, totals, onConflict([t.gtin, t.state], adding(t.packs)));
  const f = traceFlows;
  await insertMany(db, f, flows, onConflict([f.day, f.gtin, f.kind, f.fromSite, f.toSite], adding(f.packs)));
  const p = traceSteps;
  await insertMany(db, p, steps, onConflict([p.day, p.gtin, p.site, p.step, p.outcome], adding(p.events, p.packs)));
}
