import { and, asc, count, desc, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Portal } from '#server/portal.ts';
import { traceEvents } from '../../gateways/db/schema/trace.ts';
import { EpcisException } from '../api/exception.ts';
import type { FamilyMember } from '../api/operation.ts';
import { fault, paging, whole } from '../api/parameters.ts';
import { context } from '../api/reply.ts';
import type { PartnerClient } from '../client.ts';
import { familyConditions } from './families.ts';
import type { Pager } from './page.ts';
import { conditionsOf, eventShape } from './parameters.ts';
import { visibleTo } from './visibility.ts';

const orders = ['eventTime', 'recordTime'] as const;

/** How results are ordered and bounded. */
const control = {
  orderBy: z.enum(orders).optional().describe('By which time the events are ordered'),
  orderDirection: z.enum(['ASC', 'DESC']).optional().describe('DESC where it is absent'),
  eventCountLimit: whole(1, 1_000_000).optional().describe('Only the first so many; with orderBy'),
  maxEventCount: whole(1, 1_000_000).optional().describe('More events than this are an error'),
};

/** What a named query may say. */
export const querySchema = z.object({ ...eventShape, ...control });
/** What an address of events may say; without the parameter for which its path stands. */
export const eventsQuery = eventsQueryWithout(undefined);

export function eventsQueryWithout(parameter: string | undefined) {
  const left = Object.fromEntries(Object.entries(eventShape).filter(([name]) => name !== parameter));
  return z.object({ ...left, ...control, ...paging });
}
const controls = z.object(control);

export interface Question {
  query: Readonly<Record<string, unknown>>;
  families: readonly FamilyMember[];
}

/** One page of the events that a client sees and asks for, as a query document; with headers where there is more. */
export async function findEvents(
  { db }: Pick<Portal, 'db'>,
  client: PartnerClient,
  { query, families }: Question,
  pager: Pager,
): Promise<{ document: unknown; events: number; headers: Record<string, string> }> {
  const { orderBy, orderDirection, eventCountLimit, maxEventCount } = controls.parse(query);
  if (eventCountLimit !== undefined && maxEventCount !== undefined) {
    throw fault('eventCountLimit', 'stands beside maxEventCount');
  }
  if (eventCountLimit !== undefined && orderBy === undefined) throw fault('eventCountLimit', 'needs orderBy');
  if (orderDirection !== undefined && orderBy === undefined) throw fault('orderDirection', 'needs orderBy');
  const asked = and(visibleTo(client), ...conditionsOf(query), ...familyConditions(families));
  if (maxEventCount !== undefined) await requireAtMost(db, asked, maxEventCount);
  const column = orderBy === 'recordTime' ? traceEvents.recordTime : traceEvents.eventTime;
  const ascending = orderDirection === 'ASC';
  const key = [column, traceEvents.channel, traceEvents.block, traceEvents.place] as const;
  const before = pager.start?.before ?? 0;
  const left = Math.min(pager.perPage, (eventCountLimit ?? Number.POSITIVE_INFINITY) - before);
  const rows = await db
    .select({
      body: traceEvents.body,
      hash: traceEvents.hash,
      recordTime: traceEvents.recordTime,
      // As text, since a JavaScript time would lose what is behind the milliseconds.
      place: sql<
        string[]
      >`array[${column}::text, ${traceEvents.channel}, ${traceEvents.block}::text, ${traceEvents.place}::text]`,
    })
    .from(traceEvents)
    .where(and(asked, pager.start && beyond(column, ascending, pager.start.after)))
    .orderBy(...key.map((part) => (ascending ? asc(part) : desc(part))))
    .limit(left + 1);
  const shown = rows.slice(0, left);
  const after = shown.at(-1)?.place;
  const hasMore = rows.length > left && before + shown.length < (eventCountLimit ?? Number.POSITIVE_INFINITY);
  return {
    document: queryDocument(shown.map(eventOf)),
    events: shown.length,
    headers: after !== undefined && hasMore ? pager.next({ after, before: before + shown.length }) : {},
  };
}

function beyond(column: SQL | typeof traceEvents.eventTime, ascending: boolean, after: readonly string[]): SQL {
  const [at = '', channel = '', block = '', place = ''] = after;
  const operator = ascending ? sql`>` : sql`<`;
  return sql`(${column}, ${traceEvents.channel}, ${traceEvents.block}, ${traceEvents.place})
    ${operator} (${at}::timestamptz, ${channel}::text, ${block}::bigint, ${place}::integer)`;
}

async function requireAtMost(db: Portal['db'], asked: SQL | undefined, most: number): Promise<void> {
  const some = db
    .select({ one: sql`1` })
    .from(traceEvents)
    .where(asked)
    .limit(most + 1)
    .as('some');
  const [found] = await db.select({ events: count() }).from(some);
  if ((found?.events ?? 0) > most) {
    throw new EpcisException('QueryTooLargeException', `There are more than ${most} such events.`);
  }
}

const stored = z.record(z.string(), z.unknown());

/** An event as it is answered: what was captured, when the ledger recorded it, and an id by which it is found. */
function eventOf({ body, hash, recordTime }: { body: unknown; hash: string; recordTime: Date }): unknown {
  const event = stored.parse(body);
  return { ...event, eventID: event.eventID ?? hash, recordTime: recordTime.toISOString() };
}

function queryDocument(eventList: unknown[]): unknown {
  return {
    '@context': [context],
    ...{ type: 'EPCISQueryDocument', schemaVersion: '2.0', creationDate: new Date().toISOString() },
    epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList } } },
  };
}
