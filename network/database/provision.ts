import pg from 'pg';
import type { Passwords } from './passwords.ts';

/** The address of the portal's database for its own role. */
export function databaseUrl(port: number, passwords: Passwords): string {
  return `postgresql://medloom:${passwords.medloom}@127.0.0.1:${port}/medloom`;
}

/**
 * One try to open the portal's database.
 * @returns `open`; `unprovisioned` when the server answers but does not know the role or the database; or the cause why it does not answer yet
 */
export async function probe(url: string): Promise<'open' | 'unprovisioned' | { cause: string }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return 'open';
  } catch (error) {
    // 28P01: wrong password or no such role (PostgreSQL does not tell which); 3D000: no such database.
    const code = codeOf(error);
    if (code === '28P01' || code === '3D000') return 'unprovisioned';
    return { cause: error instanceof Error ? error.message : String(error) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the role `medloom`, which is no superuser, and its database. Repeating it does no harm. */
export async function provision(port: number, passwords: Passwords): Promise<void> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: passwords.superuser,
    database: 'postgres',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const role = await client.query("select 1 from pg_roles where rolname = 'medloom'");
    const verb = role.rowCount === 0 ? 'create' : 'alter';
    await client.query(`${verb} role medloom login password ${client.escapeLiteral(passwords.medloom)}`);
    const database = await client.query("select 1 from pg_database where datname = 'medloom'");
    if (database.rowCount === 0) await client.query('create database medloom owner medloom');
  } finally {
    await client.end().catch(() => undefined);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
