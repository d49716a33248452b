import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { traceEvents } from '../gateways/db/schema/trace.ts';
import type { Actor, Role } from '../people/schema.ts';
import { supplyFactsIn } from '../supplyIndexer/decode.ts';
import { projectGoods } from '../supplyIndexer/goods.ts';
import { projectSupply } from '../supplyIndexer/project.ts';
import { traceTables } from '../supplyIndexer/tables.ts';
import { depot, epcs, gtin, hill, maker, places, river, serials, sscc, storyBlocks } from '../testing/suppliedWorld.ts';
import { World } from '../testing/world.ts';
import { readBasics } from './basics.ts';
import { listRecalls, readReach } from './recalls.ts';
import { listArriving, listSent, readDelivery } from './shipments.ts';
import { readLabels, readStock } from './stock.ts';
import { listExcursions } from './today.ts';
import { readUndoable } from './undoing.ts';

const channel = 'supply-0';
const product = { gtin, name: 'Insulin glargine', maker: maker.id, prefixLength: 7, channel, mapVersion: 1 };
const sites = places.map(({ id, site, latitude, longitude }) => ({
  ...{ gln: site, institutionId: id, name: `Hall of ${id}`, latitude, longitude, version: 1 },
}));
let world: World;

beforeAll(async () => {
  world = await World.start();
  world.ledger.registry.products.set(gtin, product);
  for (const site of sites) world.ledger.registry.sites.set(site.gln, site);
}, 120_000);
afterAll(() => world?.stop());

/** Follows the chain's first so many blocks, in an empty read model. */
async function follow(blocks: number): Promise<void> {
  const { db } = world.portal;
  for (const table of traceTables) await db.delete(table);
  await projectGoods(db, { products: [product], sites });
  for (const block of storyBlocks().slice(0, blocks)) {
    const { facts, recalls } = supplyFactsIn(channel, block);
    await db.transaction((tx) => projectSupply(tx, channel, { facts, recalls }));
  }
}

const of = ({ id }: { id: string }, role: Role = 'supplier'): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId: `prac-${'d'.repeat(26)}`, institutionId: id },
  ...{ institutionName: null, mspId: 'SupplyMSP', enrolled: true },
});
const pharmacist = (where: { id: string }) => of(where, 'pharmacist');
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'allowed',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const everyBlock = 10;

describe('while a pallet is on its way', () => {
  beforeAll(() => follow(3));

  it('its receiver sees what comes, and its sender what has not arrived', async () => {
    const [arriving] = await listArriving(of(depot), world.portal);
    expect(arriving).toMatchObject({
      from: maker.id,
      fromSite: `Hall of ${maker.id}`,
      packs: 10,
      items: 1,
      received: 0,
    });
    expect(await listSent(of(maker), world.portal)).toMatchObject([{ to: depot.id, packs: 10, received: 0 }]);
    expect(await listArriving(pharmacist(river), world.portal)).toEqual([]);
  });

  it('tells its receiver alone what should be in it', async () => {
    const [arriving] = await listArriving(of(depot), world.portal);
    const asked = { shipment: arriving?.shipment ?? '' };
    const { expected } = await readDelivery(of(depot), asked, world.portal);
    expect(expected.map(({ item }) => item)).toEqual([{ kind: 'container', sscc: sscc.pallet }]);
    expect(await codeOf(readDelivery(pharmacist(river), asked, world.portal))).toBe('NOT_FOUND');
    expect(await codeOf(readDelivery(of(maker), asked, world.portal))).toBe('NOT_FOUND');
  });

  it('is stock of its sender still', async () => {
    expect(await readStock(of(maker), world.portal)).toMatchObject([
      { batch: 'B1', packs: { transit: 10 }, recalls: [] },
    ]);
    expect(await readStock(of(depot), world.portal)).toEqual([]);
  });
});

