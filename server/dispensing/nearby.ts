import { and, eq, gte, inArray, isNull, sum } from 'drizzle-orm';
import type { z } from 'zod';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { stockSharing } from '../gateways/db/schema/nearby.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import { traceBatches, traceRecalls, traceSites, traceStock } from '../gateways/db/schema/trace.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { distanceBetween } from '../trace/distance.ts';
import { allowDispensing, ownPharmacyOf } from './policy.ts';
import type {
  findNearby as asking,
  NearbyPharmacy,
  StockLevel,
  StockSharing,
  setStockSharing as setting,
} from './schema.ts';

/** So that nobody writes down a competitor's stock day by day; a counter at work asks far less. */
const questions = { max: 60, windowSeconds: 3_600 };
/** From so many packs on it is `yes`; below, `few`. Numbers leave this function only as these words. */
const plenty = 5;

/**
 * Pharmacies with what they say of packs of these GTINs, nearest first: active ones that may leave the pharmacy today. Only who
 * lets others see its own stock sees theirs. The question names no prescription.
 */
export async function findNearby(
  actor: Actor,
  { gtins, from }: z.output<typeof asking>,
  portal: Portal = thePortal(),
  now = new Date(),
): Promise<NearbyPharmacy[]> {
  allowDispensing(actor);
  await countAttempt(portal.db, `nearby:${actor.personId}`, questions);
  const { db } = portal;
  const [houses, sharing, sites] = await Promise.all([
    db
      .select({ id: institutions.id, name: institutions.name, place: institutions.place })
      .from(institutions)
      .where(and(eq(institutions.kind, 'pharmacy'), eq(institutions.status, 'active'))),
    db.select({ id: stockSharing.institutionId }).from(stockSharing),
    db.select().from(traceSites),
  ]);
  const told = new Set(sharing.map(({ id }) => id));
  const mayAsk = actor.institutionId !== null && told.has(actor.institutionId);
  const asked = mayAsk ? houses.filter(({ id }) => told.has(id)).map(({ id }) => id) : [];
  const packs = await usablePacks(portal, asked, gtins, now);
  const here = sites.find(({ gln, institutionId }) => gln === from && institutionId === actor.institutionId);
  return houses
    .filter(({ id }) => id !== actor.institutionId)
    .map(({ id, name, place }): NearbyPharmacy => {
      const kilometres =
        here &&
        nearest(
          here,
          sites.filter(({ institutionId }) => institutionId === id),
        );
      return {
        ...{ institutionId: id, name, place },
        stock: asked.includes(id) ? levelOf(packs.get(id) ?? 0) : 'untold',
        ...(kilometres !== undefined && { kilometres }),
      };
    })
    .sort(
      (one, other) =>
        (one.kilometres ?? Number.POSITIVE_INFINITY) - (other.kilometres ?? Number.POSITIVE_INFINITY) ||
        one.name.localeCompare(other.name),
    );
}

/** Packs by pharmacy that are active, of no recalled batch, and not expired. */
async function usablePacks(
  { db }: Portal,
  holders: string[],
  gtins: string[],
  now: Date,
): Promise<Map<string, number>> {
  if (holders.length === 0) return new Map();
  const [rows, recalls] = await Promise.all([
    db
      .select({
        ...{ holder: traceStock.holder, gtin: traceStock.gtin, batch: traceStock.batch },
        packs: sum(traceStock.packs).mapWith(Number),
      })
      .from(traceStock)
      .innerJoin(traceBatches, and(eq(traceBatches.gtin, traceStock.gtin), eq(traceBatches.batch, traceStock.batch)))
      .where(
        and(
          inArray(traceStock.holder, holders),
          inArray(traceStock.gtin, gtins),
          eq(traceStock.state, 'active'),
          gte(traceBatches.expiry, now.toISOString().slice(0, 10)),
        ),
      )
      .groupBy(traceStock.holder, traceStock.gtin, traceStock.batch),
    db
      .select()
      .from(traceRecalls)
      .where(and(inArray(traceRecalls.gtin, gtins), isNull(traceRecalls.endedAt))),
  ]);
  const packs = new Map<string, number>();
  for (const { holder, gtin, batch, packs: count } of rows) {
    const isRecalled = recalls.some((recall) => recall.gtin === gtin && (recall.batches?.includes(batch) ?? true));
    if (!isRecalled) packs.set(holder, (packs.get(holder) ?? 0) + count);
  }
  return packs;
}

const levelOf = (packs: number): StockLevel => (packs >= plenty ? 'yes' : packs > 0 ? 'few' : 'none');

type Place = { latitude: number; longitude: number };

/** Whole kilometres to the nearest of several places. */
function nearest(here: Place, places: Place[]): number | undefined {
  const distances = places.map((place) => Math.round(distanceBetween(here, place)));
  return distances.length === 0 ? undefined : Math.min(...distances);
}

/** Whether the actor's pharmacy lets others see its stock roughly. Throws FORBIDDEN for everybody but its admin. */
export async function readStockSharing(actor: Actor, portal: Portal = thePortal()): Promise<StockSharing> {
  const institutionId = await ownPharmacyOf(portal.db, actor);
  const [row] = await portal.db.select().from(stockSharing).where(eq(stockSharing.institutionId, institutionId));
  return row === undefined ? { on: false } : { on: true, since: row.since.toISOString() };
}

/** Begins or ends it. Throws FORBIDDEN. */
export async function setStockSharing(
  actor: Actor,
  { on }: z.output<typeof setting>,
  portal: Portal = thePortal(),
): Promise<void> {
  const institutionId = await ownPharmacyOf(portal.db, actor);
  if (on) {
    await portal.db.insert(stockSharing).values({ institutionId, by: actor.personId }).onConflictDoNothing();
  } else await portal.db.delete(stockSharing).where(eq(stockSharing.institutionId, institutionId));
}
