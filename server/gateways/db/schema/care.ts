import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, people } from './people.ts';

/**
 * Read models of records, consents and readings; the care channels are the authority. They hold what everybody on a channel
 * knows, and no category, purpose or grantee.
 */

export const documents = pgTable(
  'documents',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    author: text('author').notNull(),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    version: integer('version').notNull(),
    /** The contract's `StoredDocument`, as last read from the ledger. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [
    index('documents_patient').on(table.patient, table.at),
    index('documents_author').on(table.author, table.at),
  ],
);

export const consents = pgTable(
  'consents',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    state: text('state').notNull(),
    /** Of the last change. */
    at: instant('at').notNull(),
    version: integer('version').notNull(),
  },
  (table) => [index('consents_patient').on(table.patient, table.at)],
);

export const consentRequests = pgTable(
  'consent_requests',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    /** `prac-…`, known where the request was made through this portal. */
    requester: text('requester'),
    state: text('state').notNull(),
    at: instant('at').notNull(),
    version: integer('version').notNull(),
  },
  (table) => [
    index('consent_requests_patient').on(table.patient, table.at),
    index('consent_requests_requester').on(table.requester, table.at),
  ],
);

/** Releases of keys, each with the transaction that proves it. */
export const accesses = pgTable(
  'accesses',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    /** `prac-…`, or the pseudonym of a representative or the patient. */
    reader: text('reader').notNull(),
    institution: text('institution'),
    emergency: text('emergency'),
    at: instant('at').notNull(),
    until: instant('until').notNull(),
    transactionId: text('transaction_id').notNull(),
    blockNumber: bigint('block_number', { mode: 'number' }).notNull(),
  },
  (table) => [
    index('accesses_patient').on(table.patient, table.at),
    index('accesses_reader').on(table.reader, table.patient, table.until),
  ],
);

export const emergencies = pgTable(
  'emergencies',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    actor: text('actor').notNull(),
    institution: text('institution').notNull(),
    at: instant('at').notNull(),
    until: instant('until').notNull(),
    /** Null until somebody has reviewed it. */
    outcome: text('outcome'),
    version: integer('version').notNull(),
    /** The contract's `Emergency`, as last read from the ledger. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [
    index('emergencies_at').on(table.at),
    index('emergencies_patient').on(table.patient, table.at),
    index('emergencies_actor').on(table.actor, table.at),
  ],
);

export const representations = pgTable(
  'representations',
  {
    id: text('id').primaryKey(),
    channel: text('channel').notNull(),
    patient: text('patient').notNull(),
    representative: text('representative').notNull(),
    state: text('state').notNull(),
    until: instant('until'),
    version: integer('version').notNull(),
    /** The contract's `Representation`, as last read from the ledger. */
    ledgerState: jsonb('ledger_state').notNull(),
  },
  (table) => [
    index('representations_patient').on(table.patient),
    index('representations_representative').on(table.representative),
  ],
);

/** New keys for who has lost the old ones: the last proposal for each person, of patients and practitioners. */
export const reenrolments = pgTable('reenrolments', {
  /** `pt-…` or `prac-…` */
  subject: text('subject').primaryKey(),
  channel: text('channel').notNull(),
  state: text('state').notNull(),
  at: instant('at').notNull(),
  dueAt: instant('due_at'),
  version: integer('version').notNull(),
  /** The contract's `Reenrolment`, as last read from the ledger. */
  ledgerState: jsonb('ledger_state').notNull(),
});

/** What a person is told because a ledger says that it happened; told once each. */
export const notices = pgTable(
  'notices',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    kind: text('kind').notNull(),
    /** Emergency, request, consent, representation or re-enrolment that it is about. */
    subject: text('subject').notNull(),
    /** Whose record it is about. */
    patient: text('patient').notNull(),
    at: instant('at').notNull(),
    readAt: instant('read_at'),
  },
  (table) => [
    uniqueIndex('notices_once').on(table.personId, table.kind, table.subject, table.at),
    index('notices_person').on(table.personId, table.at),
  ],
);

/** Every certificate that somebody has or had, by the key that it certifies: what was signed with an old key stays checkable. */
export const certificates = pgTable(
  'certificates',
  {
    /** Hex SHA-256 of the DER SubjectPublicKeyInfo of the signing key. */
    keyHash: text('key_hash').notNull(),
    subjectId: text('subject_id').notNull(),
    pem: text('pem').notNull(),
    /** From when the person has it here. */
    since: instant('since').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.keyHash, table.subjectId] }),
    index('certificates_subject').on(table.subjectId, table.since),
  ],
);
