import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { day, institutions, ssccOf } from '../../testing/samples.ts';
import { boxUri, createSupply, hashOf, packUri, packUris, type Supply, withdrawn } from '../../testing/supply.ts';
import type { People } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

afterEach(() => {
  vi.useRealTimers();
});
/** Lets the clock of everybody go on. */
const pass = (milliseconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });

const one = [packUri(1)];
const destroy = (epcs: string[], place: 'maker' | 'pharmacy') => events.object('DELETE', epcs, place, 'destroying');
const steal = (epcs: string[], place: 'maker' | 'pharmacy') =>
  events.object('OBSERVE', epcs, place, 'other', { disposition: 'stolen' });

describe('decommissioning', () => {
  it('is for the holder, at a place of its own', async () => {
    await supply.deliver(one);
    expect(await supply.try(people.otherPharmacist, events.decommission(one, 'otherPharmacy'))).toEqual([
      'HELD_BY_ANOTHER',
    ]);
    expect(await supply.try(people.pharmacist, events.decommission(one, 'otherPharmacy'))).toEqual(['NOT_AUTHORISED']);
    expect(await supply.try(people.pharmacist, events.decommission([packUri(9)]))).toEqual(['NOT_FOUND']);
    expect(await supply.try(people.regulator, events.decommission(one))).toEqual(['NOT_AUTHORISED']);
    await supply.take(people.pharmacist, events.decommission(one));
    expect(await supply.try(people.pharmacist, events.decommission(one))).toEqual(['WRONG_STATE']);
  });

  it('refuses what is in a container or has expired', async () => {
    await supply.take(people.supplier, events.commission(one), events.pack(boxUri(1), one));
    expect(await supply.try(people.supplier, events.decommission(one, 'maker'))).toEqual(['WRONG_STATE']);
    await supply.take(people.supplier, events.commission([packUri(2)], 'maker', { lot: 'B-0', until: '2020-01-31' }));
    expect(await supply.try(people.supplier, events.decommission([packUri(2)], 'maker'))).toEqual(['EXPIRED']);
  });

  it('ends a container that is empty', async () => {
    await supply.take(people.supplier, events.commission(one), events.pack(boxUri(1), one));
    expect(await supply.try(people.supplier, events.decommission([boxUri(1)], 'maker'))).toEqual(['WRONG_STATE']);
    await supply.take(
      people.supplier,
      events.unpack(boxUri(1), [], 'maker'),
      events.decommission([boxUri(1)], 'maker'),
    );
  });
});

describe('an undo', () => {
  beforeEach(() => supply.deliver(packUris(1, 2)));

  it('brings a pack back, once, and it can be decommissioned again', async () => {
    const left = events.decommission(packUris(1, 2));
    await supply.take(people.pharmacist, left);
    const undo = withdrawn(left);
    expect(hashOf(undo)).toBe(hashOf(left));
    expect(await supply.capture(people.pharmacist, undo)).toEqual([
      { hash: hashOf(left), declaration: true, outcome: 'accepted' },
    ]);
    const active = await supply.pack(1);
    expect(active.state).toBe('active');
    expect(active).not.toHaveProperty('decommissioned');
    expect(await supply.try(people.pharmacist, undo, left)).toEqual(['duplicate', 'duplicate']);
    expect((await supply.pack(1)).state).toBe('active');
    expect(await supply.evaluate('readEvent', hashOf(left))).toMatchObject({
      ...{ event: { outcome: 'accepted' }, declaration: { outcome: 'accepted', declaration: true } },
    });
    await supply.take(people.pharmacist, events.decommission(one));
  });

  it('is of ten days and not of more', async () => {
    const [early, late] = [events.decommission([packUri(1)]), events.decommission([packUri(2)])];
    await supply.take(people.pharmacist, early, late);
    pass(10 * day - 60_000);
    await supply.take(people.pharmacist, withdrawn(early));
    pass(60_000);
    expect(await supply.try(people.pharmacist, withdrawn(late))).toEqual(['WRONG_STATE']);
  });

  it('is for who decommissioned, and of what was', async () => {
    const left = events.decommission(one);
    expect(await supply.try(people.pharmacist, withdrawn(left))).toEqual(['NOT_FOUND']);
    await supply.take(people.pharmacist, left);
    expect(await supply.try(people.otherPharmacist, withdrawn(left))).toEqual(['NOT_AUTHORISED']);
    // Another place is another event.
    const elsewhere = { ...left, bizLocation: { id: 'https://id.gs1.org/414/4012345000047' } };
    expect(await supply.try(people.pharmacist, withdrawn(elsewhere))).toEqual(['NOT_FOUND']);
    const refused = events.decommission([packUri(9)]);
    expect(await supply.try(people.pharmacist, refused)).toEqual(['NOT_FOUND']);
    expect(await supply.try(people.pharmacist, withdrawn(refused))).toEqual(['NOT_FOUND']);
  });

  it('never follows a hand-over, a theft, a destruction or a recall', async () => {
    const left = packUris(1, 2).map((epc) => events.decommission([epc]));
    await supply.take(people.pharmacist, ...left, events.dispense(one), steal([packUri(2)], 'pharmacy'));
    const undo = left.map((event) => withdrawn(event));
    expect(await supply.try(people.pharmacist, ...undo)).toEqual(['WRONG_STATE', 'WRONG_STATE']);
    await supply.deliver(packUris(3, 4));
    const more = packUris(3, 4).map((epc) => events.decommission([epc]));
    await supply.take(people.pharmacist, ...more, destroy([packUri(3)], 'pharmacy'));
    await supply.recall(1);
    const rest = more.map((event) => withdrawn(event));
    expect(await supply.try(people.pharmacist, ...rest)).toEqual(['WRONG_STATE', 'RECALLED']);
  });

  it('never follows the pack’s last day', async () => {
    const until = new Date(Date.now() + 2 * day).toISOString().slice(0, 10);
    const epc = [packUri(5)];
    await supply.take(people.supplier, events.commission(epc, 'maker', { lot: 'B-5', until }));
    const left = events.decommission(epc, 'maker');
    await supply.take(people.supplier, left);
    pass(4 * day);
    expect(await supply.try(people.supplier, withdrawn(left))).toEqual(['EXPIRED']);
  });

  it('of a shipment is for the sender until it arrives', async () => {
    const sent = events.ship(one, 'pharmacy', 'wholesaler');
    await supply.take(people.pharmacist, sent, withdrawn(sent));
    expect(await supply.pack(1)).not.toHaveProperty('shippedTo');
    expect(await supply.try(people.wholesaler, events.receive(one, 'wholesaler'))).toEqual(['HELD_BY_ANOTHER']);
  });

  it('of anything else is kept and changes nobody’s custody', async () => {
    const left = events.decommission(one);
    await supply.take(people.pharmacist, left, withdrawn(left, 'incorrect_data'));
    expect((await supply.pack(1)).state).toBe('decommissioned');
    const looked = events.object('OBSERVE', [packUri(2)], 'pharmacy', 'inspecting');
    await supply.take(people.pharmacist, looked, withdrawn(looked));
  });
});

