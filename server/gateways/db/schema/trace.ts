import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { instant } from './people.ts';

/**
 * Read model of the supply channels, which are the authority. Every table here is a function of the blocks in order, so that
 * `npm run projections:rebuild` makes the same rows; what people add stands in `triage.ts`.
 */

/** Where something stands on its channel: block, and place among the events of the block. */
const position = {
  channel: text('channel').notNull(),
  block: bigint('block', { mode: 'number' }).notNull(),
  place: integer('place').notNull(),
};

/** EPCIS events as they were captured, accepted or refused; a repetition leaves no second row. */
export const traceEvents = pgTable(
  'trace_event',
  {
    ...position,
    transactionId: text('transaction_id').notNull(),
    /** CBV hash (`ni:///sha-256;…`); an error declaration has that of the event that it declares wrong. */
    hash: text('hash').notNull(),
    declaration: boolean('declaration').notNull().default(false),
    /** `eventID`; one id on several channels is one event, each channel with its own packs. */
    eventId: text('event_id'),
    /** `ObjectEvent` … */
    type: text('type').notNull(),
    /** `ADD`, `OBSERVE`, `DELETE`; null for a TransformationEvent. */
    action: text('action'),
    /** CBV words without prefix: `commissioning`, `in_progress`. */
    bizStep: text('biz_step'),
    disposition: text('disposition'),
    eventTime: instant('event_time').notNull(),
    /** `eventTimeZoneOffset`, for example `+02:00`. */
    zoneOffset: text('zone_offset').notNull(),
    /** Of the transaction. */
    recordTime: instant('record_time').notNull(),
    /** GLN where the id is one, the id otherwise. */
    readPoint: text('read_point'),
    bizLocation: text('biz_location'),
    /** Practitioner or device that signed, and the institution. */
    by: text('by').notNull(),
    party: text('party').notNull(),
    /** To whom it is shipped: institution, or the party's id where none is known by it. */
    destination: text('destination'),
    /** `accepted` or `refused`, then with the contract's code and words. */
    outcome: text('outcome').notNull(),
    code: text('code'),
    detail: text('detail'),
    /** The event as it stands in the transaction. */
    body: jsonb('body').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.channel, table.block, table.place] }),
    index('trace_event_hash').on(table.hash),
    // What is captured again is looked for among these alone.
    index('trace_event_refused').on(table.hash).where(sql`${table.outcome} = 'refused'`),
    index('trace_event_id').on(table.eventId),
    index('trace_event_time').on(table.eventTime),
    index('trace_event_recorded').on(table.recordTime),
    index('trace_event_party').on(table.party, table.eventTime),
  ],
);

/** What each event names. */
export const traceEventEpcs = pgTable(
  'trace_event_epc',
  {
    ...position,
    /** Canonical Digital Link of the pack or container, or what stands in the event. */
    epc: text('epc').notNull(),
    /** `epc`, `parent`, `child`, `input`, `output` */
    role: text('role').notNull(),
  },
  (table) => [primaryKey({ columns: [table.epc, table.channel, table.block, table.place, table.role] })],
);

/** Who has it and where, of a pack and of a container alike; while `parent` is set, that of the outermost container holds. */
const custody = {
  channel: text('channel').notNull(),
  /** `inst-…` */
  holder: text('holder').notNull(),
  /** GLN; null where no event said a place. */
  site: text('site'),
  /** SSCC */
  parent: text('parent'),
  /** Institution to which it is on its way, and the key of the shipment (`trace_shipment`). */
  shippedTo: text('shipped_to'),
  shipment: text('shipment'),
  /** Where and when somebody saw it last, by the times that the events tell. */
  seenSite: text('seen_site'),
  seenAt: instant('seen_at'),
};

