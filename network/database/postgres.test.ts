import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inspectProcess } from '../processes/inspect.ts';
import { type Postgres, startPostgres } from './postgres.ts';

let root = '';
let running: Postgres[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'medloom-postgres-'));
  // mkdtemp makes a folder that only its owner may pass: what a user's private folder is to PostgreSQL's account.
  expect((await stat(root)).mode & 0o777).toBe(0o700);
});
afterEach(async () => {
  for (const postgres of running) await postgres.stop();
  running = [];
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function start(name: string, port?: number): Promise<Postgres> {
  const dir = join(root, name);
  const postgres = await startPostgres({
    dir,
    logFile: join(root, `${name}.log`),
    ...(port === undefined ? {} : { port }),
  });
  running.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('startPostgres', { timeout: 60_000 }, () => {
  it('makes a database once, keeps it, and opens it quickly afterwards', async () => {
    const first = await start('kept');
    await query(first.url, 'create table notes (text text)');
    await query(first.url, "insert into notes values ('kept')");
    const made = (await stat(join(root, 'kept/data/PG_VERSION'))).mtimeMs;
    await first.stop();
    expect(await inspectProcess(first.pid)).toBeUndefined();
    const second = await start('kept');
    expect(await query(second.url, 'select text from notes')).toEqual([{ text: 'kept' }]);
    expect((await stat(join(root, 'kept/data/PG_VERSION'))).mtimeMs).toBe(made);
  });

  it('serves 127.0.0.1 only, to a role that is no superuser and knows its password', async () => {
    const { url, port } = await start('kept');
    const lock = (await readFile(join(root, 'kept/data/postmaster.pid'), 'utf8')).split('\n');
    // Lines 4 to 6: port, folder of the Unix socket, first address listened on.
    expect(lock.slice(3, 6)).toEqual([String(port), '', '127.0.0.1']);
    expect(
      await query(url, 'select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user'),
    ).toEqual([{ rolsuper: false, rolcreaterole: false, rolcreatedb: false }]);
    await expect(query(`postgresql://medloom:wrong@127.0.0.1:${port}/medloom`, 'select 1')).rejects.toThrow(
      /password authentication failed/,
    );
    await expect(query(`postgresql://postgres@127.0.0.1:${port}/postgres`, 'select 1')).rejects.toThrow();
    expect((await stat(join(root, 'kept/passwords.json'))).mode & 0o777).toBe(0o600);
  });

  it('has what was committed after kill -9', async () => {
    const first = await start('kept');
    await query(first.url, "insert into notes values ('before the kill')");
    process.kill(first.pid, 'SIGKILL');
    await first.end;
    expect(await readFile(join(root, 'kept/data/postmaster.pid'), 'utf8')).toContain(String(first.pid));
    const second = await start('kept');
    expect(await query(second.url, 'select text from notes order by text')).toEqual([
      { text: 'before the kill' },
      { text: 'kept' },
    ]);
  });

  it('is not misled by a stale lock whose process id another program has now', async () => {
    const first = await start('kept');
    process.kill(first.pid, 'SIGKILL');
    await first.end;
    const lock = join(root, 'kept/data/postmaster.pid');
    const lines = (await readFile(lock, 'utf8')).split('\n');
    await writeFile(lock, [String(process.pid), ...lines.slice(1)].join('\n'));
    expect(await query((await start('kept')).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('ends a server that a killed owner left behind', async () => {
    const first = await start('kept');
    const claimFile = join(root, 'kept/claim');
    const claim = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(claimFile, 'utf8')));
    await writeFile(claimFile, JSON.stringify({ ...claim, owner: 2 ** 22 + 1 }));
    const second = await start('kept');
    expect(await inspectProcess(first.pid)).toBeUndefined();
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('refuses a second server on the same data and leaves the first in peace', async () => {
    const first = await start('kept');
    await expect(start('kept')).rejects.toThrow(`(process ${first.pid})`);
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('begins again where making the database was cut short', async () => {
    await mkdir(join(root, 'cut/data.new/base'), { recursive: true });
    await writeFile(join(root, 'cut/passwords.json'), '{"superuser":"ha');
    expect(await query((await start('cut')).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    await expect(start('kept', port)).rejects.toThrow(`Port ${port} is taken`);
    other.close();
  });

  it('names missing passwords and changes nothing', async () => {
    await rename(join(root, 'kept/passwords.json'), join(root, 'kept/aside.json'));
    await expect(start('kept')).rejects.toThrow(/passwords\.json are missing or damaged/);
    await rename(join(root, 'kept/aside.json'), join(root, 'kept/passwords.json'));
    expect(await query((await start('kept')).url, 'select count(*)::int as notes from notes')).toEqual([{ notes: 2 }]);
  });

  it.each([
    ['12\n', /made by PostgreSQL 12/],
    ['', /has no PG_VERSION/],
  ])('refuses a data folder that it cannot read: version %j', async (version, message) => {
    await mkdir(join(root, 'strange/data'), { recursive: true });
    await chmod(join(root, 'strange/data'), 0o700);
    await writeFile(join(root, 'strange/data/PG_VERSION'), version);
    await expect(start('strange')).rejects.toThrow(message);
  });
});
