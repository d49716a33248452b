import { bigserial, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant, people } from './people.ts';

/** How a password is stretched, and the keyed hash of what then signs in. */
const signInSecret = () => ({
  salt: text('salt').notNull(),
  stretching: jsonb('stretching').notNull(),
  verifierSalt: bytes('verifier_salt').notNull(),
  verifier: bytes('verifier').notNull(),
});

/**
 * How a person's password is stretched in the browser, and keyed hashes of what the browser sends: of the password to
 * sign in, of the recovery phrase to replace the password.
 */
export const credentials = pgTable('credentials', {
  personId: uuid('person_id')
    .primaryKey()
    .references(() => people.id),
  ...signInSecret(),
  /** Null for a phrase from before phrases could replace a password. */
  recoverySalt: bytes('recovery_salt'),
  recoveryVerifier: bytes('recovery_verifier'),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/**
 * Keys, vault and sign-in of people who have lost the present ones. They wait beside the account, of which nothing changes
 * until the ledger has these keys in force; refused there, they are forgotten.
 */
export const pendingKeys = pgTable('pending_keys', {
  personId: uuid('person_id')
    .primaryKey()
    .references(() => people.id),
  /** Of the link by which they were made. */
  tokenHash: bytes('token_hash').notNull(),
  /** Public, as they are proposed to the ledger. */
  signingKeyHash: text('signing_key_hash').notNull(),
  readingKey: text('reading_key').notNull(),
  wallet: text('wallet').notNull(),
  csrPem: text('csr_pem').notNull(),
  /** The vault that will take the place of the present one. */
  record: text('record').notNull(),
  ...signInSecret(),
  recoverySalt: bytes('recovery_salt').notNull(),
  recoveryVerifier: bytes('recovery_verifier').notNull(),
  madeAt: instant('made_at').notNull().defaultNow(),
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
    /** Address, in lower case, of the wallet that signed in; the session ends with its link. */
    wallet: text('wallet'),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [index('sessions_person').on(table.personId)],
);

/** People who proved their recovery phrase and may replace the password, once; only the hash of the token is kept. */
export const recoveries = pgTable(
  'recoveries',
  {
    tokenHash: bytes('token_hash').primaryKey(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('recoveries_person').on(table.personId)],
);

/** Challenges of wallet sign-in, each good for one use. */
export const walletNonces = pgTable('wallet_nonces', {
  nonce: text('nonce').primaryKey(),
  expiresAt: instant('expires_at').notNull(),
});

/** Every attempt to sign in, to recover, and to change what opens the keys. Accounts and addresses are keyed hashes. */
export const signInAudit = pgTable(
  'sign_in_audit',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull().defaultNow(),
    method: text('method').notNull(),
    outcome: text('outcome').notNull(),
    account: bytes('account').notNull(),
    /** Null where a session did it. */
    address: bytes('address'),
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
