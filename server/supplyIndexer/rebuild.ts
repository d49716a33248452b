import { setTimeout as pause } from 'node:timers/promises';
import { eq, getTableName, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { checkpoints } from '../gateways/db/schema/ledger.ts';
import { traceEvents } from '../gateways/db/schema/trace.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { type SupplyFacts, supplyFactsIn } from './decode.ts';
import { type GoodsChange, goodsIn, projectGoods, readGoods } from './goods.ts';
import { projectSupply } from './project.ts';
import { sweepReceipts } from './receipts.ts';
import { traceTables } from './tables.ts';

/** Where the new tables are made; its name is in no other use. */
const beside = 'trace_rebuild';
/** Events that are applied at once: few queries for each, and memory for some megabytes. */
const eventsAtOnce = 2_000;

type FollowedLedger = Pick<Portal['ledger'], 'channels' | 'kindOf' | 'followBlocks' | 'evaluate'>;

export interface Rebuilt {
  events: number;
  blocks: number;
  seconds: number;
  /** Rows that only one of the two has, by table, where they were compared; tables that are equal are left out. */
  differences?: Record<string, number>;
}

export interface RebuildOptions {
  /** Compares the new tables with the live ones and leaves these as they are, instead of taking their place. */
  compare?: boolean;
  progress?: (text: string) => void;
}

/**
 * Makes the trace tables anew from block 0 of every channel, in a schema beside the live ones, while these are served and
 * followed. At the end the indexer is held for a moment, the last blocks are added, and the new tables take the place of the
 * live ones in one transaction. A second rebuild waits for the first.
 */
export async function rebuildProjections(
  { ledger, settings }: { ledger: FollowedLedger; settings: Pick<Portal['settings'], 'databaseUrl'> },
  { compare = false, progress = () => undefined }: RebuildOptions = {},
): Promise<Rebuilt> {
  const client = new pg.Client({ connectionString: settings.databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('medloom:rebuild'))");
    await makeTables(client);
    // Every name of a trace table means the new one from here on; of other tables there are none beside.
    await client.query(`set search_path = ${beside}, public`);
    // What a crash loses is made again; the taking over is synced.
    await client.query('set synchronous_commit = off');
    // Tables that have just been filled are in memory; some thousand packs are looked up rather than all of them read.
    await client.query('set random_page_cost = 1.1');
    const db = drizzle(client);
    const rebuild = new Rebuild(ledger, progress);
    const started = performance.now();
    // Products and places first: every event asks for them.
    const channels = ['registry', ...ledger.channels().filter((channel) => ledger.kindOf(channel) === 'supply')];
    const followAll = async (into: Database) => {
      for (const channel of channels) await rebuild.follow(into, channel, await heightOf(into, channel));
    };
    await followAll(db);
    await makeLateIndexes(client);
    for (const name of names) await client.query(`analyze ${beside}.${name}`);
    await client.query('set synchronous_commit = on');
    const differences = await db.transaction(async (tx) => {
      // Waits for the block that is being recorded, and keeps the next ones from it.
      await tx.execute(sql`lock table public.checkpoints in share row exclusive mode`);
      await followAll(tx);
      const now = new Date();
      await sweepReceipts(tx, now);
      if (!compare) return swapTables(client);
      // Looked at in the same moment, so that a grace that is just over is over in both.
      await client.query('set local search_path = public');
      await sweepReceipts(tx, now);
      await client.query(`set local search_path = ${beside}, public`);
      const found = await differencesOf(client);
      await client.query(`drop schema ${beside} cascade`);
      return found;
    });
    const seconds = (performance.now() - started) / 1000;
    return { events: rebuild.events, blocks: rebuild.blocks, seconds, ...(differences && { differences }) };
  } finally {
    await client.end();
  }
}

/** Follows channels into the tables that the connection means, each from where it was left. */
class Rebuild {
  events = 0;
  blocks = 0;
  readonly #ledger: FollowedLedger;
  readonly #progress: (text: string) => void;
  readonly #next = new Map<string, number>();

  constructor(ledger: FollowedLedger, progress: (text: string) => void) {
    this.#ledger = ledger;
    this.#progress = progress;
  }

  /** Up to, and without, the block of a number. */
  async follow(db: Database, channel: string, height: number): Promise<void> {
    const from = this.#next.get(channel) ?? 0;
    if (from >= height) return;
    const stop = new AbortController();
    let at = from;
    let waiting: SupplyFacts = { facts: [], recalls: [], unreadable: 0 };
    const goods: GoodsChange[] = [];
    let written = Promise.resolve();
    /** The next blocks are read while the database works on those before them. */
    const write = async () => {
      const ready = waiting;
      waiting = { facts: [], recalls: [], unreadable: 0 };
      await written;
      written = db
        .transaction((tx) => projectSupply(tx, channel, ready))
        .then(() => {
          this.events += ready.facts.length;
          this.#progress(`${channel}: ${this.events} events`);
        });
      // It is thrown where it is awaited, which may be a while after.
      written.catch(() => undefined);
    };
    for await (const block of this.#ledger.followBlocks(channel, BigInt(from), stop.signal)) {
      goods.push(...goodsIn(block));
      take(waiting, channel, block);
      this.blocks += 1;
      if (waiting.facts.length >= eventsAtOnce) await write();
      at = Number(block.number) + 1;
      if (at >= height) break;
    }
    stop.abort();
    if (at < height) throw new AppError('LEDGER_UNAVAILABLE', `${channel} was told up to block ${at} of ${height}`);
    await write();
    await written;
    await projectGoods(db, await readGoods(this.#ledger, goods));
    this.#next.set(channel, height);
  }
}

function take(waiting: SupplyFacts, channel: string, block: Block): void {
  const { facts, recalls } = supplyFactsIn(channel, block);
  waiting.facts.push(...facts);
  waiting.recalls.push(...recalls);
}

/** How far the live tables are. */
async function heightOf(db: Database, channel: string): Promise<number> {
  const [row] = await db
    .select({ next: checkpoints.nextBlock })
    .from(checkpoints)
    .where(eq(checkpoints.channel, channel));
  return row?.next ?? 0;
}

const names = traceTables.map((table) => getTableName(table));

/** Tables, keys and indexes as the live ones have them, by the same names, which are a schema's own. */
async function makeTables(client: pg.Client): Promise<void> {
  await client.query(`drop schema if exists ${beside} cascade`);
  await client.query(`create schema ${beside}`);
  for (const name of names) {
    await client.query(`create table ${beside}.${name} (like public.${name} including defaults including constraints)`);
    for (const index of await indexesOf(client, name)) if (!isLate(index)) await client.query(index.definition);
  }
}

async function makeLateIndexes(client: pg.Client): Promise<void> {
  await client.query(`set maintenance_work_mem = '128MB'`);
  for (const name of names) {
    for (const index of await indexesOf(client, name)) if (isLate(index)) await client.query(index.definition);
  }
}

interface Index {
  name: string;
  /** The statement that makes it, or the key that it belongs to, on the new table. */
  definition: string;
}

/** Those of the two largest tables, which the projection only adds to: made at once they cost a fraction. */
const isLate = ({ name }: Index) => name.startsWith(getTableName(traceEvents)) && !early.includes(name);
/** In the order of the blocks; and what the projection asks for. */
const early = ['trace_event_channel_block_place_pk', 'trace_event_refused'];

async function indexesOf(client: pg.Client, table: string): Promise<Index[]> {
  const { rows } = await client.query<Index>(
    `select i.relname as name, case when c.oid is null
       then replace(pg_get_indexdef(i.oid), ' ON public.', ' ON ${beside}.')
       else format('alter table ${beside}.%I add constraint %I %s', $1::text, c.conname, pg_get_constraintdef(c.oid)) end as definition
     from pg_index x join pg_class i on i.oid = x.indexrelid
     left join pg_constraint c on c.conindid = i.oid and c.conrelid = x.indrelid and c.contype = 'p'
     where x.indrelid = format('public.%I', $1::text)::regclass order by 1`,
    [table],
  );
  return rows;
}

/** Rows that only one of the two has, by table; tables that are equal are left out. */
async function differencesOf(client: pg.Client): Promise<Record<string, number>> {
  const differences: Record<string, number> = {};
  for (const name of names) {
    const row = 'md5(t::text)::uuid';
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int from (select ${row} as r from public.${name} t) live
       full join (select ${row} as r from ${beside}.${name} t) made on live.r = made.r where live.r is null or made.r is null`,
    );
    const count = rows[0]?.count ?? 0;
    if (count > 0) differences[name] = count;
  }
  return differences;
}

/** Shorter than PostgreSQL waits before it ends one of those that wait for each other: no reader is ever the one. */
const patienceMs = 200;
const mostTries = 300;

/** PostgreSQL's code for a lock that was not to be had in time. */
const isBusy = (error: unknown) => error instanceof pg.DatabaseError && error.code === '55P03';

/**
 * Has every live table for this connection alone, between what readers ask. Whoever reads several tables may wait for one that is
 * locked here while this waits for another: so that all locks are given back soon and asked for anew.
 */
async function lockLive(client: pg.Client): Promise<void> {
  const tables = names.map((name) => `public.${name}`).join();
  await client.query(`set local lock_timeout = ${patienceMs}`);
  for (let tries = 1; ; tries += 1) {
    await client.query('savepoint unlocked');
    try {
      await client.query(`lock table ${tables} in access exclusive mode`);
      return;
    } catch (error) {
      if (!isBusy(error) || tries >= mostTries) throw error;
      await client.query('rollback to savepoint unlocked');
      await pause(Math.random() * patienceMs);
    }
  }
}

async function swapTables(client: pg.Client): Promise<undefined> {
  await lockLive(client);
  for (const name of names) {
    await client.query(`drop table public.${name}`);
    await client.query(`alter table ${beside}.${name} set schema public`);
  }
  await client.query(`drop schema ${beside}`);
}
