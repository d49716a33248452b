import { beforeEach, describe, expect, it } from 'vitest';
import { writeEpcUrn } from '../../../gs1/epcUrn.ts';
import { chooseChannel } from '../../model/channelMap.ts';
import { gtinOf, institutions } from '../../testing/samples.ts';
import { boxUri, createSupply, gtins, packUri, packUris, type Supply } from '../../testing/supply.ts';
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

describe('commissioning', () => {
  it('reads URNs and Digital Links alike', async () => {
    const urn = writeEpcUrn({ id: { type: 'sgtin', key: gtins.tablets, part: 'S7' }, prefixLength: 7 });
    expect(urn).toMatch(/^urn:epc:id:sgtin:/);
    await supply.take(people.supplier, events.commission([urn]));
    const [outcome] = await supply.capture(people.supplier, events.commission([packUri(7)]));
    expect(outcome).toMatchObject({ code: 'ALREADY_EXISTS', detail: `${gtins.tablets} S7 was commissioned before` });
  });

  it('brings an empty container into being', async () => {
    await supply.take(people.supplier, events.commission([boxUri(1)]));
    expect(await supply.box(1)).toMatchObject({ contents: {}, state: 'active', holder: institutions.maker.id });
    expect(await supply.try(people.supplier, events.commission([boxUri(1)]))).toEqual(['ALREADY_EXISTS']);
  });

  it('gives a serial number once, also within one event and one batch', async () => {
    await supply.take(people.supplier, events.commission(one));
    expect(await supply.try(people.supplier, events.commission(one))).toEqual(['ALREADY_EXISTS']);
    const twice = events.commission([packUri(2), packUri(2)]);
    expect(await supply.try(people.supplier, twice)).toEqual(['ALREADY_EXISTS']);
    const again = [events.commission([packUri(3)]), events.commission(packUris(3, 4))];
    expect(await supply.try(people.supplier, ...again)).toEqual(['accepted', 'ALREADY_EXISTS']);
    await expect(supply.pack(2)).rejects.toThrow('NOT_FOUND');
    await expect(supply.pack(4)).rejects.toThrow('NOT_FOUND');
  });

  it('is the maker’s alone, at a place of the maker’s', async () => {
    expect(await supply.try(people.wholesaler, events.commission(one, 'wholesaler'))).toEqual(['NOT_AUTHORISED']);
    expect(await supply.try(people.pharmacist, events.commission(one, 'pharmacy'))).toEqual(['NOT_AUTHORISED']);
    expect(await supply.try(people.regulator, events.commission(one))).toEqual(['NOT_AUTHORISED']);
    expect(await supply.try(people.supplier, events.commission(one, 'pharmacy'))).toEqual(['NOT_AUTHORISED']);
    const nowhere = events.commission(one, 'maker', {}, { readPoint: undefined, bizLocation: undefined });
    expect(await supply.try(people.supplier, nowhere)).toEqual(['INVALID_ARGUMENT']);
    const unknown = { bizLocation: { id: 'https://id.gs1.org/414/4012345000993' } };
    expect(await supply.try(people.supplier, events.commission(one, 'maker', {}, unknown))).toEqual(['NOT_FOUND']);
  });

  it('needs a product, batch and expiry', async () => {
    expect(await supply.try(people.supplier, events.commission([packUri(1, gtinOf(99))]))).toEqual(['NOT_FOUND']);
    const without = (ilmd: object) => events.commission(one, 'maker', {}, { ilmd });
    const bare = [
      without({ 'cbvmda:itemExpirationDate': '2099-06-30' }),
      without({ 'cbvmda:lotNumber': 'B-1' }),
      without({ 'cbvmda:lotNumber': 'B|1', 'cbvmda:itemExpirationDate': '2099-06-30' }),
      without({ 'cbvmda:lotNumber': 'B-1', 'cbvmda:itemExpirationDate': '2099-02-30' }),
    ];
    expect(await supply.try(people.supplier, ...bare)).toEqual(bare.map(() => 'INVALID_ARGUMENT'));
  });

  it('takes nothing but packs and containers', async () => {
    const others = [
      [`https://id.gs1.org/01/${gtins.tablets}`],
      [`https://id.gs1.org/01/${gtins.tablets}/10/B-1`],
      ['https://id.gs1.org/8004/401234500001'],
      ['urn:uuid:0f0e0d0c-0b0a-4908-8706-050403020100'],
    ].map((epcs) => events.commission(epcs));
    expect(await supply.try(people.supplier, ...others)).toEqual(others.map(() => 'INVALID_ARGUMENT'));
  });

  it('happens on the product’s channel', async () => {
    const { world } = supply;
    const map = { version: 2, care: ['care-0'], supply: ['supply-0', 'supply-1'] };
    const registrar = world.registrars.RegulatorMSP;
    await submitToRegistry(world, registrar, 'publishChannelMap', JSON.stringify(map));
    const gtin = Array.from({ length: 50 }, (_, seed) => gtinOf(50 + seed)).find(
      (candidate) => chooseChannel(map.supply, candidate) === 'supply-1',
    );
    const product = { gtin, name: 'The syrup', maker: institutions.maker.id, prefixLength: 7 };
    await submitToRegistry(world, registrar, 'registerProduct', JSON.stringify(product));
    expect(await supply.try(people.supplier, events.commission([packUri(1, gtin)]))).toEqual(['WRONG_CHANNEL']);
  });
});

describe('a transformation', () => {
  it('uses packs up and brings others into being', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 2)));
    await supply.take(people.supplier, events.transform(packUris(1, 2), [packUri(3)], 'maker'));
    expect((await supply.pack(1)).state).toBe('destroyed');
    expect(await supply.pack(3)).toMatchObject({ state: 'active', batch: 'B-2' });
  });

  it('is of what one has, and its outputs are the maker’s', async () => {
    await supply.deliver([packUri(1)], 'wholesaler');
    expect(await supply.try(people.supplier, events.transform([packUri(1)], [packUri(2)], 'maker'))).toEqual([
      'HELD_BY_ANOTHER',
    ]);
    expect(await supply.try(people.wholesaler, events.transform([packUri(1)], [packUri(2)], 'wholesaler'))).toEqual([
      'NOT_AUTHORISED',
    ]);
    expect((await supply.pack(1)).state).toBe('active');
    const unknown = events.transform([packUri(9)], [packUri(2)], 'maker');
    expect(await supply.try(people.supplier, unknown)).toEqual(['NOT_FOUND']);
  });
});
