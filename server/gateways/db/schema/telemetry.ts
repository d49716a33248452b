import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { bytes, instant } from './people.ts';

/** Sealed readings on their way from the devices to the ledger, and what the gateway has seen of the devices. */

/** Frames that were acknowledged. What a device sent twice stands here once: by its stream and number. */
export const telemetryFrames = pgTable(
  'telemetry_frames',
  {
    /** In the order of arrival, with gaps. */
    seq: bigserial('seq', { mode: 'number' }).primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    device: text('device').notNull(),
    /** Hex, 16 digits. */
    stream: text('stream').notNull(),
    number: bigint('number', { mode: 'number' }).notNull(),
    generation: integer('generation').notNull(),
    epoch: integer('epoch').notNull(),
    /** `readings`, `hour`, `day` or `alert`. */
    kind: text('kind').notNull(),
    readings: integer('readings').notNull(),
    from: instant('from').notNull(),
    to: instant('to').notNull(),
    /** Hex SHA-256 of the bytes. */
    hash: text('hash').notNull(),
    bytes: bytes('bytes').notNull(),
    receivedAt: instant('received_at').notNull().defaultNow(),
    /** Null until a batch has it. */
    batchId: text('batch_id'),
    /** When the ledger took its batch. */
    anchoredAt: instant('anchored_at'),
    /** Of an alert: its id, level and time until it is escalated. */
    alert: jsonb('alert'),
    /** When the ledger took it, or refused it for good. */
    raisedAt: instant('raised_at'),
  },
  (table) => [
    uniqueIndex('telemetry_frames_once').on(table.device, table.stream, table.number),
    index('telemetry_frames_unraised').on(table.seq).where(sql`${table.kind} = 'alert' and ${table.raisedAt} is null`),
    index('telemetry_frames_patient').on(table.patient, table.kind, table.to),
    index('telemetry_frames_batch').on(table.batchId),
    index('telemetry_frames_waiting').on(table.seq).where(sql`${table.batchId} is null`),
    index('telemetry_frames_kept').on(table.kind, table.anchoredAt),
  ],
);

/** How far each stream of a device was taken: that is how a repeated frame is known after its bytes are gone. */
export const telemetryStreams = pgTable(
  'telemetry_streams',
  {
    device: text('device').notNull(),
    stream: text('stream').notNull(),
    patient: text('patient').notNull(),
    /** Number of its newest frame. */
    last: bigint('last', { mode: 'number' }).notNull(),
    /** Why the ledger takes nothing more of it; the device has to begin another. */
    closed: text('closed'),
  },
  (table) => [primaryKey({ columns: [table.device, table.stream] })],
);

/** Batches on their way to the ledger, and those that it has. */
export const telemetryBatches = pgTable(
  'telemetry_batches',
  {
    id: text('id').primaryKey(),
    /** Those of a stream go to the ledger in this order. */
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    generation: integer('generation').notNull(),
    epoch: integer('epoch').notNull(),
    cid: text('cid').notNull(),
    /** Hex. */
    root: text('root').notNull(),
    frames: integer('frames').notNull(),
    readings: integer('readings').notNull(),
    from: instant('from').notNull(),
    to: instant('to').notNull(),
    /** The contract's `streams`: which numbers of which stream it holds. */
    streams: jsonb('streams').notNull(),
    /** `made`, `stored` (on IPFS), `anchored`, or `refused` by the contract with a code. */
    state: text('state').notNull().default('made'),
    code: text('code'),
    createdAt: instant('created_at').notNull().defaultNow(),
    anchoredAt: instant('anchored_at'),
    /** Of the anchor, once the channel was followed so far. */
    transactionId: text('transaction_id'),
    blockNumber: bigint('block_number', { mode: 'number' }),
  },
  (table) => [
    index('telemetry_batches_patient').on(table.patient, table.from),
    index('telemetry_batches_state').on(table.state, table.seq),
  ],
);

/** What the gateway has seen of a device. */
export const telemetryDevices = pgTable('telemetry_devices', {
  device: text('device').primaryKey(),
  lastSeen: instant('last_seen').notNull(),
  /** From 0 to 1; null where it has none, or has not told. */
  battery: doublePrecision('battery'),
  firmware: text('firmware'),
  /** Frames that wait on the device, as it last told. */
  pending: integer('pending'),
  /** By how many ms its clock is ahead, as last seen, and how often that was more than five minutes. */
  skewMs: bigint('skew_ms', { mode: 'number' }),
  skewed: bigint('skewed', { mode: 'number' }).notNull().default(0),
  frames: bigint('frames', { mode: 'number' }).notNull().default(0),
  readings: bigint('readings', { mode: 'number' }).notNull().default(0),
  bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
});

/** What was refused, by whom it came and why. Whoever is not known counts as `unknown`. */
export const telemetryRefusals = pgTable(
  'telemetry_refusals',
  {
    device: text('device').notNull(),
    code: text('code').notNull(),
    count: bigint('count', { mode: 'number' }).notNull().default(0),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.device, table.code] })],
);
