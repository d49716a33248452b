import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './people.ts';

/** Read models of care circles, plans, alerts and devices; the channels are the authority. They hold what everybody there knows. */

export const circleSeats = pgTable(
  'circle_seats',
  {
    patient: text('patient').notNull(),
    /** `dev-…` or `prac-…` */
    subject: text('subject').notNull(),
    channel: text('channel').notNull(),
    kind: text('kind').notNull(),
    state: text('state').notNull(),
    since: instant('since').notNull(),
    until: instant('until'),
    endedAt: instant('ended_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.patient, table.subject] }),
    index('circle_seats_subject').on(table.subject, table.state),
  ],
);

export const circles = pgTable('circles', {
  patient: text('patient').primaryKey(),
  channel: text('channel').notNull(),
  generation: integer('generation').notNull(),
  epoch: integer('epoch').notNull(),
  staleSince: instant('stale_since'),
  version: integer('version').notNull(),
  /** The contract's `Circle`, as last read from the ledger. */
  ledgerState: jsonb('ledger_state').notNull(),
});

export const circleEpochs = pgTable(
  'circle_epochs',
  {
    patient: text('patient').notNull(),
    generation: integer('generation').notNull(),
    epoch: integer('epoch').notNull(),
    /** Block with the commit and the group's public state. */
    cid: text('cid').notNull(),
    contentHash: text('content_hash').notNull(),
    keyCommitment: text('key_commitment').notNull(),
    by: text('by').notNull(),
    since: instant('since').notNull(),
    /** From then on the next epoch counts. */
    until: instant('until'),
    staleSince: instant('stale_since'),
  },
  (table) => [primaryKey({ columns: [table.patient, table.generation, table.epoch] })],
);

export const plans = pgTable('plans', {
  patient: text('patient').primaryKey(),
  channel: text('channel').notNull(),
  version: integer('version').notNull(),
  generation: integer('generation').notNull(),
  epoch: integer('epoch').notNull(),
  cid: text('cid').notNull(),
  at: instant('at').notNull(),
  /** The contract's `Plan`, as last read from the ledger. */
  ledgerState: jsonb('ledger_state').notNull(),
});

/** Blocks of commits and sealed plans that were stored through here; what no ledger names in time goes again. */
export const circleBlocks = pgTable(
  'circle_blocks',
  {
    cid: text('cid').notNull(),
    patient: text('patient').notNull(),
    /** Who brought it: `pt-…`, `prac-…` or `dev-…`. */
    by: text('by').notNull(),
    bytes: integer('bytes').notNull(),
    at: instant('at').notNull().defaultNow(),
    kept: boolean('kept').notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.cid, table.patient] }),
    index('circle_blocks_by').on(table.by, table.at),
    index('circle_blocks_kept').on(table.kept, table.at),
  ],
);

export const alerts = pgTable(
  'alerts',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    device: text('device').notNull(),
    level: text('level').notNull(),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    /** From then on it may be escalated, as long as nobody has acknowledged it. */
    dueAt: instant('due_at').notNull(),
    version: integer('version').notNull(),
    /** The contract's `Alert`, as last read from the ledger. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [index('alerts_patient').on(table.patient, table.at), index('alerts_due').on(table.state, table.dueAt)],
);

/** Devices as `registry` last told of them. */
export const devices = pgTable(
  'devices',
  {
    id: text('id').primaryKey(),
    institutionId: text('institution_id').notNull(),
    mspId: text('msp_id').notNull(),
    model: text('model').notNull(),
    purpose: text('purpose').notNull(),
    status: text('status').notNull(),
    signingKeyHash: text('signing_key_hash').notNull(),
    /** The institution that it is offered to. */
    transferTo: text('transfer_to'),
    version: integer('version').notNull(),
  },
  (table) => [index('devices_institution').on(table.institutionId), index('devices_offered').on(table.transferTo)],
);
