import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, people } from './people.ts';

/**
 * Dispenses of scanned packs that are under way over two ledgers. Which packs they are stands in the packet, which only its
 * pharmacist can open; the row goes when the dispense is done or taken back.
 */
export const dispensings = pgTable(
  'dispensings',
  {
    /** `disp-…` */
    dispenseId: text('dispense_id').primaryKey(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    prescriptionId: text('prescription_id').notNull(),
    packet: text('packet').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('dispensings_person').on(table.personId)],
);
