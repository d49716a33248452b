import { bigserial, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant, people } from './people.ts';

/** How a person's password is stretched in the browser, and the keyed hash of what the browser then sends. */
export const credentials = pgTable('credentials', {
  personId: uuid('person_id')
    .primaryKey()
    .references(() => people.id),
  salt: text('salt').notNull(),
  stretching: jsonb('stretching').notNull(),
  verifierSalt: bytes('verifier_salt').notNull(),
  verifier: bytes('verifier').notNull(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/** A signed-in browser. The cookie names it; every request looks it up here, so that it can be ended. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    method: text('method').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [index('sessions_person').on(table.personId)],
);

/** Challenges of wallet sign-in, each good for one use. */
export const walletNonces = pgTable('wallet_nonces', {
  nonce: text('nonce').primaryKey(),
  expiresAt: instant('expires_at').notNull(),
});

/** Every attempt to sign in. Accounts and addresses are keyed hashes. */
export const signInAudit = pgTable(
  'sign_in_audit',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull().defaultNow(),
    method: text('method').notNull(),
    outcome: text('outcome').notNull(),
    account: bytes('account').notNull(),
    address: bytes('address').notNull(),
    personId: uuid('person_id').references(() => people.id),
  },
  (table) => [index('sign_in_audit_at').on(table.at)],
);

/** Counters that limit how often something may be tried; shared by all processes. */
export const rateLimits = pgTable('rate_limits', {
  key: text('key').primaryKey(),
  windowStart: instant('window_start').notNull(),
  count: integer('count').notNull(),
});
