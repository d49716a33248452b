import { bigint, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './people.ts';
import { sagas } from './sagas.ts';

/**
 * What waits to be brought to Ethereum with what others wait for: tokens that doctors have signed, and prescriptions whose newest
 * state is to be attested. A row goes when it is on the chain, when the chain refuses it, and with its flow.
 */
export const relayQueue = pgTable(
  'relay_queue',
  {
    sagaId: uuid('saga_id')
      .notNull()
      .references(() => sagas.id, { onDelete: 'cascade' }),
    /** `mint` or `state`. */
    kind: text('kind').notNull(),
    /** The prescription. */
    subject: text('subject').notNull(),
    /** Of a mint: Unix seconds after which the signature is void, and the wallet's signature. Both are public once brought. */
    deadline: text('deadline'),
    signature: text('signature'),
    queuedAt: instant('queued_at').notNull().defaultNow(),
    /** What held a state back at its last turn (`heldBack`); it hastens no batch and comes after those that nothing did. */
    held: smallint('held').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.sagaId, table.kind] })],
);

/** By which a state was held back: nothing; no notaries' word, or one that the chain refused; that the chain has no token. */
export const heldBack = { nothing: 0, word: 1, token: 2 } as const;

/**
 * The transaction of an account that is on its way to Ethereum, one for each chain: here before a node has it, and until it has its
 * outcome. It is as public as what it brings.
 */
export const outgoingTransactions = pgTable(
  'outgoing_transactions',
  {
    /** In lower case. */
    account: text('account').notNull(),
    chainId: bigint('chain_id', { mode: 'number' }).notNull(),
    /** Signed, in hex. */
    raw: text('raw').notNull(),
    /** Hashes of those whose place it took. */
    earlier: text('earlier').array().notNull(),
    sentAt: instant('sent_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.chainId] })],
);
