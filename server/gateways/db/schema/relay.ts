import { pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
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
  },
  (table) => [primaryKey({ columns: [table.sagaId, table.kind] })],
);
