import { asc, eq, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../gateways/db/database.ts';
import {
  traceAlerts,
  traceContainers,
  traceEvents,
  traceFlows,
  tracePacks,
  traceProducts,
  traceShipments,
  traceSites,
  traceStock,
  traceTotals,
} from '../gateways/db/schema/trace.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import {
  depot,
  epcs,
  gtin,
  hill,
  hour,
  maker,
  places,
  river,
  serials,
  sscc,
  storyBlocks,
} from '../testing/suppliedWorld.ts';
import { blockOf, captureOf, containerEpc, receive, sample } from '../testing/supplyChain.ts';
import { World } from '../testing/world.ts';
import { supplyFactsIn } from './decode.ts';
import { projectGoods } from './goods.ts';
import { projectSupply } from './project.ts';
import { traceTables } from './tables.ts';

let world: World;
let db: Database;

beforeAll(async () => {
  world = await World.start();
  db = world.portal.db;
}, 120_000);
afterAll(() => world?.stop());

const channel = 'supply-0';

async function begin(): Promise<void> {
  for (const table of traceTables) await db.delete(table);
  await projectGoods(db, {
    products: [
      {
        ...{ gtin, name: 'Insulin glargine', maker: maker.id, prefixLength: 7, channel, mapVersion: 1 },
        storage: { minCelsius: 2, maxCelsius: 8 },
      },
    ],
    sites: places.map(({ id, site, latitude, longitude }) => ({
      ...{ gln: site, institutionId: id, name: id, latitude, longitude, version: 1 },
    })),
  });
}

/** Blocks in groups of a size, each group at once. */
async function follow(blocks: Block[], size = 1): Promise<void> {
  for (let from = 0; from < blocks.length; from += size) {
    const read = blocks.slice(from, from + size).map((block) => supplyFactsIn(channel, block));
    await db.transaction((tx) =>
      projectSupply(tx, channel, {
        facts: read.flatMap(({ facts }) => facts),
        recalls: read.flatMap(({ recalls }) => recalls),
      }),
    );
  }
}

async function everything(): Promise<Record<string, string[]>> {
  const rows = await Promise.all(
    traceTables.map(async (table: PgTable) => {
      const all = await db.select().from(table);
      return [getTableName(table), all.map((row) => JSON.stringify(row)).sort()] as const;
    }),
  );
  return Object.fromEntries(rows);
}

const packRow = async (serial: string) => (await db.select().from(tracePacks).where(eq(tracePacks.serial, serial)))[0];
const serial = (at: number) => serials[at] ?? '';

