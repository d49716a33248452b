import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startPostgres } from '#network/database/postgres.ts';
import { openDatabase } from './database.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-database-'));
let postgres: Awaited<ReturnType<typeof startPostgres>>;

beforeAll(async () => {
  postgres = await startPostgres({ dir: join(dir, 'pg'), logFile: join(dir, 'pg.log') });
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(dir, { recursive: true, force: true });
});

it('a server that cuts connections at any point of a transaction leaves the pool whole', async () => {
  const { db, pool, close } = openDatabase(postgres.url);
  const other = new pg.Client({ connectionString: postgres.url });
  await other.connect();
  const cutBefore = async (client: pg.PoolClient) => {
    const { rows } = await client.query('select pg_backend_pid() as pid');
    await other.query('select pg_terminate_backend($1)', [rows[0].pid]);
  };
  // More often than the pool has connections: before `begin`, …
  const connect = pool.connect.bind(pool);
  pool.connect = async () => {
    const client = await connect();
    await cutBefore(client).catch(() => undefined);
    return client;
  };
  for (let count = 0; count < 15; count += 1) await expect(db.transaction(async () => 1)).rejects.toThrow();
  pool.connect = connect;
  // … and in the midst of it.
  for (let count = 0; count < 15; count += 1) {
    const work = db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await tx.execute(sql`select 1`);
    });
    await expect(work).rejects.toThrow();
  }
  expect(await db.transaction(async (tx) => (await tx.execute(sql`select 1 as one`)).rows)).toEqual([{ one: 1 }]);
  await vi.waitFor(() => expect(pool.totalCount - pool.idleCount).toBe(0));
  await other.end();
  await close();
});
