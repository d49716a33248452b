import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, institutions, people } from './people.ts';

/** Pharmacies that let other pharmacies see, roughly, what they have in stock. A row is the consent; taking it back removes it. */
export const stockSharing = pgTable('stock_sharing', {
  institutionId: text('institution_id')
    .primaryKey()
    .references(() => institutions.id),
  since: instant('since').notNull().defaultNow(),
  /** The admin who said so. */
  by: uuid('by')
    .notNull()
    .references(() => people.id),
});
