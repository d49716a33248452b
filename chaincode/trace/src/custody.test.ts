import { beforeEach, describe, expect, it } from 'vitest';
import { institutions } from '../../testing/samples.ts';
import { createSupply, gtins, packUri, packUris, places, type Supply } from '../../testing/supply.ts';
import type { People } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

const [maker, wholesaler, pharmacy] = [institutions.maker.id, institutions.wholesaler.id, institutions.pharmacy.id];

describe('a pack', () => {
  it('is commissioned, shipped, received, decommissioned and dispensed', async () => {
    const epcs = packUris(1, 2);
    await supply.take(people.supplier, events.commission(epcs));
    expect(await supply.pack(1)).toEqual({
      ...{ gtin: gtins.tablets, serial: 'S1', batch: 'B-1', expiry: '2099-06-30', state: 'active' },
      ...{ holder: maker, site: places.maker, containers: [], recalls: [], version: 1 },
    });
    await supply.take(people.supplier, events.ship(epcs, 'maker', 'wholesaler'));
    expect(await supply.pack(2)).toMatchObject({ holder: maker, site: places.maker, shippedTo: wholesaler });
    await supply.take(people.wholesaler, events.receive(epcs, 'wholesaler'));
    const received = await supply.pack(2);
    expect(received).toMatchObject({ holder: wholesaler, site: places.wholesaler });
    expect(received).not.toHaveProperty('shippedTo');
    await supply.take(people.wholesaler, events.ship(epcs, 'wholesaler', 'pharmacy'));
    await supply.take(people.pharmacist, events.receive(epcs, 'pharmacy'), events.decommission([packUri(1)]));
    const left = await supply.pack(1);
    expect(left).toMatchObject({
      state: 'decommissioned',
      decommissioned: { site: places.pharmacy, step: 'decommission' },
    });
    await supply.take(people.pharmacist, events.dispense(epcs));
    expect(await supply.pack(1)).toMatchObject({
      state: 'dispensed',
      holder: pharmacy,
      decommissioned: { step: 'dispense' },
    });
    expect((await supply.pack(2)).state).toBe('dispensed');
  });
});
