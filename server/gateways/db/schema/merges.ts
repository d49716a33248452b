import { jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, institutions, people } from './people.ts';

/** Two entries of the directory that turned out to be one person, with all that is needed to part them again. */
export const patientMerges = pgTable('patient_merges', {
  id: uuid('id').primaryKey(),
  keptId: uuid('kept_id')
    .notNull()
    .references(() => people.id),
  mergedId: uuid('merged_id')
    .notNull()
    .references(() => people.id),
  institutionId: text('institution_id')
    .notNull()
    .references(() => institutions.id),
  mergedBy: uuid('merged_by')
    .notNull()
    .references(() => people.id),
  at: instant('at').notNull().defaultNow(),
  undoneBy: uuid('undone_by').references(() => people.id),
  undoneAt: instant('undone_at'),
  /** Ids and keyed hashes that were moved; no name. */
  moved: jsonb('moved').notNull(),
});
