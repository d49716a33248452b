import type { ExtractTablesWithRelations } from 'drizzle-orm';
import { drizzle, type NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { AppError } from '#server/errors.ts';

type NoRelations = Record<string, never>;

/** The database, or a transaction in it. */
export type Database = PgDatabase<NodePgQueryResultHKT, NoRelations, ExtractTablesWithRelations<NoRelations>>;

export interface DatabaseGateway {
  db: Database;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** Opens a pool of connections; nothing is connected until the first query. */
export function openDatabase(databaseUrl: string, onIdleError: (error: Error) => void = () => {}): DatabaseGateway {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 12,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    application_name: 'medloom',
  });
  // A server that restarts closes connections, idle ones and those in use; without listeners that would end the process. Whoever uses
  // one learns of it by the query.
  pool.on('error', onIdleError);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = drizzle(pool);
  return { db: Object.assign(db, { transaction: transactionsOf(pool) }), pool, close: () => pool.end() };
}

/**
 * Transactions that give their connection back whatever happens: drizzle's own keeps it where `begin` fails, so that a server that
 * cuts connections leaves a pool without any. Throws DATABASE_UNAVAILABLE where there is none to be had.
 */
function transactionsOf(pool: pg.Pool): Database['transaction'] {
  return async (work, config) => {
    const client = await pool.connect().catch((cause: unknown) => {
      throw new AppError('DATABASE_UNAVAILABLE', cause instanceof Error ? cause.message : String(cause), { cause });
    });
    let isBroken = false;
    const broken = () => {
      isBroken = true;
    };
    client.once('error', broken);
    try {
      return await drizzle(client).transaction(work, config);
    } finally {
      client.removeListener('error', broken);
      client.release(isBroken);
    }
  };
}

/** True when PostgreSQL refused a row because another with the same key exists. */
export function isUniqueViolation(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === '23505') return true;
  }
  return false;
}
