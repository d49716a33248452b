import { beforeEach, describe, expect, it } from 'vitest';
import { institutions } from '../../testing/samples.ts';
import {
  boxUri,
  createSupply,
  packUri,
  packUris,
  partyUri,
  places,
  placeUri,
  type Supply,
} from '../../testing/supply.ts';
import { type People, submitToRegistry } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

const one = [packUri(1)];

beforeEach(async () => {
  await supply.take(people.supplier, events.commission(packUris(1, 3)));
});

describe('shipping', () => {
  it('is for the holder', async () => {
    expect(await supply.try(people.wholesaler, events.ship(one, 'wholesaler', 'pharmacy'))).toEqual([
      'HELD_BY_ANOTHER',
    ]);
    expect(await supply.try(people.supplier, events.ship([packUri(9)], 'maker', 'pharmacy'))).toEqual(['NOT_FOUND']);
    expect(await supply.try(people.regulator, events.ship(one, 'maker', 'pharmacy'))).toEqual(['NOT_AUTHORISED']);
  });

  it('names its party, by any place of it', async () => {
    const to = (type: string, destination: string) => ({ destinationList: [{ type, destination }] });
    const ways = [
      to('possessing_party', partyUri('pharmacy')),
      to('https://ref.gs1.org/cbv/SDT-owning_party', 'urn:epc:id:pgln:4012345.00003'),
      to('location', placeUri('pharmacy')),
    ];
    for (const [index, way] of ways.entries()) {
      await supply.take(people.supplier, events.ship([packUri(index + 1)], 'maker', 'pharmacy', way));
      expect((await supply.pack(index + 1)).shippedTo).toBe(institutions.pharmacy.id);
    }
  });

  it('goes to nobody who is unknown, suspended or has no medicines', async () => {
    const to = (destination: string) =>
      events.ship(one, 'maker', 'pharmacy', { destinationList: [{ type: 'possessing_party', destination }] });
    expect(await supply.try(people.supplier, to('https://id.gs1.org/417/4012345000993'))).toEqual(['NOT_FOUND']);
    expect(await supply.try(people.supplier, to('https://example.org/parties/7'))).toEqual(['INVALID_ARGUMENT']);
    const without = events.ship(one, 'maker', 'pharmacy', { destinationList: undefined });
    expect(await supply.try(people.supplier, without)).toEqual(['INVALID_ARGUMENT']);
    const { world } = supply;
    const site = {
      gln: '4012345000054',
      institutionId: institutions.insurer.id,
      name: 'An office',
      latitude: '0',
      longitude: '0',
    };
    await submitToRegistry(world, people.regulator, 'registerSite', JSON.stringify(site));
    expect(await supply.try(people.supplier, to('https://id.gs1.org/417/4012345000054'))).toEqual(['NOT_AUTHORISED']);
    await submitToRegistry(world, people.regulator, 'setInstitutionStatus', institutions.pharmacy.id, 'suspended');
    expect(await supply.try(people.supplier, events.ship(one, 'maker', 'pharmacy'))).toEqual(['SUSPENDED']);
  });

  it('refuses what is on its way, in a container or ended', async () => {
    await supply.take(people.supplier, events.ship(one, 'maker', 'pharmacy'), events.pack(boxUri(1), [packUri(2)]));
    await supply.take(people.supplier, events.object('DELETE', [packUri(3)], 'maker', 'destroying'));
    for (const number of [1, 2, 3]) {
      const again = events.ship([packUri(number)], 'maker', 'wholesaler');
      expect(await supply.try(people.supplier, again), `${number}`).toEqual(['WRONG_STATE']);
    }
  });

  it('can be taken back until it arrives, by the sender', async () => {
    const voided = () => events.object('OBSERVE', one, 'maker', 'void_shipping', { bizLocation: undefined });
    expect(await supply.try(people.supplier, voided())).toEqual(['WRONG_STATE']);
    await supply.take(people.supplier, events.ship(one, 'maker', 'pharmacy'));
    expect(await supply.try(people.pharmacist, events.object('OBSERVE', one, 'pharmacy', 'void_shipping'))).toEqual([
      'HELD_BY_ANOTHER',
    ]);
    await supply.take(people.supplier, voided());
    expect(await supply.try(people.pharmacist, events.receive(one, 'pharmacy'))).toEqual(['HELD_BY_ANOTHER']);
    await supply.take(people.supplier, events.ship(one, 'maker', 'wholesaler'));
    await supply.take(people.wholesaler, events.receive(one, 'wholesaler'));
    expect(await supply.try(people.supplier, voided())).toEqual(['HELD_BY_ANOTHER']);
  });

  it('gives what has expired back to its maker, and to nobody else', async () => {
    const old = { lot: 'B-0', until: '2020-01-31' };
    const epcs = [packUri(11)];
    await supply.take(people.supplier, events.commission(epcs, 'maker', old));
    expect(await supply.try(people.supplier, events.ship(epcs, 'maker', 'pharmacy'))).toEqual(['EXPIRED']);
    await supply.take(people.supplier, events.pack(boxUri(2), epcs));
    expect(await supply.try(people.supplier, events.ship([boxUri(2)], 'maker', 'pharmacy'))).toEqual(['EXPIRED']);
    await supply.take(people.supplier, events.ship([boxUri(2)], 'maker', 'maker'));
    const [arrived] = await supply.capture(people.supplier, events.receive([boxUri(2)], 'maker'));
    expect(arrived).toMatchObject({ outcome: 'accepted', alerts: ['expired'] });
  });
});

