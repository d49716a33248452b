import { expect, it } from 'vitest';
import { deviceId, institutionId } from '#chaincode/model/identifiers.ts';
import { productRegistration, siteRegistration } from '#chaincode/model/product.ts';
import { findProductByGtin } from '#formulary/products.ts';
import { institutions as known } from '../demonstration/people.ts';
import { goods, sites as knownSites } from '../demonstration/supply/goods.ts';
import { createWorld } from './world.ts';

const seeds = [1, 2, 3, 77];

it.each(seeds)('seed %i has five makers, twenty products and forty places such as the registry takes', (seed) => {
  const { institutions, sites, products } = createWorld(seed);
  const kinds = Map.groupBy(institutions, ({ kind }) => kind);
  expect(kinds.get('manufacturer')).toHaveLength(5);
  expect(products).toHaveLength(20);
  expect(sites).toHaveLength(40);
  for (const { plant, cold, ...product } of products) {
    expect(productRegistration.parse(product)).toEqual(product);
    expect(findProductByGtin(product.gtin)).toBeDefined();
    expect(sites[plant]?.institutionId).toBe(product.maker);
    expect(product.storage?.maxCelsius).toBe(cold ? 8 : 25);
  }
  for (const { kind: _, institution, supplier, daily, ...site } of sites) {
    expect(siteRegistration.parse(site)).toEqual(site);
    expect(institutions[institution]?.id).toBe(site.institutionId);
    expect(sites[supplier]).toBeDefined();
    expect(daily).toHaveLength(20);
  }
  for (const { id, system } of institutions) {
    expect(institutionId.parse(id)).toBe(id);
    expect(deviceId.parse(system)).toBe(system);
  }
});

it.each(seeds)('seed %i gives nothing a number or a name twice, nor one of the demonstration', (seed) => {
  const { institutions, sites, products } = createWorld(seed);
  const numbers = [...sites.map(({ gln }) => gln), ...Object.values(knownSites).map(({ gln }) => gln)];
  expect(new Set(numbers).size).toBe(numbers.length);
  const gtins = [...products.map(({ gtin }) => gtin), ...goods.map(({ gtin }) => gtin)];
  expect(new Set(gtins).size).toBe(gtins.length);
  const names = [...institutions, ...known].flatMap(({ id, name }) => [id, name]);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(sites.map(({ latitude, longitude }) => `${latitude} ${longitude}`)).size).toBe(sites.length);
});

it('is the same of the same seed', () => {
  expect(createWorld(5)).toEqual(createWorld(5));
  expect(createWorld(5)).not.toEqual(createWorld(6));
});
