import { beforeEach, describe, expect, it } from 'vitest';
import { institutions, ssccOf } from '../../testing/samples.ts';
import { boxUri, createSupply, gtins, packUri, packUris, places, type Supply } from '../../testing/supply.ts';
import type { People } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

const kind = (gtin: string, batch = 'B-1') => `${gtin}|${batch}|2099-06-30`;

describe('packing', () => {
  it('counts what goes in, and moves it with the container', async () => {
    const [tablets, vaccines] = [packUris(1, 3), packUris(4, 5, gtins.vaccine)];
    await supply.take(people.supplier, events.commission(tablets), events.commission(vaccines));
    await supply.take(people.supplier, events.pack(boxUri(1), [...tablets, ...vaccines]));
    expect(await supply.box(1)).toMatchObject({
      contents: { [kind(gtins.tablets)]: 3, [kind(gtins.vaccine)]: 2 },
      ...{ holder: institutions.maker.id, site: places.maker, levels: 1, containers: [] },
    });
    const shipped = await supply.world.ledger.submit(
      supply.captureOrder(people.supplier, events.ship([boxUri(1)], 'maker', 'pharmacy')),
    );
    const written = [...shipped.simulation.writes.keys()].filter((key) => !key.includes('event'));
    expect(written).toEqual([expect.stringContaining(ssccOf(1))]);
    expect(await supply.pack(2)).toMatchObject({ shippedTo: institutions.pharmacy.id, containers: [ssccOf(1)] });
    await supply.take(people.pharmacist, events.receive([boxUri(1)], 'pharmacy'));
    expect(await supply.pack(2)).toMatchObject({ holder: institutions.pharmacy.id, site: places.pharmacy });
  });

  it('lists what is in it, page by page', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 3)), events.pack(boxUri(1), packUris(1, 3)));
    await supply.take(people.supplier, events.pack(boxUri(2), [boxUri(1)]));
    const page = await supply.evaluate<{ items: object[]; bookmark: string }>('listContents', ssccOf(1), '2', '');
    const rest = await supply.evaluate<{ items: object[] }>('listContents', ssccOf(1), '2', page.bookmark);
    expect([...page.items, ...rest.items]).toEqual(
      [1, 2, 3].map((number) => ({ kind: 'pack', gtin: gtins.tablets, serial: `S${number}` })),
    );
    expect(await supply.evaluate('listContents', ssccOf(2), '100', '')).toEqual({
      ...{ items: [{ kind: 'container', sscc: ssccOf(1) }], bookmark: '' },
    });
  });

  it('takes a thousand packs at once, and lets them out again', async () => {
    const epcs = packUris(1, 1000);
    await supply.take(people.supplier, events.commission(epcs), events.pack(boxUri(1), epcs));
    expect((await supply.box(1)).contents).toEqual({ [kind(gtins.tablets)]: 1000 });
    await supply.take(people.supplier, events.ship([boxUri(1)], 'maker', 'wholesaler'));
    await supply.take(people.wholesaler, events.receive([boxUri(1)], 'wholesaler'));
    await supply.take(people.wholesaler, events.unpack(boxUri(1), [], 'wholesaler'));
    expect((await supply.box(1)).contents).toEqual({});
    expect(await supply.pack(1000)).toMatchObject({
      holder: institutions.wholesaler.id,
      site: places.wholesaler,
      containers: [],
    });
  });

  it('refuses what the caller does not have, has sent, or has packed elsewhere', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 4)), events.pack(boxUri(1), [packUri(1)]));
    await supply.deliver([packUri(5)], 'wholesaler');
    await supply.take(people.supplier, events.ship([packUri(2)], 'maker', 'pharmacy'));
    const refused = [
      events.pack(boxUri(2), [packUri(1)]),
      events.pack(boxUri(2), [packUri(2)]),
      events.pack(boxUri(2), [packUri(5)]),
      events.pack(boxUri(2), [packUri(99)]),
      events.pack(boxUri(2), [packUri(3), packUri(3)]),
      events.pack(boxUri(1), [boxUri(1)]),
      events.pack(packUri(4), [packUri(3)]),
      events.pack(boxUri(2), []),
    ];
    expect(await supply.try(people.supplier, ...refused)).toEqual([
      ...['WRONG_STATE', 'WRONG_STATE', 'HELD_BY_ANOTHER', 'NOT_FOUND', 'WRONG_STATE', 'INVALID_ARGUMENT'],
      ...['INVALID_ARGUMENT', 'INVALID_ARGUMENT'],
    ]);
    expect(await supply.try(people.wholesaler, events.pack(boxUri(1), [packUri(5)], 'wholesaler'))).toEqual([
      'HELD_BY_ANOTHER',
    ]);
    await expect(supply.box(2)).rejects.toThrow('NOT_FOUND');
    expect((await supply.box(1)).contents).toEqual({ [kind(gtins.tablets)]: 1 });
  });

  it('stacks four levels of containers and no fifth, from either end', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 2)), events.pack(boxUri(1), [packUri(1)]));
    for (const level of [2, 3, 4]) await supply.take(people.supplier, events.pack(boxUri(level), [boxUri(level - 1)]));
    expect(await supply.pack(1)).toMatchObject({ containers: [1, 2, 3, 4].map(ssccOf) });
    expect((await supply.box(4)).contents).toEqual({ [kind(gtins.tablets)]: 1 });
    await supply.take(people.supplier, events.commission([boxUri(5), boxUri(6)]));
    expect(await supply.try(people.supplier, events.pack(boxUri(5), [boxUri(4)]))).toEqual(['WRONG_STATE']);
    expect(await supply.try(people.supplier, events.pack(boxUri(1), [boxUri(5)]))).toEqual(['WRONG_STATE']);
    expect(await supply.try(people.supplier, events.pack(boxUri(1), [boxUri(4)]))).toEqual(['INVALID_ARGUMENT']);
    await supply.take(people.supplier, events.pack(boxUri(1), [packUri(2)]));
    expect((await supply.box(4)).contents).toEqual({ [kind(gtins.tablets)]: 2 });
    await supply.take(people.supplier, events.unpack(boxUri(4), [], 'maker'), events.pack(boxUri(4), [boxUri(5)]));
  });
});