describe('receipt', () => {
  it('is for the named party, at a place of its own', async () => {
    expect(await supply.try(people.pharmacist, events.receive(one, 'pharmacy'))).toEqual(['HELD_BY_ANOTHER']);
    await supply.take(people.supplier, events.ship(one, 'maker', 'pharmacy'));
    expect(await supply.try(people.otherPharmacist, events.receive(one, 'otherPharmacy'))).toEqual(['HELD_BY_ANOTHER']);
    expect(await supply.try(people.supplier, events.receive(one, 'maker'))).toEqual(['WRONG_STATE']);
    expect(await supply.try(people.pharmacist, events.receive(one, 'otherPharmacy'))).toEqual(['NOT_AUTHORISED']);
    await supply.take(people.pharmacist, events.receive(one, 'pharmacy'));
    expect(await supply.try(people.pharmacist, events.receive(one, 'pharmacy'))).toEqual(['WRONG_STATE']);
  });

  it('takes a container whole, and nothing out of it', async () => {
    await supply.take(people.supplier, events.pack(boxUri(1), one), events.ship([boxUri(1)], 'maker', 'pharmacy'));
    expect(await supply.try(people.pharmacist, events.receive(one, 'pharmacy'))).toEqual(['WRONG_STATE']);
    await supply.take(people.pharmacist, events.receive([boxUri(1)], 'pharmacy'));
    expect(await supply.pack(1)).toMatchObject({ holder: institutions.pharmacy.id, site: places.pharmacy });
  });

  it('by accepting is the same, and after a receipt only a look', async () => {
    const accepting = () => events.object('OBSERVE', one, 'pharmacy', 'accepting');
    expect(await supply.try(people.pharmacist, accepting())).toEqual(['HELD_BY_ANOTHER']);
    await supply.take(people.supplier, events.ship(one, 'maker', 'pharmacy'));
    await supply.take(people.pharmacist, accepting(), accepting());
    expect(await supply.pack(1)).toMatchObject({ holder: institutions.pharmacy.id, version: 3 });
  });

  it('of all or nothing in one event', async () => {
    await supply.take(people.supplier, events.ship(one, 'maker', 'pharmacy'));
    expect(await supply.try(people.pharmacist, events.receive(packUris(1, 2), 'pharmacy'))).toEqual([
      'HELD_BY_ANOTHER',
    ]);
    expect(await supply.pack(1)).toMatchObject({ holder: institutions.maker.id, version: 2 });
  });
});

describe('any other observation', () => {
  it('is the word of the holder or of whom it is sent to', async () => {
    const look = (place: 'maker' | 'pharmacy' | 'wholesaler') => events.object('OBSERVE', one, place, 'inspecting');
    await supply.take(people.supplier, look('maker'));
    expect(await supply.try(people.pharmacist, look('pharmacy'))).toEqual(['HELD_BY_ANOTHER']);
    await supply.take(people.supplier, events.ship(one, 'maker', 'pharmacy'));
    await supply.take(people.pharmacist, events.object('OBSERVE', one, 'pharmacy', 'arriving'));
    expect(await supply.try(people.wholesaler, look('wholesaler'))).toEqual(['HELD_BY_ANOTHER']);
    expect(await supply.pack(1)).toMatchObject({ version: 2 });
    const strange = events.object('OBSERVE', ['urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100'], 'maker', 'inspecting');
    await supply.take(people.supplier, strange);
    expect(await supply.try(people.supplier, events.object('OBSERVE', [packUri(99)], 'maker', 'inspecting'))).toEqual([
      'NOT_FOUND',
    ]);
  });
});