describe('the read model of a supply channel', () => {
  beforeAll(async () => {
    await begin();
    await follow(storyBlocks());
  });

  it('knows where each pack is, through the containers around it', async () => {
    expect(await packRow(serial(0))).toMatchObject({ state: 'dispensed', holder: river.id, site: river.site });
    expect(await packRow(serial(2))).toMatchObject({ state: 'destroyed', leftDay: null });
    expect(await packRow(serial(3))).toMatchObject({ state: 'quarantined', parent: null });
    expect(await packRow(serial(9))).toMatchObject({ parent: sscc.case, holder: maker.id });
    const [held] = await db.select().from(traceContainers).where(eq(traceContainers.sscc, sscc.case));
    expect(held).toMatchObject({ holder: river.id, site: river.site, root: sscc.case, parent: null });
    expect(held?.contents).toEqual({ [`${gtin}|B1|active`]: 2 });
    const [pallet] = await db.select().from(traceContainers).where(eq(traceContainers.sscc, sscc.pallet));
    expect(pallet).toMatchObject({ contents: {}, holder: depot.id });
  });

  it('gives packs that are taken out the excursions that their container had with them', async () => {
    expect((await packRow(serial(4)))?.excursions).toBe(1);
    expect((await packRow(serial(9)))?.excursions).toBe(0);
    const [held] = await db.select().from(traceContainers).where(eq(traceContainers.sscc, sscc.case));
    expect(held?.excursions).toEqual({ [gtin]: 1 });
  });

  it('counts the stock at each place, and no pack twice', async () => {
    const rows = await db.select().from(traceStock).orderBy(asc(traceStock.state));
    expect(rows.map(({ holder, site, state, packs }) => [holder, site, state, packs])).toEqual([
      [river.id, river.site, 'active', 5],
      [river.id, river.site, 'destroyed', 1],
      [river.id, river.site, 'dispensed', 2],
      [river.id, river.site, 'quarantined', 2],
    ]);
    const totals = await db.select().from(traceTotals);
    expect(totals.reduce((sum, { packs }) => sum + packs, 0)).toBe(10);
  });

  it('counts what went from place to place, and takes back what was undone', async () => {
    const rows = await db.select().from(traceFlows);
    const flows = rows.map(({ kind, fromSite, toSite, packs }) => [kind, fromSite, toSite, packs]).sort();
    expect(flows).toEqual(
      [
        ['dispense', river.site, '', 2],
        ['lose', river.site, '', 1],
        ['make', '', maker.site, 10],
        ['move', maker.site, depot.site, 10],
        ['move', depot.site, river.site, 10],
      ].sort(),
    );
  });

  it('raises what the rules find', async () => {
    const rows = await db.select().from(traceAlerts).orderBy(asc(traceAlerts.block), asc(traceAlerts.rule));
    expect(rows.map(({ rule, block, serial: of, site, packs }) => [rule, block, of, site, packs])).toEqual(
      [
        ['excursion', 4, null, depot.site, 10],
        ['duplicateSerial', 8, serial(0), hill.site, 1],
        ['impossibleTravel', 8, serial(0), hill.site, 1],
        ['brokenCustody', 8, serial(3), hill.site, 1],
        ['expiredOrRecalled', 9, serial(4), river.site, 1],
      ].sort((a, b) => Number(a[1]) - Number(b[1]) || String(a[0]).localeCompare(String(b[0]))),
    );
  });

  it('keeps refused events with their reason', async () => {
    const refused = await db.select().from(traceEvents).where(eq(traceEvents.outcome, 'refused'));
    expect(refused.map(({ code }) => code).sort()).toEqual(['HELD_BY_ANOTHER', 'RECALLED', 'WRONG_STATE']);
  });

  it('is the same however many blocks are applied at once', async () => {
    const one = await everything();
    for (const size of [2, 3, 100]) {
      await begin();
      await follow(storyBlocks(), size);
      const again = await everything();
      // Ids of events and hashes are drawn anew in each story.
      for (const name of Object.keys(one)) expect(again[name]?.length, name).toBe(one[name]?.length);
      expect(again.trace_stock).toEqual(one.trace_stock);
      expect(again.trace_pack).toHaveLength(10);
    }
    const blocks = storyBlocks();
    const states: Record<string, string[]>[] = [];
    for (const size of [1, 4, 100]) {
      await begin();
      await follow(blocks, size);
      states.push(await everything());
    }
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });
});

