import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';

/** Read model of the formulary and of declared shortages; `registry` is the authority. */

export const formularyEntries = pgTable(
  'formulary_entries',
  {
    /** `national`, or `inst-…` */
    scope: text('scope').notNull(),
    /** `MP-…`, or an ATC code. */
    code: text('code').notNull(),
    state: text('state').notNull(),
    version: integer('version').notNull(),
    /** The contract's `FormularyEntry`, as last read from the ledger. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.code] }), index('formulary_entries_state').on(table.state)],
);

export const shortages = pgTable('shortages', {
  product: text('product').primaryKey(),
  state: text('state').notNull(),
  version: integer('version').notNull(),
  /** The contract's `Shortage`, as last read from the ledger. */
  ledgerState: jsonb('ledger_state').notNull(),
});
