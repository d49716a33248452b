import { createHash } from 'node:crypto';
import type { ProductRegistration, SiteRegistration } from '#chaincode/model/product.ts';
import type { InstitutionKind } from '#chaincode/model/registry.ts';
import { findProduct } from '#formulary/products.ts';
import { withCheckDigit } from '#gs1/checkDigit.ts';
import { Draw } from './draw.ts';
import * as names from './names.ts';

/** Who takes part in the simulated supply chain, and what is traced in it. The same seed gives the same. */

export interface Institution {
  id: string;
  kind: Extract<InstitutionKind, 'manufacturer' | 'distributor' | 'pharmacy'>;
  name: string;
  mspId: string;
  /** Town, where it has one place only. */
  place: string;
  /** `dev-…`: its own software, in whose name its events are signed. */
  system: string;
}

export interface Site extends SiteRegistration {
  kind: 'plant' | 'warehouse' | 'pharmacy';
  /** Index of its institution. */
  institution: number;
  /** Index of the warehouse that supplies a pharmacy; of a warehouse and a plant its own. */
  supplier: number;
  /** Packs of each product that go out on an average day: to patients, or from here to whom it supplies. */
  daily: number[];
}

export interface Product extends ProductRegistration {
  /** Index of the plant that makes it. */
  plant: number;
  cold: boolean;
}

export interface World {
  seed: number;
  institutions: Institution[];
  sites: Site[];
  products: Product[];
}

const warehouses = 7;
const pharmaciesOfChain = 5;
const hospitals = 4;
/** Packs that an average pharmacy dispenses on an average day, and of how many products. */
const dispensedDaily = 12;
const assortment = 9;

/** Under the prefix that GS1 keeps for demonstrations, beside the places of the demonstration itself. */
const glnOf = (number: number) => withCheckDigit(`950600${String(number).padStart(6, '0')}`);