describe('dispensing', () => {
  it('is final, with or without a decommissioning before', async () => {
    await supply.deliver(packUris(1, 2));
    await supply.take(people.pharmacist, events.decommission(one), events.dispense(packUris(1, 2)));
    for (const epcs of [one, [packUri(2)]]) {
      const after = [
        events.dispense(epcs),
        events.decommission(epcs),
        events.ship(epcs, 'pharmacy', 'wholesaler'),
        events.hold(epcs, 'pharmacy'),
        steal(epcs, 'pharmacy'),
        destroy(epcs, 'pharmacy'),
        events.pack(boxUri(1), epcs, 'pharmacy'),
      ];
      expect(await supply.try(people.pharmacist, ...after)).toEqual(after.map(() => 'WRONG_STATE'));
    }
  });

  it('is a pharmacy’s, of packs that it has', async () => {
    await supply.take(people.supplier, events.commission(one));
    expect(await supply.try(people.supplier, events.dispense(one, 'maker'))).toEqual(['NOT_AUTHORISED']);
    expect(await supply.try(people.pharmacist, events.dispense(one))).toEqual(['HELD_BY_ANOTHER']);
    await supply.take(people.supplier, events.pack(boxUri(1), one), events.ship([boxUri(1)], 'maker', 'pharmacy'));
    await supply.take(people.pharmacist, events.receive([boxUri(1)], 'pharmacy'));
    expect(await supply.try(people.pharmacist, events.dispense(one))).toEqual(['WRONG_STATE']);
    expect(await supply.try(people.pharmacist, events.dispense([boxUri(1)]))).toEqual(['INVALID_ARGUMENT']);
    await supply.take(people.pharmacist, events.unpack(boxUri(1), [], 'pharmacy'), events.dispense(one));
  });
});

describe('loss', () => {
  it('takes a pack out of its container, and a container with all that is in it', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 3)), events.pack(boxUri(1), packUris(1, 3)));
    await supply.take(people.supplier, steal(one, 'maker'));
    expect(await supply.pack(1)).toMatchObject({ state: 'stolen', containers: [] });
    expect(Object.values((await supply.box(1)).contents)).toEqual([2]);
    await supply.take(people.supplier, destroy([boxUri(1)], 'maker'));
    expect(await supply.pack(2)).toMatchObject({ state: 'destroyed', containers: [ssccOf(1)] });
    const after = [
      events.unpack(boxUri(1), [packUri(2)], 'maker'),
      events.ship([boxUri(1)], 'maker', 'pharmacy'),
      destroy([packUri(2)], 'maker'),
    ];
    expect(await supply.try(people.supplier, ...after)).toEqual(after.map(() => 'WRONG_STATE'));
  });

  it('on the way is told by who sent it, and does not arrive', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 2)), events.pack(boxUri(1), packUris(1, 2)));
    await supply.take(people.supplier, events.ship([boxUri(1)], 'maker', 'pharmacy'));
    expect(await supply.try(people.pharmacist, steal([boxUri(1)], 'pharmacy'))).toEqual(['HELD_BY_ANOTHER']);
    await supply.take(people.supplier, steal([boxUri(1)], 'maker'));
    expect(await supply.try(people.pharmacist, events.receive([boxUri(1)], 'pharmacy'))).toEqual(['WRONG_STATE']);
    expect(await supply.pack(2)).toMatchObject({ state: 'stolen', holder: institutions.maker.id });
  });
});
