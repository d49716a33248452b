import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant, people } from './people.ts';

/**
 * Outbox of flows over several ledgers. A row holds public parts of the intent, ciphertext and a packet that only the
 * person can open; never a wrap, a release share or an access code.
 */
export const sagas = pgTable(
  'sagas',
  {
    id: uuid('id').primaryKey(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    kind: text('kind').notNull(),
    /** The prescription it is about. */
    subject: text('subject').notNull(),
    channel: text('channel').notNull(),
    /** What makes a repeated attempt the same flow, for example `issue:rx-0-…`. */
    businessKey: text('business_key').notNull(),
    state: text('state').notNull(),
    /** Public part of the intent. */
    intent: jsonb('intent').notNull(),
    envelope: bytes('envelope'),
    resumePacket: text('resume_packet'),
    /** The transaction that was submitted last; what is prepared anew changes nothing of it. */
    transactionId: text('transaction_id'),
    /** SHA-256 of the proposal, and of the transaction, that the person was given to sign. */
    proposalHash: bytes('proposal_hash'),
    transactionHash: bytes('transaction_hash'),
    /** Its commit-status request with the person's signature: lets the portal ask for the outcome after a restart. */
    statusRequest: bytes('status_request'),
    statusSignature: bytes('status_signature'),
    blockNumber: bigint('block_number', { mode: 'bigint' }),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    /** When the worker looks at it next; null when there is nothing for it to do. */
    dueAt: instant('due_at'),
    attempts: integer('attempts').notNull().default(0),
  },
  (table) => [
    uniqueIndex('sagas_open').on(table.businessKey).where(sql`${table.state} in ('running', 'waiting')`),
    index('sagas_person').on(table.personId, table.createdAt),
    index('sagas_due').on(table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

export const sagaSteps = pgTable(
  'saga_steps',
  {
    sagaId: uuid('saga_id')
      .notNull()
      .references(() => sagas.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    name: text('name').notNull(),
    state: text('state').notNull(),
    at: instant('at'),
    proof: text('proof'),
    error: text('error'),
  },
  (table) => [primaryKey({ columns: [table.sagaId, table.name] })],
);
