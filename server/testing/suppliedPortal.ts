import { institutions } from '../gateways/db/schema/people.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { supplyFactsIn } from '../supplyIndexer/decode.ts';
import { projectGoods } from '../supplyIndexer/goods.ts';
import { projectSupply } from '../supplyIndexer/project.ts';
import { depot, gtin, maker, places, storyBlocks } from './suppliedWorld.ts';
import { type Person, World } from './world.ts';

/** Blocks of a supply channel into the read model. */
export async function follow(world: World, blocks: Block[], channel = 'supply-0'): Promise<void> {
  for (const block of blocks) await projectSupply(world.portal.db, channel, supplyFactsIn(channel, block));
}

export interface Readers {
  regulator: Person;
  maker: Person;
  depot: Person;
  river: Person;
  hill: Person;
}

/** A portal that has followed the small supply chain, with somebody of each place. */
export async function suppliedPortal(): Promise<{ world: World; readers: Readers }> {
  const world = await World.start();
  await world.portal.db.insert(institutions).values([
    { id: maker.id, kind: 'manufacturer', name: 'Nordvita', mspId: 'SupplyMSP' },
    { id: depot.id, kind: 'distributor', name: 'Central Depot', mspId: 'SupplyMSP' },
  ]);
  await projectGoods(world.portal.db, {
    products: [
      {
        ...{ gtin, name: 'Insulin glargine', maker: maker.id, prefixLength: 7, channel: 'supply-0', mapVersion: 1 },
        storage: { minCelsius: 2, maxCelsius: 8 },
      },
    ],
    sites: places.map(({ id, site, latitude, longitude }) => ({
      ...{ gln: site, institutionId: id, name: `Place of ${id}`, latitude, longitude, version: 1 },
    })),
  });
  await follow(world, storyBlocks());
  const readers = {
    regulator: await world.person('regulator', 'inst-the-authority', { name: 'Ingrid Kallio' }),
    maker: await world.person('supplier', maker.id),
    depot: await world.person('supplier', depot.id),
    river: await world.person('pharmacist', 'inst-river-pharmacy'),
    hill: await world.person('pharmacist', 'inst-hill-pharmacy'),
  };
  return { world, readers };
}
