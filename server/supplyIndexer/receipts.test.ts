import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { traceAlerts, traceShipments } from '../gateways/db/schema/trace.ts';
import { depot, gtin, hour, maker, places } from '../testing/suppliedWorld.ts';
import {
  blockOf,
  captureOf,
  containerEpc,
  gtinOf,
  packEpc,
  receive,
  type SampleEvent,
  sample,
  ssccOf,
} from '../testing/supplyChain.ts';
import { World } from '../testing/world.ts';
import { graceMs } from '../trace/alerts/receiptOverChains.ts';
import { supplyFactsIn } from './decode.ts';
import { projectGoods } from './goods.ts';
import { projectSupply } from './project.ts';
import { sweepReceipts } from './receipts.ts';
import { traceTables } from './tables.ts';

let world: World;
const box = containerEpc(ssccOf(9));
const chains = { 'supply-0': gtin, 'supply-1': gtinOf(2) };
type Channel = keyof typeof chains;

beforeAll(async () => {
  world = await World.start();
}, 120_000);
afterAll(() => world?.stop());

const told = { eventID: 'urn:uuid:0e4f0d6c-0000-4000-8000-000000000001' };
const project = (channel: Channel, number: number, by: { id: string }, at: number, ...events: SampleEvent[]) => {
  const { facts, recalls } = supplyFactsIn(channel, blockOf(number, captureOf(by.id, hour(at), events)));
  return world.portal.db.transaction((tx) => projectSupply(tx, channel, { facts, recalls }));
};
const alerts = () => world.portal.db.select().from(traceAlerts).orderBy(asc(traceAlerts.id));
const later = (at: number, ms = graceMs) => new Date(hour(at).getTime() + ms);

beforeEach(async () => {
  const { db } = world.portal;
  for (const table of traceTables) await db.delete(table);
  await projectGoods(db, {
    products: Object.entries(chains).map(([channel, number]) => ({
      ...{ gtin: number, name: channel, maker: maker.id, prefixLength: 7, channel, mapVersion: 1 },
    })),
    sites: places.map(({ id, site, latitude, longitude }) => ({
      ...{ gln: site, institutionId: id, name: id, latitude, longitude, version: 1 },
    })),
  });
  for (const channel of ['supply-0', 'supply-1'] as const) {
    const epc = packEpc(chains[channel], 'S1');
    await project(channel, 1, maker, 0, sample.commission(hour(0), maker.site, [epc], 'B1', '2027-06-30'));
    await project(channel, 2, maker, 1, sample.pack(hour(1), maker.site, box, [epc]));
    await project(channel, 3, maker, 2, { ...sample.ship(hour(2), maker.site, [box], depot.site), ...told });
  }
});

it('a case that came on one of its chains alone is told after the grace, once, and put right by the rest', async () => {
  const { db } = world.portal;
  await project('supply-0', 4, depot, 5, receive(hour(5), depot.site, [box]));
  expect(await sweepReceipts(db, later(5, graceMs - 1))).toBe(0);
  expect(await alerts()).toEqual([]);

  expect(await sweepReceipts(db, later(5))).toBe(1);
  expect(await sweepReceipts(db, later(6))).toBe(0);
  const [raised] = await alerts();
  expect(raised).toMatchObject({ rule: 'partialReceipt', level: 'notice', channel: 'supply-1', block: 3 });
  expect(raised).toMatchObject({ party: depot.id, at: later(5), resolvedAt: null, facts: { came: 1, chains: 2 } });

  await project('supply-1', 4, depot, 9, receive(hour(9), depot.site, [box]));
  expect(await sweepReceipts(db, later(10), hour(8))).toBe(1);
  const [right] = await alerts();
  expect(right).toMatchObject({ id: raised?.id, at: later(5), resolvedAt: hour(9) });

  await db.delete(traceAlerts);
  await sweepReceipts(db, later(1_000));
  expect(await alerts()).toEqual([right]);
});

it('one that came on both in time is none, nor one of which nothing came', async () => {
  const { db } = world.portal;
  expect(await sweepReceipts(db, later(1_000))).toBe(0);
  await project('supply-0', 4, depot, 5, receive(hour(5), depot.site, [box]));
  await project('supply-1', 4, depot, 5, receive(hour(5), depot.site, [box]));
  expect(await sweepReceipts(db, later(1_000))).toBe(0);
  expect(await db.$count(traceShipments)).toBe(2);
});
