import { beforeEach, describe, expect, it } from 'vitest';
import { type ChannelMap, chooseChannel } from '../../model/channelMap.ts';
import type { Product, ProductRegistration, Site, SiteRegistration } from '../../model/product.ts';
import type { Page } from '../../model/registry.ts';
import { whoMay } from '../../testing/everybody.ts';
import { refusal } from '../../testing/ledger.ts';
import { glnOf, gtinOf, institutions } from '../../testing/samples.ts';
import { createWorld, submitToRegistry, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const first: ChannelMap = { version: 1, care: ['care-0', 'care-1'], supply: ['supply-0'] };
const second: ChannelMap = { version: 2, care: ['care-0', 'care-1', 'care-2'], supply: ['supply-0', 'supply-1'] };
const publish = (map: ChannelMap) =>
  submitToRegistry(world, world.registrars.RegulatorMSP, 'publishChannelMap', JSON.stringify(map));
const read = <T>(name: string, ...args: string[]) =>
  world.ledger.evaluate<T>({
    ...{ channel: 'registry', contract: 'registry', function: name, args },
    caller: world.people.service,
  });

describe('a product', () => {
  const gtins = Array.from({ length: 60 }, (_, number) => gtinOf(number));
  const productOf = (gtin: string, change: Partial<ProductRegistration> = {}): ProductRegistration => ({
    ...{ gtin, name: 'Amoxicillin 500 mg, 20 capsules', maker: institutions.maker.id, prefixLength: 7 },
    storage: { minCelsius: 2, maxCelsius: 8 },
    ...change,
  });
  const register = (gtin: string, caller = world.registrars.RegulatorMSP, change: Partial<ProductRegistration> = {}) =>
    submitToRegistry(world, caller, 'registerProduct', JSON.stringify(productOf(gtin, change)));

  it('goes to the channel that the map in force chooses, and stays there when the map grows', async () => {
    expect(await refusal(register(gtins[0] ?? ''))).toBe('WRONG_STATE');
    await publish(first);
    const [before, after] = [gtins.slice(0, 30), gtins.slice(30)];
    const { simulation } = await register(gtins[0] ?? '');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ kind: 'product', id: gtins[0], change: 'registerProduct', status: 'active' },
    });
    for (const gtin of before.slice(1)) await register(gtin);
    await publish(second);
    for (const gtin of after) await register(gtin);
    for (const gtin of before) {
      expect(await read('readProduct', gtin)).toEqual({ ...productOf(gtin), channel: 'supply-0', mapVersion: 1 });
    }
    const chosen = await Promise.all(after.map((gtin) => read<Product>('readProduct', gtin)));
    for (const { gtin, channel, mapVersion } of chosen) {
      expect({ channel, mapVersion }).toEqual({ channel: chooseChannel(second.supply, gtin), mapVersion: 2 });
    }
    expect(new Set(chosen.map(({ channel }) => channel))).toEqual(new Set(second.supply));
  });

  it('is listed with all others, page by page', async () => {
    await publish(first);
    for (const gtin of gtins.slice(0, 3)) await register(gtin);
    const page = await read<Page<Product>>('listProducts', '2', '');
    const rest = await read<Page<Product>>('listProducts', '2', page.bookmark);
    expect([...page.items, ...rest.items].map(({ gtin }) => gtin)).toEqual(gtins.slice(0, 3).sort());
    expect(rest.bookmark).toBe('');
  });

  it('is registered once, by its maker or the authority', async () => {
    await publish(first);
    const [gtin = '', other = ''] = gtins;
    await register(gtin);
    expect(await refusal(register(gtin))).toBe('ALREADY_EXISTS');
    expect(await refusal(read('readProduct', other))).toBe('NOT_FOUND');
    const allowed = await whoMay(world, ({ world: own }, caller) =>
      submitToRegistry(own, caller, 'registerProduct', JSON.stringify(productOf(other))),
    );
    expect(allowed).toEqual(['supplier', 'regulator', 'registrar of RegulatorMSP']);
  });

  it('is not registered by a maker for another, nor by one that is suspended', async () => {
    await publish(first);
    const { supplier, wholesaler } = world.people;
    const [gtin = ''] = gtins;
    expect(await refusal(register(gtin, wholesaler))).toBe('NOT_AUTHORISED');
    expect(await refusal(register(gtin, wholesaler, { maker: institutions.wholesaler.id }))).toBe('WRONG_STATE');
    const registrar = world.registrars.RegulatorMSP;
    await submitToRegistry(world, registrar, 'setInstitutionStatus', institutions.maker.id, 'suspended');
    expect(await refusal(register(gtin, supplier))).toBe('SUSPENDED');
    await submitToRegistry(world, registrar, 'setInstitutionStatus', institutions.maker.id, 'active');
    await register(gtin, supplier);
    expect(await read<Product>('readProduct', gtin)).toMatchObject({ maker: institutions.maker.id });
  });

  it('has an active manufacturer', async () => {
    await publish(first);
    const registrar = world.registrars.RegulatorMSP;
    const [gtin = ''] = gtins;
    expect(await refusal(register(gtin, registrar, { maker: 'inst-nobody-knows' }))).toBe('NOT_FOUND');
    expect(await refusal(register(gtin, registrar, { maker: institutions.pharmacy.id }))).toBe('WRONG_STATE');
    await submitToRegistry(world, registrar, 'setInstitutionStatus', institutions.maker.id, 'suspended');
    expect(await refusal(register(gtin))).toBe('WRONG_STATE');
  });

  it.each([
    ['a wrong check digit', { gtin: '04012345000019' }],
    ['13 digits', { gtin: '4012345000009' }],
    ['a prefix of 5 digits', { prefixLength: 5 }],
    ['limits without anything between them', { storage: { minCelsius: 8, maxCelsius: 8 } }],
    ['a part of a degree', { storage: { minCelsius: 2, maxCelsius: 8.5 } }],
  ])('is refused with %s', async (_case, change) => {
    await publish(first);
    expect(await refusal(register(gtins[0] ?? '', undefined, change))).toBe('INVALID_ARGUMENT');
  });

  it('has no place where the map names no supply channel', async () => {
    await publish({ ...first, supply: [] });
    expect(await refusal(register(gtins[0] ?? ''))).toBe('WRONG_STATE');
  });
});

