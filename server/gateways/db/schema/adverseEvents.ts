import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './people.ts';

/** Read model of reports of adverse events; the care channels are the authority. What they say is encrypted. */
export const adverseReports = pgTable(
  'adverse_reports',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    /** `pt-…` or `prac-…` */
    reporter: text('reporter').notNull(),
    /** The authority. */
    to: text('to').notNull(),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    version: integer('version').notNull(),
    /** The contract's `AdverseReport`, as last read from the ledger. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [
    index('adverse_reports_reporter').on(table.reporter, table.at),
    index('adverse_reports_to').on(table.to, table.state),
  ],
);