export const tracePacks = pgTable(
  'trace_pack',
  {
    gtin: text('gtin').notNull(),
    serial: text('serial').notNull(),
    batch: text('batch').notNull(),
    /** `2027-06-30` */
    expiry: date('expiry', { mode: 'string' }).notNull(),
    /** `packStates` of chaincode/model/trace.ts. */
    state: text('state').notNull(),
    ...custody,
    /** Events that told of a temperature out of its product's limits, less those that its containers had had when it came in. */
    excursions: integer('excursions').notNull().default(0),
    /** Day (UTC) on which it was decommissioned or dispensed. */
    leftDay: date('left_day', { mode: 'string' }),
  },
  (table) => [
    primaryKey({ columns: [table.gtin, table.serial] }),
    index('trace_pack_batch').on(table.gtin, table.batch),
    index('trace_pack_parent').on(table.parent),
  ],
);

/** A container is on each channel that has packs in it. */
export const traceContainers = pgTable(
  'trace_container',
  {
    sscc: text('sscc').notNull(),
    state: text('state').notNull(),
    ...custody,
    /** The outermost container around it; itself where there is none. */
    root: text('root').notNull(),
    /** `<gtin>|<batch>|<state>` → packs, at any depth. */
    contents: jsonb('contents').$type<Record<string, number>>().notNull(),
    /** GTIN → events out of that product's limits, less those of the containers around it when it came in. */
    excursions: jsonb('excursions').$type<Record<string, number>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sscc, table.channel] }),
    index('trace_container_parent').on(table.parent),
    index('trace_container_root').on(table.root),
  ],
);

/** Products as `registry` has them. */
export const traceProducts = pgTable(
  'trace_product',
  {
    gtin: text('gtin').primaryKey(),
    name: text('name').notNull(),
    /** `inst-…` */
    maker: text('maker').notNull(),
    channel: text('channel').notNull(),
    minCelsius: doublePrecision('min_celsius'),
    maxCelsius: doublePrecision('max_celsius'),
  },
  (table) => [index('trace_product_maker').on(table.maker)],
);

/** Places as `registry` has them. */
export const traceSites = pgTable(
  'trace_site',
  {
    gln: text('gln').primaryKey(),
    institutionId: text('institution_id').notNull(),
    name: text('name').notNull(),
    latitude: doublePrecision('latitude').notNull(),
    longitude: doublePrecision('longitude').notNull(),
  },
  (table) => [index('trace_site_institution').on(table.institutionId)],
);

export const traceBatches = pgTable(
  'trace_batch',
  {
    gtin: text('gtin').notNull(),
    batch: text('batch').notNull(),
    channel: text('channel').notNull(),
    expiry: date('expiry', { mode: 'string' }).notNull(),
    packs: integer('packs').notNull(),
    /** Of the first pack. */
    madeAt: instant('made_at').notNull(),
    madeSite: text('made_site'),
  },
  (table) => [primaryKey({ columns: [table.gtin, table.batch] })],
);

export const traceRecalls = pgTable(
  'trace_recall',
  {
    id: text('id').primaryKey(),
    gtin: text('gtin').notNull(),
    channel: text('channel').notNull(),
    batches: jsonb('batches').$type<string[]>(),
    serials: jsonb('serials').$type<{ from: string; to: string }[]>(),
    reason: text('reason').notNull(),
    level: text('level').notNull(),
    by: text('by').notNull(),
    party: text('party').notNull(),
    startedAt: instant('started_at').notNull(),
    startedBlock: bigint('started_block', { mode: 'number' }).notNull(),
    transactionId: text('transaction_id').notNull(),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
  },
  (table) => [index('trace_recall_gtin').on(table.gtin)],
);

/** How many packs are where, in which state; `transit`: active and on the way from that site. */
export const traceStock = pgTable(
  'trace_stock',
  {
    holder: text('holder').notNull(),
    /** GLN; empty where no event said a place. */
    site: text('site').notNull(),
    gtin: text('gtin').notNull(),
    batch: text('batch').notNull(),
    state: text('state').notNull(),
    packs: integer('packs').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.holder, table.site, table.gtin, table.batch, table.state] }),
    index('trace_stock_batch').on(table.gtin, table.batch),
    index('trace_stock_site').on(table.site, table.gtin),
    // What came to nothing is taken away after each block.
    index('trace_stock_none').on(table.packs).where(sql`${table.packs} = 0`),
  ],
);

