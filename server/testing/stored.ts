import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import pg from 'pg';
import { privatePrefixes } from '#network/devnet/ledger/keys.ts';

/** Something at rest, and where it lies. */
export interface Stored {
  where: string;
  bytes: Buffer;
  /** Of a ledger: values of collections, which only their members' peers hold. */
  isPrivate?: boolean;
}

/** Every row of every table, as text in which raw bytes stand in hex. */
export async function readTables(databaseUrl: string): Promise<Stored[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const stored: Stored[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
      stored.push(...rows.map(({ row }) => ({ where: `table ${name}`, bytes: Buffer.from(row) })));
    }
    return stored;
  } finally {
    await client.end();
  }
}

/** Every file under a folder. */
export function readFiles(folder: string): Stored[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.map((name) => join(folder, name)).filter((file) => statSync(file).isFile());
  return files.map((file) => ({ where: file.slice(folder.length + 1), bytes: readFileSync(file) }));
}

/** Entries of every LevelDB under a folder, which must not be in use: their files are compressed. */
export async function readDatabases(folder: string): Promise<Stored[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const places = names.filter((name) => basename(name) === 'CURRENT').map((name) => dirname(name));
  const stored: Stored[] = [];
  for (const place of places) {
    if (!existsSync(join(folder, place, 'LOCK'))) continue;
    const options = { keyEncoding: 'buffer', valueEncoding: 'buffer', createIfMissing: false } as const;
    const database = new ClassicLevel<Buffer, Buffer>(join(folder, place), options);
    await database.open();
    for await (const [key, value] of database.iterator()) {
      const isPrivate = privatePrefixes.some((prefix) => key.subarray(0, prefix.length).equals(prefix));
      stored.push({
        ...{ where: `ledger ${basename(place)}`, isPrivate },
        bytes: Buffer.concat([key, Buffer.from([0]), value]),
      });
    }
    await database.close();
  }
  return stored;
}
