import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytes, instant } from './people.ts';

/** Read models of the channel `claims`, which is the authority; what was served is encrypted. Amounts are minor units. */

const amount = (name: string) => bigint(name, { mode: 'number' });

export const insurancePlans = pgTable('insurance_plans', {
  id: text('id').primaryKey(),
  insurer: text('insurer').notNull(),
  state: text('state').notNull(),
  /** The newest. */
  version: integer('version').notNull(),
});

export const planVersions = pgTable(
  'plan_versions',
  {
    plan: text('plan').notNull(),
    version: integer('version').notNull(),
    validFrom: instant('valid_from').notNull(),
    /** The contract's `Plan`. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [primaryKey({ columns: [table.plan, table.version] })],
);

export const policies = pgTable(
  'policies',
  {
    id: text('id').primaryKey(),
    insurer: text('insurer').notNull(),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    version: integer('version').notNull(),
    /** The contract's `Policy`. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [index('policies_insurer').on(table.insurer, table.state)],
);

/** Whose policy it is: no column says it to who has not the key of personal data, so that a copy joins no pseudonyms. */
export const policyMembers = pgTable(
  'policy_members',
  {
    policy: text('policy').primaryKey(),
    /** Keyed hash of the person's id, and the id itself, encrypted. */
    ownerIndex: bytes('owner_index').notNull(),
    ownerSealed: bytes('owner_sealed').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('policy_members_owner').on(table.ownerIndex)],
);

export const authorisations = pgTable(
  'authorisations',
  {
    id: text('id').primaryKey(),
    policy: text('policy').notNull(),
    institution: text('institution').notNull(),
    state: text('state').notNull(),
    until: instant('until').notNull(),
    version: integer('version').notNull(),
    /** The contract's `StoredAuthorisation`. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [
    index('authorisations_institution').on(table.institution, table.state),
    index('authorisations_policy').on(table.policy),
  ],
);

export const claims = pgTable(
  'claims',
  {
    id: text('id').primaryKey(),
    use: text('use').notNull(),
    category: text('category').notNull(),
    policy: text('policy').notNull(),
    insurer: text('insurer').notNull(),
    provider: text('provider').notNull(),
    state: text('state').notNull(),
    /** By which payments on Ethereum name it: 64 hex digits. */
    reference: text('reference').notNull(),
    billed: amount('billed').notNull(),
    /** By the decision in force; null where there is none. */
    insurerShare: amount('insurer_share'),
    patientShare: amount('patient_share'),
    servedAt: instant('served_at').notNull(),
    at: instant('at').notNull(),
    /** Of the decision in force. */
    decidedAt: instant('decided_at'),
    version: integer('version').notNull(),
    /** The contract's `Claim`. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [
    index('claims_insurer').on(table.insurer, table.state, table.at),
    index('claims_provider').on(table.provider, table.at),
    index('claims_policy').on(table.policy, table.at),
    index('claims_reference').on(table.reference),
  ],
);

/** What pharmacies keep, sealed for themselves, of hand-overs that they have not billed yet. */
export const billingNotes = pgTable(
  'billing_notes',
  {
    dispense: text('dispense').primaryKey(),
    prescription: text('prescription').notNull(),
    institution: text('institution').notNull(),
    /** `sealedNote` of `crypto/claim/billingNote.ts`. */
    note: jsonb('note').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('billing_notes_institution').on(table.institution, table.createdAt)],
);

/**
 * What members are told of their claims. Not among `notices`, of which each says whose it is; and without the instant of reading, which
 * the notices that somebody reads at the same time have.
 */
export const claimNotices = pgTable(
  'claim_notices',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** As in `policy_members`. */
    ownerIndex: bytes('owner_index').notNull(),
    kind: text('kind').notNull(),
    claim: text('claim').notNull(),
    at: instant('at').notNull(),
    isRead: boolean('is_read').notNull().default(false),
  },
  (table) => [
    uniqueIndex('claim_notices_once').on(table.claim, table.kind, table.at),
    index('claim_notices_owner').on(table.ownerIndex, table.at),
  ],
);
