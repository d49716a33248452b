import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, people } from './people.ts';

/** What people decide about alerts, and the views that they keep. Not a read model: no rebuild touches it. */

export const traceTriage = pgTable('trace_triage', {
  /** Of `trace_alert`, whose row may be away while it is rebuilt. */
  alertId: text('alert_id').primaryKey(),
  state: text('state').notNull(),
  /** When a person determined that it is illegitimate; the notice is due 24 hours later. */
  determinedAt: instant('determined_at'),
  reportedAt: instant('reported_at'),
  closedAt: instant('closed_at'),
  updatedAt: instant('updated_at').notNull(),
  version: integer('version').notNull(),
});

/** Every step and every note, kept as it was. */
export const traceAlertNotes = pgTable(
  'trace_alert_note',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    alertId: text('alert_id').notNull(),
    /** State that it led to; null for a note alone. */
    state: text('state'),
    text: text('text').notNull(),
    by: uuid('by')
      .notNull()
      .references(() => people.id),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [index('trace_alert_note_alert').on(table.alertId, table.at)],
);

/** A page with its filters, kept under a name by a person. */
export const savedViews = pgTable(
  'saved_view',
  {
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    page: text('page').notNull(),
    name: text('name').notNull(),
    /** Query string of the page, without `?`. */
    query: text('query').notNull(),
    savedAt: instant('saved_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.personId, table.page, table.name] })],
);