describe('shipments', () => {
  it('received in part raise an alert, which the rest puts right', async () => {
    await begin();
    const [one = '', two = ''] = epcs;
    const made = sample.commission(hour(0), maker.site, [one, two], 'B1', '2027-06-30');
    const shipped = sample.ship(hour(1), maker.site, [one, two], depot.site);
    await follow([
      blockOf(1, captureOf(maker.id, hour(1), [made, shipped])),
      blockOf(2, captureOf(depot.id, hour(9), [receive(hour(9), depot.site, [one])])),
    ]);
    expect(await db.select().from(traceAlerts)).toMatchObject([{ rule: 'partialReceipt', resolvedAt: null }]);
    await follow([blockOf(3, captureOf(depot.id, hour(10), [receive(hour(10), depot.site, [two])]))]);
    expect(await db.select().from(traceAlerts)).toMatchObject([{ rule: 'partialReceipt', resolvedAt: hour(10) }]);
    expect(await db.select().from(traceShipments)).toMatchObject([{ items: 2, received: 2, toParty: depot.id }]);
  });

  it('accepted after they were refused for coming too early are no broken custody', async () => {
    await begin();
    const [one = ''] = epcs;
    const hash = `ni:///sha-256;${'e'.repeat(64)}?ver=CBV2.0`;
    const early = receive(hour(9), depot.site, [one]);
    const made = sample.commission(hour(0), maker.site, [one], 'B1', '2027-06-30');
    await follow([
      blockOf(1, captureOf(maker.id, hour(0), [made])),
      blockOf(2, captureOf(depot.id, hour(9), [[early, { hash, outcome: 'refused', code: 'WRONG_STATE' }]])),
    ]);
    expect(await db.select().from(traceAlerts)).toMatchObject([{ rule: 'brokenCustody', resolvedAt: null }]);
    await follow([
      blockOf(3, captureOf(maker.id, hour(10), [sample.ship(hour(8), maker.site, [one], depot.site)])),
      blockOf(4, captureOf(depot.id, hour(11), [[early, { hash }]])),
    ]);
    expect(await db.select().from(traceAlerts)).toMatchObject([{ rule: 'brokenCustody', resolvedAt: hour(11) }]);
  });
});

describe('a container that is quarantined', () => {
  it('shows all in it as quarantined, wherever it lies', async () => {
    await begin();
    const made = sample.commission(hour(0), maker.site, epcs, 'B1', '2027-06-30');
    const held = { disposition: 'non_sellable_other' };
    await follow([
      blockOf(
        1,
        captureOf(maker.id, hour(1), [
          made,
          sample.pack(hour(1), maker.site, containerEpc(sscc.case), epcs.slice(0, 4)),
          sample.pack(hour(1), maker.site, containerEpc(sscc.pallet), [containerEpc(sscc.case), ...epcs.slice(4, 6)]),
        ]),
        captureOf(maker.id, hour(2), [sample.object(hour(2), maker.site, [containerEpc(sscc.case)], 'holding', held)]),
      ),
    ]);
    const of = async () =>
      Object.fromEntries((await db.select().from(traceStock)).map(({ state, packs }) => [state, packs]));
    expect(await of()).toEqual({ active: 6, quarantined: 4 });
    const released = { disposition: 'sellable_accessible' };
    await follow([
      blockOf(
        2,
        captureOf(maker.id, hour(3), [
          sample.object(hour(3), maker.site, [containerEpc(sscc.case)], 'storing', released),
        ]),
      ),
    ]);
    expect(await of()).toEqual({ active: 10 });
  });
});

describe('what a hostile sender writes', () => {
  it('stops nothing', async () => {
    await begin();
    const [one = ''] = epcs;
    const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`);
    const odd = {
      ...sample.object(hour(0), maker.site, [one, `https://x.example/${'é'.repeat(900)}`], 'inspecting'),
      'ext:nul\0': 'a\0b\ud800',
      'ext:deep': deep,
      eventID: `urn:x:${'y'.repeat(1000)}`,
      eventTime: '0000-01-01T00:00:00+14:00',
    };
    const captured = captureOf(maker.id, hour(0), [[odd, { outcome: 'refused', code: 'NOT_FOUND' }]]);
    const other = { ...captured, transactionId: 'x', args: [Buffer.from('capture'), Buffer.from('no JSON')] };
    const { facts, recalls, unreadable } = supplyFactsIn(channel, blockOf(1, other, captured));
    expect(unreadable).toBe(1);
    await projectSupply(db, channel, { facts, recalls });
    const rows = await db.select().from(traceEvents);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows[0]?.body)).toContain('a\ufffdb\ufffd');
  });
});

it('knows its products and places', async () => {
  await begin();
  expect(await db.select().from(traceProducts)).toMatchObject([{ gtin, minCelsius: 2, maxCelsius: 8 }]);
  expect((await db.select().from(traceSites)).find(({ gln }) => gln === hill.site)).toMatchObject({ latitude: 67.9 });
});
