import { and, asc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { writeDigitalLink } from '#gs1/digitalLink.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import {
  traceAlerts,
  traceContainers,
  tracePacks,
  traceProducts,
  traceRecalls,
} from '../../gateways/db/schema/trace.ts';
import { traceTriage } from '../../gateways/db/schema/triage.ts';
import type { Actor } from '../../people/schema.ts';
import { placeOf } from '../../supplyIndexer/fact.ts';
import type { PackStory, StoryEvent, somePack } from '../schema.ts';
import { alertsInScope, alertViews } from './alerts.ts';
import { partyNames, placesOf, unknownPlace } from './places.ts';
import { recallViews } from './recalls.ts';
import { type Scope, scopeOf } from './scope.ts';
import { eventsAbout, type Told } from './through.ts';

type PackRow = typeof tracePacks.$inferSelect;
type ContainerRow = typeof traceContainers.$inferSelect;

/**
 * All that was captured about a pack, while it was in containers what was captured about these, in the order of the ledger;
 * also of a number that nobody commissioned. For the authority, the maker, and who has or had it; for whoever only tried something
 * with it, as with a copy, there is none. Throws FORBIDDEN, NOT_FOUND.
 */
export async function packStory(
  actor: Actor,
  { gtin, serial }: z.output<typeof somePack>,
  portal: Portal = thePortal(),
): Promise<PackStory> {
  const { db } = portal;
  const scope = scopeOf(actor);
  const epc = writeDigitalLink({ type: 'sgtin', key: gtin, part: serial });
  const [[product], [pack], told] = await Promise.all([
    db.select().from(traceProducts).where(eq(traceProducts.gtin, gtin)),
    db
      .select()
      .from(tracePacks)
      .where(and(eq(tracePacks.gtin, gtin), eq(tracePacks.serial, serial))),
    eventsAbout(db, epc),
  ]);
  if (pack === undefined && told.length === 0) throw new AppError('NOT_FOUND', `${gtin} ${serial}`);
  const around = pack === undefined ? [] : await containersAround(db, pack);
  const custody = around.at(-1) ?? pack;
  if (scope !== 'all') {
    const had = told.flatMap(({ event }) => (event.outcome === 'accepted' ? event.party : []));
    if (![product?.maker, custody?.holder, custody?.shippedTo, ...had].includes(scope.institutionId)) {
      throw new AppError('NOT_FOUND', `no story of ${gtin} ${serial} for ${scope.institutionId}`);
    }
  }
  const [recalls, alerts] = await Promise.all([
    db.select().from(traceRecalls).where(eq(traceRecalls.gtin, gtin)).orderBy(asc(traceRecalls.startedAt)),
    alertsAbout(db, scope, { gtin, serial, told }),
  ]);
  const glns = [
    ...told.map(({ event }) => placeOf(event)),
    ...told.map(({ event }) => event.destination),
    custody?.site,
  ];
  const places = await placesOf(
    portal,
    glns.flatMap((gln) => gln ?? []),
  );
  const party = await partyNames(portal, [
    ...told.map(({ event }) => event.party),
    ...[product?.maker, custody?.holder, custody?.shippedTo].flatMap((id) => id ?? []),
  ]);
  const place = (gln: string | null | undefined) => (gln ? (places.get(gln) ?? unknownPlace(gln)) : null);
  return {
    ...{ gtin, serial },
    product: product === undefined ? null : { name: product.name, maker: party(product.maker) },
    pack:
      pack === undefined || custody === undefined
        ? null
        : {
            ...{ batch: pack.batch, expiry: pack.expiry, holder: party(custody.holder), place: place(custody.site) },
            state:
              pack.state === 'active'
                ? (around.find(({ state }) => state !== 'active')?.state ?? 'active')
                : pack.state,
            shippedTo: custody.shippedTo === null ? null : party(custody.shippedTo),
            containers: around.map(({ sscc }) => sscc),
            excursions: around.reduce((total, { excursions }) => total + (excursions[gtin] ?? 0), pack.excursions),
          },
    events: told.map((one) => eventView(one, party, place)),
    recalls: await recallViews(
      portal,
      recalls.filter(
        ({ batches, serials }) =>
          pack === undefined ||
          ((batches?.includes(pack.batch) ?? true) && (serials?.some((range) => isWithin(serial, range)) ?? true)),
      ),
    ),
    alerts: await alertViews(portal, alerts),
  };
}

const isWithin = (serial: string, { from, to }: { from: string; to: string }) =>
  serial.length === from.length && from <= serial && serial <= to;

/** The containers around a pack, the innermost first. */
async function containersAround(db: Portal['db'], pack: PackRow): Promise<ContainerRow[]> {
  if (pack.parent === null) return [];
  const c = traceContainers;
  const root = db
    .select({ root: c.root })
    .from(c)
    .where(and(eq(c.sscc, pack.parent), eq(c.channel, pack.channel)));
  const rows = await db
    .select()
    .from(c)
    .where(and(eq(c.channel, pack.channel), inArray(c.root, root)));
  const bySscc = new Map(rows.map((row) => [row.sscc, row]));
  const list: ContainerRow[] = [];
  for (let at: string | null = pack.parent; at !== null && list.length < rows.length; ) {
    const row: ContainerRow | undefined = bySscc.get(at);
    if (row === undefined) break;
    list.push(row);
    at = row.parent;
  }
  return list;
}

/** Alerts about the pack itself, and those that its events have raised, as far as the reader is told of them. */
async function alertsAbout(
  db: Portal['db'],
  scope: Scope,
  { gtin, serial, told }: { gtin: string; serial: string; told: Told[] },
) {
  const a = traceAlerts;
  const raised = told.map(
    ({ event: { channel, block, place } }): SQL => sql`(${channel}, ${block}::bigint, ${place}::int)`,
  );
  const byEvent =
    raised.length === 0 ? undefined : sql`(${a.channel}, ${a.block}, ${a.place}) in (${sql.join(raised, sql`, `)})`;
  return db
    .select({ alert: a, triage: traceTriage })
    .from(a)
    .leftJoin(traceTriage, eq(traceTriage.alertId, a.id))
    .where(and(or(and(eq(a.gtin, gtin), eq(a.serial, serial)), byEvent), alertsInScope(db, scope)))
    .orderBy(asc(a.at), asc(a.rule));
}

function eventView(
  { event, through }: Told,
  party: (id: string) => { id: string; name: string },
  place: (gln: string | null) => StoryEvent['place'],
): StoryEvent {
  const { zoneOffset, type, action, bizStep, disposition, outcome, code, detail, declaration, by } = event;
  const { channel, block, transactionId, hash, destination } = event;
  const to = place(destination);
  return {
    ...{ zoneOffset, type, action, bizStep, disposition, outcome, code, detail, declaration, by },
    ...{ channel, block, transactionId, hash, through },
    ...{ at: event.eventTime.toISOString(), recordedAt: event.recordTime.toISOString() },
    ...{ party: party(event.party), place: place(placeOf(event)) },
    destination: destination === null ? null : to?.institution.id ? to.institution : party(destination),
  };
}
