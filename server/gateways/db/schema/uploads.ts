import { boolean, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, people } from './people.ts';

/** Encrypted blocks that somebody is sending for a record; they go again unless the ledger names them in time. */
export const uploads = pgTable(
  'uploads',
  {
    id: uuid('id').primaryKey(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    /** Pseudonym. */
    patient: text('patient').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('uploads_person').on(table.personId), index('uploads_expires').on(table.expiresAt)],
);

/** Blocks of ciphertext by whose record they belong to, which says who may read them. */
export const blocks = pgTable(
  'blocks',
  {
    cid: text('cid').notNull(),
    patient: text('patient').notNull(),
    bytes: integer('bytes').notNull(),
    /** The upload that brought it, until a document or index of the ledger names it. */
    uploadId: uuid('upload_id').references(() => uploads.id),
    /** False while it is on its way to the storage: it counts, and is not there yet. */
    stored: boolean('stored').notNull().default(false),
    /** Named by a document or index on the ledger. */
    kept: boolean('kept').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.cid, table.patient] }), index('blocks_upload').on(table.uploadId)],
);