export function createWorld(seed: number): World {
  const draw = new Draw(seed);
  const towns = draw.shuffled(names.towns);
  const institutions: Institution[] = [];
  const sites: Site[] = [];
  const found = (kind: Institution['kind'], name: string): number => {
    const id = `inst-sim-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
    const mspId = kind === 'pharmacy' ? 'PharmacyMSP' : 'SupplyMSP';
    return institutions.push({ id, kind, name, mspId, place: '', system: systemOf(seed, id) }) - 1;
  };
  const place = (kind: Site['kind'], institution: number, gln: string, town: number, name = '') => {
    const [townName = '', latitude = '', longitude = ''] = towns[town] ?? [];
    const house = institutions[institution];
    if (!house || !townName) throw new Error(`There is no town for a ${kind}.`);
    const called = `${name || `${house.name} ${kind}`}, ${townName}`;
    house.place = sites.some((site) => site.institution === institution) ? '' : townName;
    const site = { gln, institutionId: house.id, name: called, latitude, longitude };
    sites.push({ ...site, kind, institution, supplier: sites.length, daily: [] });
  };

  let town = 0;
  names.makers.forEach((name, index) => {
    place('plant', found('manufacturer', name), glnOf(11_001 + index), town++);
  });
  const houses = names.distributors.map((name) => found('distributor', name));
  for (let index = 0; index < warehouses; index += 1) {
    spread(towns, town);
    place('warehouse', houses[index % houses.length] ?? 0, glnOf(12_001 + index), town++);
  }
  let pharmacy = 13_001;
  for (const name of draw.shuffled(names.chains)) {
    const chain = found('pharmacy', `${name} Pharmacies`);
    for (let index = 0; index < pharmaciesOfChain; index += 1)
      place('pharmacy', chain, glnOf(pharmacy++), town++, `${name} Pharmacy`);
  }
  for (const name of names.independents)
    place('pharmacy', found('pharmacy', `${name} Pharmacy`), glnOf(pharmacy++), town++);
  for (let index = 0; index < hospitals; index += 1) {
    const own = found('pharmacy', `${towns[town]?.[0]} Hospital Pharmacy`);
    place('pharmacy', own, glnOf(pharmacy++), town++, 'Hospital Pharmacy');
  }
  // An independent pharmacy is called as its institution.
  for (const site of sites) site.name = site.name.replace('Pharmacy pharmacy', 'Pharmacy');

  const products = names.goods.map((good, index) =>
    productOf(good, Math.floor((index * names.makers.length) / 20), sites),
  );
  spreadDemand(draw, sites);
  return { seed, institutions, sites, products };
}

function productOf([code, pack, , cold]: (typeof names.goods)[number], plant: number, sites: readonly Site[]): Product {
  const found = findProduct(code);
  const size = found?.packs[pack];
  const maker = sites[plant]?.institutionId;
  if (!found || !size || !maker) throw new Error(`The formulary has no pack ${pack} of ${code}.`);
  const units = found.unit === 'mL' ? 'mL' : `${found.unit}s`;
  const name = `${found.name[0]?.toUpperCase()}${found.name.slice(1)} ${found.strength}, ${size.size} ${units}`;
  const storage = cold ? { minCelsius: 2, maxCelsius: 8 } : { minCelsius: 15, maxCelsius: 25 };
  return { gtin: size.gtin, name, maker, prefixLength: 6, storage, plant, cold: cold !== undefined };
}

/** Puts the town that is farthest from all up to `from` there, so that warehouses lie apart. */
function spread(towns: (typeof names.towns)[number][], from: number): void {
  const apart = (index: number) =>
    Math.min(...towns.slice(names.makers.length, from).map((other) => between(towns[index] ?? other, other)));
  let best = from;
  for (let index = from + 1; index < towns.length; index += 1) if (apart(index) > apart(best)) best = index;
  const [chosen] = towns.splice(best, 1);
  if (chosen) towns.splice(from, 0, chosen);
}

/** Square of a distance in degrees of latitude; good enough to compare. */
function between(one: readonly string[], other: readonly string[]): number {
  const [, latitude = 0, longitude = 0] = one.map(Number);
  const [, otherLatitude = 0, otherLongitude = 0] = other.map(Number);
  return (latitude - otherLatitude) ** 2 + (0.57 * (longitude - otherLongitude)) ** 2;
}

/** What each pharmacy sells of what, who supplies it, and what therefore goes through warehouses and plants. */
function spreadDemand(draw: Draw, sites: Site[]): void {
  const asked = names.goods.map(([, , demand]) => demand);
  const nothing = () => asked.map(() => 0);
  for (const site of sites) site.daily = nothing();
  const depots = sites.flatMap((site, index) => (site.kind === 'warehouse' ? [{ site, index }] : []));
  for (const site of sites.filter(({ kind }) => kind === 'pharmacy')) {
    const size = draw.between(0.5, 1.5);
    const weights = nothing();
    for (let chosen = 0; chosen < assortment; chosen += 1) {
      const index = draw.weighted(asked.map((demand, product) => (weights[product] ? 0 : demand)));
      weights[index] = (asked[index] ?? 0) * draw.between(0.7, 1.3);
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    site.daily = weights.map((weight) => (dispensedDaily * size * weight) / sum);
    const at = (one: Site) => ['', one.latitude, one.longitude];
    const nearest = depots.toSorted((a, b) => between(at(a.site), at(site)) - between(at(b.site), at(site)))[0];
    site.supplier = nearest?.index ?? 0;
    const depot = nearest?.site;
    if (depot) depot.daily = depot.daily.map((daily, product) => daily + (site.daily[product] ?? 0));
  }
  names.goods.forEach((_, product) => {
    const plant = sites[Math.floor((product * names.makers.length) / names.goods.length)];
    if (plant) plant.daily[product] = depots.reduce((sum, { site }) => sum + (site.daily[product] ?? 0), 0);
  });
}

/** An id that each start makes alike. */
function systemOf(seed: number, institution: string): string {
  return `dev-${base32(`simulation ${seed} ${institution}`)}`;
}

/** 26 characters as ids have them, which follow from a text. */
export function base32(text: string): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const hash = createHash('sha256').update(text).digest();
  return Array.from(hash.subarray(0, 26), (byte) => alphabet.charAt(byte % 32)).join('');
}
