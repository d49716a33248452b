import { and, asc, gt, type SQL, sql } from 'drizzle-orm';
import { writeDigitalLink } from '#gs1/digitalLink.ts';
import { identifier } from '#gs1/identifier.ts';
import type { Portal } from '#server/portal.ts';
import { traceEventEpcs, traceEvents } from '../../gateways/db/schema/trace.ts';
import { EpcisException } from '../api/exception.ts';
import { context } from '../api/reply.ts';
import type { PartnerClient } from '../client.ts';
import type { Pager } from './page.ts';
import { conditionsOf, eventTypes } from './parameters.ts';
import { visibleTo } from './visibility.ts';

/** Top-level resources by which events are found, with the parameter that each stands for. */
export const resources = {
  eventTypes: { id: 'eventType', parameter: 'eventType', summary: 'types of events' },
  epcs: { id: 'epc', parameter: 'MATCH_anyEPC', summary: 'EPCs' },
  bizSteps: { id: 'bizStep', parameter: 'EQ_bizStep', summary: 'business steps' },
  bizLocations: { id: 'bizLocation', parameter: 'EQ_bizLocation', summary: 'places' },
  readPoints: { id: 'readPoint', parameter: 'EQ_readPoint', summary: 'read points' },
  dispositions: { id: 'disposition', parameter: 'EQ_disposition', summary: 'dispositions' },
} as const;
export type ResourceName = keyof typeof resources;

const columns = {
  bizSteps: traceEvents.bizStep,
  bizLocations: traceEvents.bizLocation,
  readPoints: traceEvents.readPoint,
  dispositions: traceEvents.disposition,
} as const;

export const collection = (member: readonly string[]) => ({ '@context': context, type: 'Collection', member });

/** One page of what the events that a client sees name. */
export async function listResource(
  { db }: Pick<Portal, 'db'>,
  client: PartnerClient,
  name: ResourceName,
  pager: Pager,
): Promise<{ member: string[]; headers: Record<string, string> }> {
  if (name === 'eventTypes') return { member: [...eventTypes], headers: {} };
  const value = name === 'epcs' ? traceEventEpcs.epc : columns[name];
  const [after] = pager.start?.after ?? [];
  const beyond = after === undefined ? undefined : gt(value, after);
  const visible = visibleTo(client);
  const found: SQL[] =
    name === 'epcs'
      ? [
          sql`exists (select 1 from ${traceEvents} where ${traceEvents.channel} = ${traceEventEpcs.channel}
            and ${traceEvents.block} = ${traceEventEpcs.block} and ${traceEvents.place} = ${traceEventEpcs.place} and ${visible})`,
        ]
      : [visible, sql`${value} is not null`];
  const rows = await db
    .selectDistinct({ value: sql<string>`${value}` })
    .from(name === 'epcs' ? traceEventEpcs : traceEvents)
    .where(and(beyond, ...found))
    .orderBy(asc(value))
    .limit(pager.perPage + 1);
  const shown = rows.slice(0, pager.perPage).map((row) => row.value);
  const last = shown.at(-1);
  const before = (pager.start?.before ?? 0) + shown.length;
  const isPlace = name === 'bizLocations' || name === 'readPoints';
  return {
    member: isPlace ? shown.map(placeLink) : shown,
    headers: rows.length > shown.length && last !== undefined ? pager.next({ after: [last], before }) : {},
  };
}

/** Throws NoSuchResourceException unless a client sees an event of this. */
export async function requireResource(
  { db }: Pick<Portal, 'db'>,
  client: PartnerClient,
  name: ResourceName,
  value: string,
): Promise<void> {
  const wanted = name === 'eventTypes' ? eventTypes.filter((type) => type === value) : [value];
  const [found] =
    name === 'eventTypes'
      ? wanted
      : await db
          .select({ hash: traceEvents.hash })
          .from(traceEvents)
          .where(and(visibleTo(client), ...conditionsOf({ [resources[name].parameter]: wanted })))
          .limit(1);
  if (found === undefined)
    throw new EpcisException('NoSuchResourceException', `There is no such ${resources[name].id}.`);
}

/** The Digital Link of a place that the read model has by its GLN. */
const placeLink = (place: string): string =>
  /^[0-9]{13}$/.test(place) ? writeDigitalLink(identifier('sgln', place)) : place;
