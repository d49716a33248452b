import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './people.ts';

/** Read model of prescriptions; the care channels are the authority. */
export const prescriptions = pgTable(
  'prescriptions',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    author: text('author').notNull(),
    authorInstitution: text('author_institution').notNull(),
    state: text('state').notNull(),
    authoredOn: instant('authored_on').notNull(),
    expires: instant('expires').notNull(),
    holderInstitution: text('holder_institution'),
    version: integer('version').notNull(),
    /** The contract's `Prescription`, as last read from the ledger. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [
    index('prescriptions_patient').on(table.patient, table.authoredOn),
    index('prescriptions_author').on(table.author, table.authoredOn),
    index('prescriptions_holder').on(table.holderInstitution),
  ],
);

/** Requests that a prescription be written anew. */
export const renewals = pgTable(
  'renewals',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    prescription: text('prescription').notNull(),
    patient: text('patient').notNull(),
    author: text('author').notNull(),
    /** Of the pharmacy that asked, where one did. */
    byInstitution: text('by_institution'),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    version: integer('version').notNull(),
    /** The contract's `Renewal`, as last read from the ledger. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [
    index('renewals_patient').on(table.patient, table.at),
    index('renewals_author').on(table.author, table.at),
    index('renewals_institution').on(table.byInstitution, table.at),
  ],
);

/** Prescription tokens as last seen on Ethereum. */
export const tokens = pgTable('tokens', {
  prescriptionId: text('prescription_id').primaryKey(),
  state: text('state').notNull(),
  holder: text('holder').notNull(),
  commitment: text('commitment').notNull(),
  issuer: text('issuer').notNull(),
  transactionHash: text('transaction_hash').notNull(),
  /** Version of the prescription that the last attestation named; 0 after minting. */
  version: integer('version').notNull().default(0),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/** What happened on the channels, one row for each event; nothing clinical, no subject. */
export const ledgerEvents = pgTable(
  'ledger_events',
  {
    channel: text('channel').notNull(),
    blockNumber: bigint('block_number', { mode: 'number' }).notNull(),
    transactionId: text('transaction_id').notNull(),
    contract: text('contract').notNull(),
    /** The function that was called, for example `issue`. */
    change: text('change').notNull(),
    subject: text('subject').notNull(),
    state: text('state').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.channel, table.transactionId] }),
    index('ledger_events_at').on(table.at),
    index('ledger_events_subject').on(table.subject),
  ],
);

/** How far each channel has been followed. */
export const checkpoints = pgTable('checkpoints', {
  channel: text('channel').primaryKey(),
  /** Number of the next block to read, which is the height followed so far. */
  nextBlock: bigint('next_block', { mode: 'number' }).notNull(),
  transactions: bigint('transactions', { mode: 'number' }).notNull().default(0),
  invalid: bigint('invalid', { mode: 'number' }).notNull().default(0),
  /** Milliseconds from the last transaction's own time until it was recorded here. */
  lagMs: integer('lag_ms').notNull().default(0),
  following: boolean('following').notNull().default(false),
  /** Number of blocks as a peer last told it; absent until one has. */
  ledgerHeight: bigint('ledger_height', { mode: 'number' }),
  /** Rises while the channel is followed, with or without blocks. */
  heartbeatAt: instant('heartbeat_at').notNull().defaultNow(),
});

/** What happened on each channel, minute by minute; kept for a week. */
export const channelMinutes = pgTable(
  'channel_minutes',
  {
    channel: text('channel').notNull(),
    minute: instant('minute').notNull(),
    blocks: integer('blocks').notNull().default(0),
    transactions: integer('transactions').notNull().default(0),
    invalid: integer('invalid').notNull().default(0),
    /** Blocks whose delay was measured, and the sum of these delays: from the last transaction's own time until it stood here. */
    delays: integer('delays').notNull().default(0),
    delayMs: bigint('delay_ms', { mode: 'number' }).notNull().default(0),
    /** Questions that a peer answered, the sum of the times that it took, and those that it did not answer. */
    answers: integer('answers').notNull().default(0),
    answerMs: bigint('answer_ms', { mode: 'number' }).notNull().default(0),
    unanswered: integer('unanswered').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.channel, table.minute] }), index('channel_minutes_minute').on(table.minute)],
);

/** Whose peers have endorsed the valid transactions of a channel. */
export const channelEndorsers = pgTable(
  'channel_endorsers',
  {
    channel: text('channel').notNull(),
    mspId: text('msp_id').notNull(),
    transactions: bigint('transactions', { mode: 'number' }).notNull().default(0),
    lastBlock: bigint('last_block', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.channel, table.mspId] })],
);