describe('after it has come to a pharmacy', () => {
  beforeAll(() => follow(everyBlock));

  it('the pharmacy sees its stock by state, with the recall', async () => {
    const [row, ...others] = await readStock(pharmacist(river), world.portal);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ product: 'Insulin glargine', siteName: `Hall of ${river.id}`, expiry: '2027-06-30' });
    expect(row?.packs).toEqual({ active: 5, quarantined: 2, dispensed: 2, destroyed: 1 });
    expect(row?.recalls).toHaveLength(1);
  });

  it('shows each institution its own alone', async () => {
    for (const where of [maker, depot, hill]) expect(await readStock(of(where), world.portal)).toEqual([]);
    for (const role of ['doctor', 'patient', 'insurer', 'regulator', 'admin'] as const) {
      expect(await codeOf(readStock(of(river, role), world.portal))).toBe('FORBIDDEN');
      expect(await codeOf(listArriving(of(river, role), world.portal))).toBe('FORBIDDEN');
      // Products and places are master data, which the authority needs to start a recall.
      const basics = role === 'regulator' ? 'allowed' : 'FORBIDDEN';
      expect(await codeOf(readBasics(of(river, role), world.portal))).toBe(basics);
    }
  });

  it('prints labels of loose packs that are there, and of no others', async () => {
    const { serials: loose } = await readLabels(pharmacist(river), { gtin, batch: 'B1' }, world.portal);
    expect(loose).toEqual(serials.slice(3, 8));
    expect((await readLabels(of(maker), { gtin, batch: 'B1' }, world.portal)).serials).toEqual([]);
  });

  it('asks who has packs of a recall to answer it, and tells the maker', async () => {
    const [here] = await listRecalls(pharmacist(river), world.portal);
    expect(here).toMatchObject({ reason: 'particles', level: 'retail', mayEnd: false });
    expect(here?.here).toEqual([{ site: river.site, siteName: `Hall of ${river.id}`, packs: 7 }]);
    expect(await listRecalls(of(maker), world.portal)).toMatchObject([{ here: [], mayEnd: true }]);
    expect(await listRecalls(pharmacist(hill), world.portal)).toEqual([]);
  });

  it('counts for the maker where the packs of a recall are, in cases too', async () => {
    const reach = await readReach(of(maker), { gtin, batches: ['B1'] }, world.portal);
    expect(reach).toEqual({
      places: [{ holder: 'River Pharmacy', site: `Hall of ${river.id}`, packs: 7 }],
      withPatients: 2,
    });
    const [from = '', to = ''] = [serials[8], serials[9]];
    const range = await readReach(of(maker), { gtin, serials: [{ from, to }] }, world.portal);
    expect(range.places).toMatchObject([{ holder: 'River Pharmacy', packs: 2 }]);
    expect((await readReach(of(maker), { gtin, batches: ['B2'] }, world.portal)).places).toEqual([]);
    expect(await codeOf(readReach(of(depot), { gtin }, world.portal))).toBe('FORBIDDEN');
  });

  it('tells who had it in hand that it was too warm', async () => {
    expect(await listExcursions(of(depot), world.portal)).toMatchObject([{ sscc: sscc.case }]);
    expect(await listExcursions(of(maker), world.portal)).toEqual([]);
  });
});

describe('what was taken out', () => {
  beforeAll(() => follow(everyBlock));

  /** The ledger's answer about packs that left by an event of the story, told apart by the institution that took them out. */
  async function withLeft<T>(institutionId: string, work: () => Promise<T>): Promise<T> {
    const [event] = await world.portal.db
      .select({ hash: traceEvents.hash })
      .from(traceEvents)
      .where(and(eq(traceEvents.bizStep, 'decommissioning'), eq(traceEvents.declaration, false)));
    const { evaluate } = world.ledger;
    world.ledger.evaluate = async (call) => {
      if (call.function !== 'readPacks') return evaluate.call(world.ledger, call);
      const names = z.array(z.object({ gtin: z.string(), serial: z.string() })).parse(JSON.parse(call.args[0] ?? ''));
      const at = '2026-06-03T20:00:00.000Z';
      const decommissioned = { at, site: river.site, institutionId, eventHash: event?.hash, step: 'decommission' };
      const packs = names.map((name) => ({
        ...{ ...name, batch: 'B1', expiry: '2027-06-30', state: 'decommissioned', holder: institutionId },
        ...{ site: river.site, decommissioned, version: 3, containers: [], recalls: [] },
      }));
      return Buffer.from(JSON.stringify(packs));
    };
    try {
      return await work();
    } finally {
      world.ledger.evaluate = evaluate;
    }
  }
  const asked = { gtin, serial: serials[2] ?? '' };

  it('is told to who took it out, with the very event and all packs of it', async () => {
    const found = await withLeft(river.id, () => readUndoable(pharmacist(river), asked, world.portal));
    expect(found).toMatchObject({ institution: 'River Pharmacy', siteName: `Hall of ${river.id}` });
    expect(found.packs.map(({ looked }) => looked.item)).toEqual([{ kind: 'pack', ...asked }]);
    expect(found.event).toMatchObject({ bizStep: 'decommissioning', epcList: [epcs[2]] });
  });

  it('is not told to others, but that it is another’s', async () => {
    const found = await withLeft(river.id, () => readUndoable(pharmacist(hill), asked, world.portal));
    expect(found.event).toBeUndefined();
    expect(found.asked.left?.institutionId).toBe(river.id);
    expect(await codeOf(readUndoable(of(river, 'regulator'), asked, world.portal))).toBe('FORBIDDEN');
  });

  it('says of a product that nobody registered that no ledger knows it', async () => {
    const found = await readUndoable(pharmacist(river), { ...asked, gtin: '09506000134352' }, world.portal);
    expect(found.asked.looked.known).toBe(false);
  });
});
