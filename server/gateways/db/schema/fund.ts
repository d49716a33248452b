import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from './people.ts';

/**
 * Who asks the assistance fund for help with which claim: no column says it to who has not the key of personal data. What is granted and
 * paid Ethereum says.
 */
export const assistanceRequests = pgTable(
  'assistance_requests',
  {
    id: text('id').primaryKey(),
    claim: text('claim').notNull().unique(),
    /** Keyed hash of the person's id. */
    ownerIndex: bytes('owner_index').notNull(),
    /** The blinded number by which the fund knows the person: 64 hex digits. */
    beneficiary: text('beneficiary').notNull(),
    ground: text('ground').notNull(),
    /** `asked`, `granted` or `refused`. */
    state: text('state').notNull(),
    askedAt: instant('asked_at').notNull().defaultNow(),
    /** In the coin's minor unit: what is granted. */
    amount: bigint('amount', { mode: 'number' }),
    /** `prac-…` of the officer. */
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    /** Why it is refused. */
    reason: text('reason'),
  },
  (table) => [
    index('assistance_requests_owner').on(table.ownerIndex),
    index('assistance_requests_beneficiary').on(table.beneficiary),
    index('assistance_requests_state').on(table.state, table.askedAt),
  ],
);
