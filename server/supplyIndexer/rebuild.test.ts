import { eq, getTableName, sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkpoints } from '../gateways/db/schema/ledger.ts';
import { traceAlerts, traceEvents, tracePacks, traceStock } from '../gateways/db/schema/trace.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { nextBlockOf, recordBlock } from '../indexer/record.ts';
import { depot, epcs, gtin, hour, maker, places, storyBlocks } from '../testing/suppliedWorld.ts';
import { blockOf, captureOf, sample } from '../testing/supplyChain.ts';
import { World } from '../testing/world.ts';
import { rebuildProjections } from './rebuild.ts';
import { traceTables } from './tables.ts';

let world: World;
const channel = 'supply-0';
const chains: Record<string, Block[]> = { [channel]: storyBlocks(), registry: [registered()] };

/** The block of `registry` that registered product and places. */
function registered(): Block {
  const told = [{ kind: 'product', id: gtin }, ...places.map(({ site }) => ({ kind: 'site', id: site }))];
  const transactions = told.map(({ kind, id }, index) => ({
    ...{ transactionId: `r${index}`, at: hour(-1), valid: true, contract: 'registry', endorsers: [] },
    event: {
      name: 'RegistryChanged',
      payload: Buffer.from(
        JSON.stringify({ kind, id, change: 'register', status: 'active', version: 1, at: hour(-1).toISOString() }),
      ),
    },
  }));
  return { ...blockOf(0), transactions };
}

beforeAll(async () => {
  world = await World.start();
  const { ledger } = world;
  const kindOf = ledger.kindOf;
  ledger.kindOf = (name) => (name === channel ? 'supply' : kindOf(name));
  const channels = ledger.channels;
  ledger.channels = () => [...new Set([...channels(), channel])];
  ledger.followBlocks = async function* (name: string, next: bigint) {
    for (const block of chains[name] ?? []) if (block.number >= next) yield block;
  };
  ledger.registry.products.set(gtin, {
    ...{ gtin, name: 'Insulin glargine', maker: maker.id, prefixLength: 7, channel, mapVersion: 1 },
    storage: { minCelsius: 2, maxCelsius: 8 },
  });
  for (const { id, site, latitude, longitude } of places)
    ledger.registry.sites.set(site, { gln: site, institutionId: id, name: id, latitude, longitude, version: 1 });
  // Live, the supply channel is followed before the registry: places that it names are asked for.
  for (const name of [channel, 'registry']) {
    await nextBlockOf(world.portal, name);
    for (const block of chains[name] ?? []) await recordBlock(world.portal, name, block);
  }
}, 120_000);
afterAll(() => world?.stop());

const count = async (table: typeof tracePacks | typeof traceEvents) => world.portal.db.$count(table);

describe('a rebuild', () => {
  it('makes the rows that are served', async () => {
    const made = await rebuildProjections(world.portal, { compare: true });
    expect(made.differences).toEqual({});
    expect(made.events).toBe(await count(traceEvents));
    expect(made.blocks).toBe(storyBlocks().length + 1);
  });

  it('tells in which tables something else is served', async () => {
    const { db } = world.portal;
    await db.update(traceStock).set({ packs: sql`${traceStock.packs} + 1` });
    await db.delete(traceAlerts).where(eq(traceAlerts.rule, 'excursion'));
    const { differences } = await rebuildProjections(world.portal, { compare: true });
    expect(Object.keys(differences ?? {}).sort()).toEqual(['trace_alert', 'trace_stock']);
  });

  it('takes the place of what is served, indexes and all, and is followed on', async () => {
    const { portal } = world;
    const indexes = async () =>
      (
        await portal.db.execute<{ definition: string }>(
          sql`select indexdef as definition from pg_indexes where schemaname = 'public' and tablename like 'trace%' order by 1`,
        )
      ).rows.map(({ definition }) => definition);
    const before = await indexes();
    expect((await rebuildProjections(portal)).differences).toBeUndefined();
    expect((await rebuildProjections(portal, { compare: true })).differences).toEqual({});
    expect(await indexes()).toEqual(before);
    const number = Number(await nextBlockOf(portal, channel));
    const [one = ''] = epcs;
    const next = blockOf(
      number,
      captureOf(depot.id, hour(90), [sample.object(hour(90), depot.site, [one], 'loading')]),
    );
    chains[channel]?.push(next);
    const events = await count(traceEvents);
    await recordBlock(portal, channel, next);
    expect(await count(traceEvents)).toBe(events + 1);
    expect((await rebuildProjections(portal, { compare: true })).differences).toEqual({});
  });

  it('waits for who reads several tables, in whatever order, and ends none of them', async () => {
    const { portal } = world;
    const [first = '', last = ''] = [traceTables.at(0), traceTables.at(-1)].map(
      (table) => table && getTableName(table),
    );
    const reader = new pg.Client({ connectionString: portal.settings.databaseUrl });
    await reader.connect();
    await reader.query('begin');
    await reader.query(`select count(*) from ${last}`);
    const rebuilt = rebuildProjections(portal);
    await vi.waitFor(
      async () => {
        const { rows } = await portal.db.execute(sql`select from pg_locks where not granted and relation is not null`);
        expect(rows).not.toEqual([]);
      },
      { timeout: 30_000, interval: 5 },
    );
    // What waits has the first table already and wants the last: each would wait for the other.
    await reader.query(`select count(*) from ${first}`);
    await reader.query('commit');
    await reader.end();
    expect((await rebuilt).events).toBe(await count(traceEvents));
    expect((await rebuildProjections(portal, { compare: true })).differences).toEqual({});
  });

  it('leaves what is served when it fails', async () => {
    const { portal, ledger } = world;
    const packs = await count(tracePacks);
    const follow = vi.spyOn(ledger, 'followBlocks').mockImplementation(() => {
      throw new Error('the peer is away');
    });
    await expect(rebuildProjections(portal)).rejects.toThrow('the peer is away');
    follow.mockRestore();
    expect(await count(tracePacks)).toBe(packs);
    expect(await portal.db.select().from(checkpoints).where(eq(checkpoints.channel, channel))).toHaveLength(1);
  });
});

describe('a block of a supply channel', () => {
  it('counts once, whatever is repeated or broken off', async () => {
    const { portal } = world;
    const number = Number(await nextBlockOf(portal, channel));
    const [one = ''] = epcs;
    const block = blockOf(
      number,
      captureOf(depot.id, hour(91), [sample.object(hour(91), depot.site, [one], 'loading')]),
    );
    chains[channel]?.push(block);
    const events = await count(traceEvents);
    const transaction = vi.spyOn(portal.db, 'transaction').mockImplementationOnce(async (work) =>
      portal.db.transaction(async (tx) => {
        await work(tx);
        throw new Error('killed before the commit');
      }),
    );
    await expect(recordBlock(portal, channel, block)).rejects.toThrow('killed');
    transaction.mockRestore();
    expect(await count(traceEvents)).toBe(events);
    await Promise.all([block, block, block].map((again) => recordBlock(portal, channel, again)));
    expect(await count(traceEvents)).toBe(events + 1);
  });
});