describe('unpacking', () => {
  beforeEach(async () => {
    const epcs = packUris(1, 3);
    await supply.take(people.supplier, events.commission(epcs), events.pack(boxUri(1), epcs));
  });

  it('takes out what is named and leaves the rest', async () => {
    await supply.take(people.supplier, events.unpack(boxUri(1), [packUri(2)], 'maker'));
    expect((await supply.box(1)).contents).toEqual({ [kind(gtins.tablets)]: 2 });
    expect((await supply.pack(2)).containers).toEqual([]);
    expect((await supply.pack(3)).containers).toEqual([ssccOf(1)]);
  });

  it('refuses what is not in it, twice the same, and what is on its way or another’s', async () => {
    expect(await supply.try(people.supplier, events.unpack(boxUri(1), [packUri(9)], 'maker'))).toEqual(['NOT_FOUND']);
    const twice = events.unpack(boxUri(1), [packUri(2), packUri(2)], 'maker');
    expect(await supply.try(people.supplier, twice)).toEqual(['WRONG_STATE']);
    await supply.take(people.supplier, events.unpack(boxUri(1), [packUri(2)], 'maker'));
    expect(await supply.try(people.supplier, events.unpack(boxUri(1), [packUri(2)], 'maker'))).toEqual(['WRONG_STATE']);
    await supply.take(people.supplier, events.ship([boxUri(1)], 'maker', 'pharmacy'));
    expect(await supply.try(people.supplier, events.unpack(boxUri(1), [], 'maker'))).toEqual(['WRONG_STATE']);
    expect(await supply.try(people.pharmacist, events.unpack(boxUri(1), [], 'pharmacy'))).toEqual(['HELD_BY_ANOTHER']);
    expect((await supply.box(1)).contents).toEqual({ [kind(gtins.tablets)]: 2 });
  });

  it('takes what is in a container out of all around it', async () => {
    await supply.take(people.supplier, events.pack(boxUri(2), [boxUri(1)]));
    await supply.take(people.supplier, events.unpack(boxUri(1), [packUri(1)], 'maker'));
    expect((await supply.box(2)).contents).toEqual({ [kind(gtins.tablets)]: 2 });
    await supply.take(people.supplier, events.unpack(boxUri(2), [boxUri(1)], 'maker'));
    expect((await supply.box(2)).contents).toEqual({});
    expect((await supply.box(1)).contents).toEqual({ [kind(gtins.tablets)]: 2 });
  });

  it('sees within one call what was packed before', async () => {
    await supply.take(
      people.supplier,
      events.commission([packUri(4)]),
      events.pack(boxUri(1), [packUri(4)]),
      events.unpack(boxUri(1), [], 'maker'),
    );
    expect((await supply.pack(4)).containers).toEqual([]);
    expect(await supply.evaluate('listContents', ssccOf(1), '100', '')).toEqual({ items: [], bookmark: '' });
  });
});
