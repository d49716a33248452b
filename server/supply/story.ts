import { and, asc, eq, inArray } from 'drizzle-orm';
import type { z } from 'zod';
import { itemUri } from '#epcis/write.ts';
import { identifierOf } from '#gs1/uri.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { traceEventEpcs, traceEvents, traceSites } from '../gateways/db/schema/trace.ts';
import type { Actor } from '../people/schema.ts';
import { readProduct } from '../registry/ledger.ts';
import { institutionNames } from './names.ts';
import { allowLooking } from './policy.ts';
import type { PackStory, StoryStep, somePack } from './schema.ts';

type EventRow = typeof traceEvents.$inferSelect;
/** An event with the EPCs that it names. */
interface Told {
  row: EventRow;
  epcs: { epc: string; role: string }[];
}

const deepestNesting = 4;

/**
 * What is recorded about a pack and, while it was in them, about the cases around it, oldest first. The maker, and who has or had
 * it, may read it; for others there is none. Throws NOT_FOUND.
 */
export async function readStory(
  actor: Actor,
  { gtin, serial }: z.output<typeof somePack>,
  portal: Portal = thePortal(),
): Promise<PackStory> {
  allowLooking(actor);
  const product = await readProduct(portal.ledger, gtin, actor.mspId);
  const [told, nameOf, sites] = await Promise.all([
    follow(portal, product.channel, itemUri({ gtin, serial }), { from: [0, 0], deep: 0 }),
    institutionNames(portal),
    portal.db.select().from(traceSites),
  ]);
  const isParty = told.some(({ row }) => row.outcome === 'accepted' && row.party === actor.institutionId);
  if (told.length === 0 || (actor.role !== 'regulator' && product.maker !== actor.institutionId && !isParty)) {
    throw new AppError('NOT_FOUND', `no story of ${gtin} ${serial} for ${actor.institutionId}`);
  }
  const placeOf = (gln: string | null) => (gln === null ? '' : (sites.find((site) => site.gln === gln)?.name ?? gln));
  // A party is named by the GLN of any of its places.
  const partyOf = (id: string) => nameOf(sites.find((site) => site.gln === id)?.institutionId ?? id);
  return {
    ...{ gtin, serial, product: product.name, channel: product.channel },
    steps: told.map(
      ({ row, epcs }): StoryStep => ({
        ...{
          hash: row.hash,
          undone: row.declaration,
          type: row.type,
          step: row.bizStep ?? '',
          at: row.eventTime.toISOString(),
        },
        ...{
          disposition: row.disposition ?? '',
          place: placeOf(row.bizLocation ?? row.readPoint),
          by: nameOf(row.party),
        },
        ...(row.destination !== null && { to: partyOf(row.destination) }),
        ...(caseOf(epcs) !== undefined && { sscc: caseOf(epcs) }),
        ...(row.outcome === 'refused' && { refused: row.code ?? '' }),
        ...{ block: row.block, transactionId: row.transactionId },
      }),
    ),
  };
}

/** The case that an event is about. */
function caseOf(epcs: Told['epcs']): string | undefined {
  const parent =
    epcs.find(({ role }) => role === 'parent') ?? epcs.find(({ epc }) => identifierOf(epc)?.type === 'sscc');
  const id = parent && identifierOf(parent.epc);
  return id?.type === 'sscc' ? id.key : undefined;
}

type Position = readonly [block: number, place: number];
const before = (a: Position, b: Position) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
const positionOf = ({ row }: Told): Position => [row.block, row.place];

/** Events about a thing from a position on, with those of the cases that it was in, in the channel's order. */
async function follow(
  portal: Portal,
  channel: string,
  epc: string,
  { from, until, deep }: { from: Position; until?: Position; deep: number },
): Promise<Told[]> {
  const within = (event: Told) =>
    !before(positionOf(event), from) && (until === undefined || !before(until, positionOf(event)));
  const all = await eventsOf(portal, channel, epc);
  // What is packed into a case, or taken out of it, is told where it is the thing itself.
  const own = all.filter((event) => within(event) && roleIn(event, epc) !== 'parent');
  if (deep >= deepestNesting) return own;
  const told = new Map(own.map((event) => [positionOf(event).join(), event]));
  for (const [index, entry] of own.entries()) {
    if (!isPacking(entry, 'ADD')) continue;
    const parent = entry.epcs.find(({ role }) => role === 'parent')?.epc;
    if (parent === undefined) continue;
    const out = own.slice(index + 1).find((event) => isPacking(event, 'DELETE'));
    const emptied = (await eventsOf(portal, channel, parent)).find(
      (event) =>
        isPacking(event, 'DELETE') &&
        before(positionOf(entry), positionOf(event)) &&
        event.epcs.every(({ role }) => role !== 'child'),
    );
    const ends = [out, emptied]
      .filter((event) => event !== undefined)
      .sort((a, b) => (before(positionOf(a), positionOf(b)) ? -1 : 1));
    const [end] = ends;
    if (end !== undefined && end === emptied) told.set(positionOf(end).join(), end);
    const around = await follow(portal, channel, parent, {
      from: positionOf(entry),
      ...(end && { until: positionOf(end) }),
      deep: deep + 1,
    });
    for (const event of around) told.set(positionOf(event).join(), event);
  }
  return [...told.values()].sort((a, b) => (before(positionOf(a), positionOf(b)) ? -1 : 1));
}

const isPacking = ({ row }: Told, action: 'ADD' | 'DELETE') =>
  row.type === 'AggregationEvent' && row.action === action && row.outcome === 'accepted';
const roleIn = ({ epcs }: Told, epc: string) => epcs.find((named) => named.epc === epc)?.role;

async function eventsOf({ db }: Portal, channel: string, epc: string): Promise<Told[]> {
  const named = await db
    .select({ block: traceEventEpcs.block, place: traceEventEpcs.place })
    .from(traceEventEpcs)
    .where(and(eq(traceEventEpcs.epc, epc), eq(traceEventEpcs.channel, channel)));
  if (named.length === 0) return [];
  const isNamed = new Set(named.map(({ block, place }) => `${block},${place}`));
  const blocks = [...new Set(named.map(({ block }) => block))];
  const [rows, epcs] = await Promise.all([
    db
      .select()
      .from(traceEvents)
      .where(and(eq(traceEvents.channel, channel), inArray(traceEvents.block, blocks)))
      .orderBy(asc(traceEvents.block), asc(traceEvents.place)),
    db
      .select()
      .from(traceEventEpcs)
      .where(
        and(
          eq(traceEventEpcs.channel, channel),
          inArray(traceEventEpcs.block, blocks),
          inArray(traceEventEpcs.role, ['parent', 'child', 'epc']),
        ),
      ),
  ]);
  return rows
    .filter(({ block, place }) => isNamed.has(`${block},${place}`))
    .map((row) => ({
      row,
      epcs: epcs.filter((each) => each.block === row.block && each.place === row.place),
    }));
}
