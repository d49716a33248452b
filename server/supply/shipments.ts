import { and, desc, eq, gte, or } from 'drizzle-orm';
import { identifierOf } from '#gs1/uri.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { traceEventEpcs, traceEvents, traceShipments, traceSites } from '../gateways/db/schema/trace.ts';
import type { Actor } from '../people/schema.ts';
import { lookUpAll } from './looking.ts';
import { institutionNames } from './names.ts';
import { ownHouse } from './policy.ts';
import { type DeliveryView, type Item, itemKey, type ShipmentView } from './schema.ts';

const longestList = 200;
/** Older shipments are history. */
const dayMs = 86_400_000;
const shownDays = 180;

type Row = typeof traceShipments.$inferSelect;

/** Shipments to the actor's institution that have not arrived whole, the oldest first. */
export async function listArriving(actor: Actor, portal: Portal = thePortal()): Promise<ShipmentView[]> {
  const house = ownHouse(actor);
  const shipments = await shipmentsOf(portal, eq(traceShipments.toParty, house));
  return shipments.filter(isOpen).reverse();
}

/** What the actor's institution has sent, the newest first, whether or not it has arrived. */
export async function listSent(actor: Actor, portal: Portal = thePortal()): Promise<ShipmentView[]> {
  return shipmentsOf(portal, eq(traceShipments.fromParty, ownHouse(actor)));
}

export const isOpen = ({ received, items }: ShipmentView): boolean => received < items;

/** One shipment to the actor's institution, with what should be in it as the ledgers have it now. Throws NOT_FOUND. */
export async function readDelivery(
  actor: Actor,
  { shipment }: { shipment: string },
  portal: Portal = thePortal(),
): Promise<DeliveryView> {
  const house = ownHouse(actor);
  const [view] = await shipmentsOf(
    portal,
    and(eq(traceShipments.shipment, shipment), eq(traceShipments.toParty, house)),
  );
  if (view === undefined) throw new AppError('NOT_FOUND', `no shipment ${shipment} to ${house}`);
  const named = await portal.db
    .selectDistinct({ epc: traceEventEpcs.epc })
    .from(traceEvents)
    .innerJoin(
      traceEventEpcs,
      and(
        eq(traceEventEpcs.channel, traceEvents.channel),
        eq(traceEventEpcs.block, traceEvents.block),
        eq(traceEventEpcs.place, traceEvents.place),
      ),
    )
    .where(
      and(
        or(eq(traceEvents.eventId, shipment), eq(traceEvents.hash, shipment)),
        eq(traceEvents.bizStep, 'shipping'),
        eq(traceEvents.outcome, 'accepted'),
      ),
    );
  const items = new Map(named.flatMap(({ epc }) => itemOf(epc) ?? []).map((item) => [itemKey(item), item]));
  return { ...view, expected: await lookUpAll(actor, [...items.values()], portal) };
}

function itemOf(epc: string): Item | undefined {
  const id = identifierOf(epc);
  if (id?.type === 'sgtin') return { kind: 'pack', gtin: id.key, serial: id.part };
  return id?.type === 'sscc' ? { kind: 'container', sscc: id.key } : undefined;
}

/** Shipments with those of several chains put together, the newest first. */
async function shipmentsOf(portal: Portal, condition: ReturnType<typeof and>): Promise<ShipmentView[]> {
  const since = new Date(Date.now() - shownDays * dayMs);
  const [rows, nameOf, sites] = await Promise.all([
    portal.db
      .select()
      .from(traceShipments)
      .where(and(condition, gte(traceShipments.sentAt, since)))
      .orderBy(desc(traceShipments.sentAt))
      .limit(longestList),
    institutionNames(portal),
    portal.db.select({ gln: traceSites.gln, name: traceSites.name }).from(traceSites),
  ]);
  const siteName = (gln: string) => sites.find((site) => site.gln === gln)?.name ?? gln;
  const byId = new Map<string, Row[]>();
  for (const row of rows) byId.set(row.shipment, [...(byId.get(row.shipment) ?? []), row]);
  return [...byId.values()].map((parts) => together(parts, nameOf, siteName));
}

/** One shipment of its parts: a case that is on several chains has arrived where all of them say so. */
function together(parts: Row[], nameOf: (id: string) => string, siteName: (gln: string) => string): ShipmentView {
  const [first] = parts;
  if (first === undefined) throw new Error('a shipment without a part');
  const sum = (of: (row: Row) => number) => parts.reduce((total, row) => total + of(row), 0);
  const last = parts.map(({ receivedAt }) => receivedAt).filter((at) => at !== null);
  return {
    shipment: first.shipment,
    channels: parts.map(({ channel }) => channel),
    from: nameOf(first.fromParty),
    fromSite: siteName(first.fromSite),
    to: nameOf(first.toParty),
    items: sum(({ items }) => items),
    received: sum(({ received }) => received),
    packs: sum(({ packs }) => packs),
    sentAt: first.sentAt.toISOString(),
    partial: parts.some(({ received }) => received > 0) && parts.some(({ items, received }) => received < items),
    ...(last.length > 0 && { receivedAt: new Date(Math.max(...last.map(Number))).toISOString() }),
  };
}