describe('a site', () => {
  const siteOf = (seed: number, change: Partial<SiteRegistration> = {}): SiteRegistration => ({
    ...{ gln: glnOf(seed), institutionId: institutions.pharmacy.id, name: 'River pharmacy, the counter' },
    ...{ latitude: '47.5596', longitude: '-7.588576' },
    ...change,
  });
  const register = (site: SiteRegistration, caller = world.people.pharmacyAdmin) =>
    submitToRegistry(world, caller, 'registerSite', JSON.stringify(site));

  it('is read, listed and announced as it was registered', async () => {
    const { simulation } = await register(siteOf(1));
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ kind: 'site', id: glnOf(1), change: 'registerSite', status: 'active', version: 1 },
    });
    await register(siteOf(2));
    expect(await read('readSite', glnOf(1))).toEqual({ ...siteOf(1), version: 1 });
    expect((await read<Page<Site>>('listSites', '100', '')).items.map(({ gln }) => gln)).toEqual([glnOf(1), glnOf(2)]);
    expect(await refusal(read('readSite', glnOf(3)))).toBe('NOT_FOUND');
  });

  it('is written anew by its institution, and never passes to another', async () => {
    await register(siteOf(1));
    await register(siteOf(1, { name: 'River pharmacy, the store' }));
    expect(await read('readSite', glnOf(1))).toMatchObject({ name: 'River pharmacy, the store', version: 2 });
    const moved = siteOf(1, { institutionId: institutions.otherPharmacy.id });
    expect(await refusal(register(moved, world.people.regulator))).toBe('ALREADY_EXISTS');
  });

  it('is registered by those who answer for the institution, and by the authority', async () => {
    const allowed = await whoMay(world, ({ world: own }, caller) =>
      submitToRegistry(own, caller, 'registerSite', JSON.stringify(siteOf(1))),
    );
    expect(allowed).toEqual([
      ...['regulator', 'pharmacyAdmin', 'registrar of PharmacyMSP', 'registrar of RegulatorMSP'],
    ]);
  });

  it.each([
    ['a wrong check digit', { gln: '4012345000001' }],
    ['a place beyond the pole', { latitude: '90.000001' }],
    ['a place in another form', { longitude: '7,5' }],
  ])('is refused with %s', async (_case, change) => {
    expect(await refusal(register(siteOf(1, change)))).toBe('INVALID_ARGUMENT');
  });
});