/** Packs of a product by state, over all places: the sums of `trace_stock`. */
export const traceTotals = pgTable(
  'trace_total',
  {
    gtin: text('gtin').notNull(),
    state: text('state').notNull(),
    packs: bigint('packs', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.gtin, table.state] })],
);

/** Packs that went from place to place on a day (UTC, by the events' own times). Empty: the place where packs begin or end. */
export const traceFlows = pgTable(
  'trace_flow',
  {
    day: date('day', { mode: 'string' }).notNull(),
    gtin: text('gtin').notNull(),
    /** `make`, `move`, `dispense` (taken out of stock for a patient), `lose` (destroyed, stolen, used up) */
    kind: text('kind').notNull(),
    fromSite: text('from_site').notNull(),
    toSite: text('to_site').notNull(),
    packs: integer('packs').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.day, table.gtin, table.kind, table.fromSite, table.toSite] }),
    index('trace_flow_history').on(table.fromSite, table.gtin, table.kind, table.day),
  ],
);

/** Events and packs a day by place, step and outcome: how many of the dispensings tried were found in order. */
export const traceSteps = pgTable(
  'trace_step',
  {
    day: date('day', { mode: 'string' }).notNull(),
    /** Empty where an event names no product. */
    gtin: text('gtin').notNull(),
    /** GLN; empty where the event said no place. */
    site: text('site').notNull().default(''),
    step: text('step').notNull(),
    outcome: text('outcome').notNull(),
    events: integer('events').notNull(),
    packs: integer('packs').notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.gtin, table.site, table.step, table.outcome] })],
);

/** One shipping event on one channel; shipments of several chains share `shipment`. */
export const traceShipments = pgTable(
  'trace_shipment',
  {
    /** The event's id, or its hash where it has none. */
    shipment: text('shipment').notNull(),
    channel: text('channel').notNull(),
    fromSite: text('from_site').notNull(),
    fromParty: text('from_party').notNull(),
    toParty: text('to_party').notNull(),
    /** What the event names: packs, containers. */
    items: integer('items').notNull(),
    received: integer('received').notNull(),
    packs: integer('packs').notNull(),
    sentAt: instant('sent_at').notNull(),
    /** Record time of the last receipt. */
    receivedAt: instant('received_at'),
  },
  (table) => [
    primaryKey({ columns: [table.shipment, table.channel] }),
    index('trace_shipment_to').on(table.toParty, table.sentAt),
    index('trace_shipment_from').on(table.fromParty, table.sentAt),
  ],
);

/** Alerts that rules raise (`server/trace/alerts`); the same events raise the same alerts, with the same ids. */
export const traceAlerts = pgTable(
  'trace_alert',
  {
    /** First half of the hex SHA-256 of rule and what it is about. */
    id: text('id').primaryKey(),
    rule: text('rule').notNull(),
    /** `critical`, `serious`, `notice` */
    level: text('level').notNull(),
    ...position,
    /** Record time, to the millisecond as the pages' cursors have it. */
    at: timestamp('at', { withTimezone: true, precision: 3 }).notNull(),
    gtin: text('gtin'),
    serial: text('serial'),
    batch: text('batch'),
    sscc: text('sscc'),
    site: text('site'),
    party: text('party').notNull(),
    packs: integer('packs').notNull(),
    /** What the words on the screen need, by rule. */
    facts: jsonb('facts').$type<Record<string, string | number>>().notNull(),
    /** When what it tells of was put right by itself, as a receipt completed. */
    resolvedAt: instant('resolved_at'),
  },
  (table) => [
    index('trace_alert_at').on(table.at, table.id),
    index('trace_alert_rule').on(table.rule, table.at),
    index('trace_alert_pack').on(table.gtin, table.serial),
  ],
);
