import { beforeEach, describe, expect, it } from 'vitest';
import { boxUri, createSupply, packUri, packUris, type Supply } from '../../testing/supply.ts';
import type { People } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

const one = [packUri(1)];

describe('a quarantine', () => {
  beforeEach(() => supply.deliver(packUris(1, 2)));

  it('stops what would leave the holder, and ends with its release', async () => {
    await supply.take(people.pharmacist, events.hold(one, 'pharmacy'));
    expect(await supply.pack(1)).toMatchObject({ state: 'quarantined', heldBy: 'holder' });
    const stopped = [
      events.decommission(one),
      events.dispense(one),
      events.ship(one, 'pharmacy', 'wholesaler'),
      events.hold(one, 'pharmacy'),
    ];
    expect(await supply.try(people.pharmacist, ...stopped)).toEqual(stopped.map(() => 'WRONG_STATE'));
    await supply.take(people.pharmacist, events.release(packUris(1, 2), 'pharmacy'), events.dispense(one));
  });

  it('is by the holder or the authority, and what the authority holds it alone releases', async () => {
    expect(await supply.try(people.otherPharmacist, events.hold(one, 'otherPharmacy'))).toEqual(['HELD_BY_ANOTHER']);
    await supply.take(people.regulator, events.hold(one, 'pharmacy'));
    expect(await supply.try(people.pharmacist, events.release(one, 'pharmacy'))).toEqual(['NOT_AUTHORISED']);
    expect(await supply.try(people.pharmacist, events.ship(one, 'pharmacy', 'maker'))).toEqual(['WRONG_STATE']);
    await supply.take(people.regulator, events.release(one, 'pharmacy'));
    await supply.take(people.pharmacist, events.hold(one, 'pharmacy'));
    await supply.take(people.regulator, events.hold(one, 'pharmacy'));
    expect(await supply.try(people.pharmacist, events.release(one, 'pharmacy'))).toEqual(['NOT_AUTHORISED']);
    await supply.take(people.regulator, events.release(one, 'pharmacy'));
    expect(await supply.try(people.otherPharmacist, events.release(one, 'otherPharmacy'))).toEqual(['HELD_BY_ANOTHER']);
  });

  it('lets a pack go back to its maker, still quarantined', async () => {
    await supply.take(
      people.pharmacist,
      events.object('OBSERVE', one, 'pharmacy', 'inspecting', { disposition: 'damaged' }),
    );
    await supply.take(people.pharmacist, events.ship(one, 'pharmacy', 'maker'));
    await supply.take(people.supplier, events.receive(one, 'maker'));
    expect((await supply.pack(1)).state).toBe('quarantined');
    await supply.take(people.supplier, events.object('DELETE', one, 'maker', 'destroying'));
  });
});

describe('a quarantine in containers', () => {
  beforeEach(async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 3)), events.pack(boxUri(1), packUris(1, 3)));
    await supply.take(people.supplier, events.pack(boxUri(2), [boxUri(1)]));
  });

  it('of one pack stops the outermost, until it is released or taken out', async () => {
    await supply.take(people.regulator, events.hold(one, 'maker'));
    expect((await supply.box(2)).withheld).toBe(1);
    expect(await supply.try(people.supplier, events.ship([boxUri(2)], 'maker', 'pharmacy'))).toEqual(['WRONG_STATE']);
    await supply.take(people.supplier, events.unpack(boxUri(1), one, 'maker'));
    expect(await supply.box(2)).not.toHaveProperty('withheld');
    expect((await supply.pack(1)).state).toBe('quarantined');
    await supply.take(people.supplier, events.pack(boxUri(1), one));
    expect((await supply.box(2)).withheld).toBe(1);
    await supply.take(people.regulator, events.release(one, 'maker'));
    await supply.take(people.supplier, events.ship([boxUri(2)], 'maker', 'pharmacy'));
  });

  it('of a container is one of all that is in it', async () => {
    await supply.take(people.regulator, events.hold([boxUri(1)], 'maker'));
    expect(await supply.pack(2)).toMatchObject({ state: 'quarantined', heldBy: 'authority' });
    const stopped = [
      events.ship([boxUri(2)], 'maker', 'maker'),
      events.unpack(boxUri(1), one, 'maker'),
      events.ship([boxUri(1)], 'maker', 'pharmacy'),
    ];
    expect(await supply.try(people.supplier, ...stopped)).toEqual(stopped.map(() => 'WRONG_STATE'));
    await supply.take(people.regulator, events.release([boxUri(1)], 'maker'));
    expect((await supply.pack(2)).state).toBe('active');
    await supply.take(people.supplier, events.ship([boxUri(2)], 'maker', 'pharmacy'));
  });

  it('on the way does not stop the receipt, and stays', async () => {
    await supply.take(people.supplier, events.ship([boxUri(2)], 'maker', 'pharmacy'));
    await supply.take(people.regulator, events.hold([boxUri(2)], 'maker'));
    await supply.take(people.pharmacist, events.receive([boxUri(2)], 'pharmacy'));
    expect(await supply.pack(3)).toMatchObject({ state: 'quarantined', heldBy: 'authority' });
  });

  it('lets a box of returns go to the maker, and to nobody else', async () => {
    await supply.take(people.supplier, events.ship([boxUri(2)], 'maker', 'pharmacy'));
    await supply.take(people.pharmacist, events.receive([boxUri(2)], 'pharmacy'), events.hold(one, 'pharmacy'));
    expect(await supply.try(people.pharmacist, events.ship([boxUri(2)], 'pharmacy', 'wholesaler'))).toEqual([
      'WRONG_STATE',
    ]);
    await supply.take(people.pharmacist, events.ship([boxUri(2)], 'pharmacy', 'maker'));
  });
});
