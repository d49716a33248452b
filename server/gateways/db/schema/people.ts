import { customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Raw bytes; `pg` hands them over as a Buffer. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
export const instant = (name: string) => timestamp(name, { withTimezone: true });

/** Whether somebody may act, as the followed `registry` says it: only who is active has sessions. */
const standing = {
  status: text('status').notNull().default('active'),
  /** Version of the ledger's entry that the status is of; 0 where none was seen yet. */
  registryVersion: integer('registry_version').notNull().default(0),
};

/** What the screens show of an institution, and its standing as `registry` last told it. */
export const institutions = pgTable('institutions', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  name: text('name').notNull(),
  mspId: text('msp_id').notNull(),
  place: text('place').notNull().default(''),
  ...standing,
  createdAt: instant('created_at').notNull().defaultNow(),
});

/**
 * People. Columns that end in `_sealed` are encrypted; `_index` columns are keyed hashes by which an exact value is
 * found without being readable.
 */
export const people = pgTable(
  'people',
  {
    id: uuid('id').primaryKey(),
    role: text('role').notNull(),
    mspId: text('msp_id').notNull(),
    /** Institution of staff; null for a patient. */
    institutionId: text('institution_id').references(() => institutions.id),
    /** `prac-…` or `pt-…`: the person's name on the ledgers. */
    subjectId: text('subject_id').notNull().unique(),
    nameSealed: bytes('name_sealed').notNull(),
    detailsSealed: bytes('details_sealed').notNull(),
    /** Null for a patient who has no account, and for whom somebody else acts. */
    emailSealed: bytes('email_sealed'),
    emailIndex: bytes('email_index').unique(),
    identifierIndex: bytes('identifier_index').unique(),
    /** Licence of staff as the registry records it; public. */
    licence: jsonb('licence'),
    /** `unregistered`: taken on by an admin who has not yet signed the registration. */
    ...standing,
    certificatePem: text('certificate_pem'),
    readingKey: text('reading_key'),
    enrolledAt: instant('enrolled_at'),
    /** Since when a patient is on the ledger without keys. */
    wardSince: instant('ward_since'),
    /** The entry that this duplicate was merged into; it is found no more. */
    mergedInto: uuid('merged_into'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [index('people_institution').on(table.institutionId)],
);

/** Which institutions treat a patient: their doctors find the patient by name. */
export const careRelationships = pgTable(
  'care_relationships',
  {
    patientId: uuid('patient_id')
      .notNull()
      .references(() => people.id),
    institutionId: text('institution_id')
      .notNull()
      .references(() => institutions.id),
    since: instant('since').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.institutionId, table.patientId] })],
);

/** Keyed hashes of the beginnings of patients' names, another key for each institution. */
export const nameTokens = pgTable(
  'name_tokens',
  {
    institutionId: text('institution_id')
      .notNull()
      .references(() => institutions.id),
    token: bytes('token').notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
  },
  (table) => [primaryKey({ columns: [table.institutionId, table.token, table.personId] })],
);

/** Addresses that a person has proved to control, in lower case. */
export const wallets = pgTable(
  'wallets',
  {
    address: text('address').primaryKey(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    linkedAt: instant('linked_at').notNull().defaultNow(),
  },
  (table) => [index('wallets_person').on(table.personId)],
);

/** A person's encrypted keys; `version` rises by compare-and-swap. */
export const vaults = pgTable('vaults', {
  personId: uuid('person_id')
    .primaryKey()
    .references(() => people.id),
  version: integer('version').notNull(),
  record: text('record').notNull(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/** Vaults that a person's own browser replaced, kept for a while in case the newer one is no good. */
export const replacedVaults = pgTable(
  'replaced_vaults',
  {
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    version: integer('version').notNull(),
    record: text('record').notNull(),
    replacedAt: instant('replaced_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.personId, table.version] })],
);

/** One-use invitations to make keys; only the hash of the link's token is kept. */
export const invitations = pgTable('invitations', {
  tokenHash: bytes('token_hash').primaryKey(),
  personId: uuid('person_id')
    .notNull()
    .references(() => people.id),
  /** `enrolment`: the first keys; `reenrolment`: keys in the place of lost ones. */
  purpose: text('purpose').notNull().default('enrolment'),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** Who is to administer an institution that has proposed itself; becomes a person with an invitation when it is admitted. */
export const institutionContacts = pgTable('institution_contacts', {
  institutionId: text('institution_id')
    .primaryKey()
    .references(() => institutions.id),
  /** Of the link that was shown to whoever proposed; it opens the invitation. */
  tokenHash: bytes('token_hash').notNull(),
  detailsSealed: bytes('details_sealed').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
});

/** Who looked at whose personal data, how they were found, and who looked for identifiers that are nobody's. */
export const accessAudit = pgTable(
  'access_audit',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    at: instant('at').notNull().defaultNow(),
    actorId: uuid('actor_id')
      .notNull()
      .references(() => people.id),
    /** Null where nobody was found. */
    patientId: uuid('patient_id').references(() => people.id),
    /** `name` or `identifier`. */
    foundBy: text('found_by').notNull(),
    /** Keyed hash of an identifier that was nobody's. */
    asked: bytes('asked'),
  },
  (table) => [index('access_audit_pair').on(table.actorId, table.patientId, table.at)],
);
