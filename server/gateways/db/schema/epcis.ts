import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant, institutions, people } from './people.ts';

/** Systems of an institution's partners: devices on `registry` whose keys the institution's connector holds. */
export const partnerSystems = pgTable(
  'partner_systems',
  {
    /** `dev-…` */
    id: text('id').primaryKey(),
    institutionId: text('institution_id')
      .notNull()
      .references(() => institutions.id),
    name: text('name').notNull(),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => people.id),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Until when a worker has its jobs to itself; they are recorded one after another. */
    leasedUntil: instant('leased_until').notNull().defaultNow(),
  },
  (table) => [index('partner_systems_institution').on(table.institutionId)],
);

/** What such systems present; only the hash of a token is kept. */
export const partnerTokens = pgTable(
  'partner_tokens',
  {
    id: uuid('id').primaryKey(),
    tokenHash: bytes('token_hash').notNull().unique(),
    systemId: text('system_id')
      .notNull()
      .references(() => partnerSystems.id),
    name: text('name').notNull(),
    /** `capture`, `query` */
    scopes: text('scopes').array().notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdBy: uuid('created_by')
      .notNull()
      .references(() => people.id),
    createdAt: instant('created_at').notNull().defaultNow(),
    revokedAt: instant('revoked_at'),
    revokedBy: uuid('revoked_by').references(() => people.id),
    /** To the minute. */
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [index('partner_tokens_system').on(table.systemId)],
);

/** EPCIS capture jobs (EPCIS 2.0, section 12.6). A row and its events are here before anybody is told of the job. */
export const captureJobs = pgTable(
  'capture_jobs',
  {
    id: text('id').primaryKey(),
    systemId: text('system_id')
      .notNull()
      .references(() => partnerSystems.id),
    institutionId: text('institution_id').notNull(),
    mspId: text('msp_id').notNull(),
    /** `rollback`, `proceed` */
    mode: text('mode').notNull(),
    events: integer('events').notNull(),
    createdAt: instant('created_at').notNull(),
    finishedAt: instant('finished_at'),
    success: boolean('success').notNull().default(true),
    /** When a worker looks at it next; null once it is finished. */
    dueAt: instant('due_at'),
    attempts: integer('attempts').notNull().default(0),
  },
  (table) => [
    index('capture_jobs_due').on(table.dueAt),
    index('capture_jobs_system').on(table.systemId, table.createdAt),
  ],
);

/** What became of an event on one channel. */
export interface PartOutcome {
  channel: string;
  hash: string;
  outcome: 'accepted' | 'refused';
  code?: string;
  detail?: string;
}

/** The events of a job. The ledger has them afterwards, so that a finished job keeps no body. */
export const captureEvents = pgTable(
  'capture_events',
  {
    jobId: text('job_id')
      .notNull()
      .references(() => captureJobs.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    eventId: text('event_id'),
    /** As it goes to the ledger, JSON; null once the job is finished. */
    body: text('body'),
    /** Where its parts go; decided once, before the first is sent. */
    channels: jsonb('channels').$type<string[]>(),
    outcomes: jsonb('outcomes').$type<PartOutcome[]>(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.position] })],
);

/** Named queries of an institution's systems. */
export const namedQueries = pgTable(
  'named_queries',
  {
    institutionId: text('institution_id').notNull(),
    name: text('name').notNull(),
    query: jsonb('query').$type<Record<string, unknown>>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.institutionId, table.name] })],
);
