import { and, asc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import { canonicalUri } from '#gs1/uri.ts';
import type { Database } from '../../gateways/db/database.ts';
import { traceEventEpcs, traceEvents } from '../../gateways/db/schema/trace.ts';

const { body: _, ...columns } = getTableColumns(traceEvents);

export interface Told {
  event: Omit<typeof traceEvents.$inferSelect, 'body'>;
  /** Container that the event names instead of the thing itself, by its EPC; null where it names the thing. */
  through: string | null;
}

interface Row {
  event: Told['event'];
  epc: string;
  role: string;
  /** Of an AggregationEvent. */
  parent: string | null;
  children: number;
}

/** So many containers around each other are looked through, as the contract allows. */
const mostLevels = 4;
const mostEvents = 5_000;

/** Events that name a thing, or a container while the thing was in it, in the order of the ledger. */
export async function eventsAbout(db: Database, epc: string): Promise<Told[]> {
  const rows: Row[] = [];
  const read = new Set<string>();
  for (let level = 0, next = [epc]; level <= mostLevels && next.length > 0; level += 1) {
    for (const one of next) read.add(one);
    const found = await eventsNaming(db, next);
    rows.push(...found);
    const parents = found.flatMap((row) => (isAdded(row) && row.role === 'child' ? (row.parent ?? []) : []));
    next = [...new Set(parents)].filter((one) => !read.has(one));
  }
  rows.sort((a, b) => orderOf(a) - orderOf(b) || a.event.channel.localeCompare(b.event.channel));
  return chain(rows, epc);
}

const orderOf = (row: Row) => row.event.block * 1_000_000 + row.event.place;
const isAdded = ({ event }: Row) =>
  event.type === 'AggregationEvent' && event.action === 'ADD' && event.outcome === 'accepted';
const isTakenOut = ({ event }: Row) =>
  event.type === 'AggregationEvent' && event.action === 'DELETE' && event.outcome === 'accepted';

async function eventsNaming(db: Database, epcs: string[]): Promise<Row[]> {
  const [e, n] = [traceEvents, traceEventEpcs];
  const rows = await db
    .select({
      event: columns,
      ...{ epc: n.epc, role: n.role },
      parent: sql<string | null>`${e.body} ->> 'parentID'`,
      children: sql<number>`coalesce(jsonb_array_length(${e.body} -> 'childEPCs'), 0)`.mapWith(Number),
    })
    .from(n)
    .innerJoin(e, and(eq(e.channel, n.channel), eq(e.block, n.block), eq(e.place, n.place)))
    .where(inArray(n.epc, epcs))
    .orderBy(asc(n.block), asc(n.place))
    .limit(mostEvents);
  return rows.map((row) => ({ ...row, parent: row.parent === null ? null : canonicalUri(row.parent) }));
}

/** Follows a thing through the containers that it was in, event by event. */
function chain(rows: Row[], epc: string): Told[] {
  const parents = new Map<string, string>();
  const told: Told[] = [];
  const isIn = (one: string): boolean => {
    for (let at: string | undefined = epc, steps = 0; at !== undefined && steps <= mostLevels; steps += 1) {
      if (at === one) return true;
      at = parents.get(at);
    }
    return false;
  };
  const events = Map.groupBy(rows, (row) => `${row.event.channel}|${orderOf(row)}`);
  for (const named of events.values()) {
    const [first] = named;
    if (first === undefined) continue;
    // What others are put into a container, or taken out of it, is their story.
    const before = named.filter((row) => isIn(row.epc) && (row.role !== 'parent' || row.children === 0));
    for (const row of named) {
      if (row.role === 'child' && isAdded(row) && row.parent !== null) parents.set(row.epc, row.parent);
      if (row.role === 'child' && isTakenOut(row)) parents.delete(row.epc);
    }
    if (isTakenOut(first) && first.children === 0)
      for (const [child, parent] of parents) if (parent === first.parent) parents.delete(child);
    if (before.length === 0) continue;
    const own = before.some((row) => row.epc === epc);
    told.push({ event: first.event, through: own ? null : (before[0]?.epc ?? null) });
  }
  return told;
}
