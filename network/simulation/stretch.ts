import type { Draw } from './draw.ts';
import { isEmpty, thingsWhere } from './goods.ts';
import type { SimulationState, Things } from './state.ts';
import type { Telling } from './telling.ts';
import type { Product, Site, World } from './world.ts';

/** One stretch of time on its way: what acts read, change and tell. */
export interface Stretch {
  world: World;
  state: SimulationState;
  draw: Draw;
  telling: Telling;
}

export function siteOf(world: World, index: number): Site {
  const site = world.sites[index];
  if (!site) throw new Error(`There is no site ${index}.`);
  return site;
}

export function productOf(world: World, index: number): Product {
  const product = world.products[index];
  if (!product) throw new Error(`There is no product ${index}.`);
  return product;
}

export function stockOf(state: SimulationState, site: number): Things {
  const stock = state.stock[site];
  if (!stock) throw new Error(`There is no site ${site}.`);
  return stock;
}

/** Indices of the sites of a kind. */
export const sitesOf = (world: World, kind: Site['kind']): number[] =>
  world.sites.flatMap((site, index) => (site.kind === kind ? [index] : []));

/** Sites that have something of a lot. */
export const placesOf = ({ state }: Pick<Stretch, 'state'>, lot: number): number[] =>
  state.stock.flatMap((stock, site) => (isEmpty(thingsWhere(stock, (own) => own === lot)) ? [] : [site]));

/** The source of a shipment or receipt, as the events name it. */
export const glnOf = (world: World, site: number): string => siteOf(world, site).gln;

/** Kilometres between two sites, near enough. */
export function kilometresBetween(world: World, one: number, other: number): number {
  const [a, b] = [siteOf(world, one), siteOf(world, other)];
  const latitude = Number(a.latitude) - Number(b.latitude);
  const middle = ((Number(a.latitude) + Number(b.latitude)) / 2) * (Math.PI / 180);
  const longitude = (Number(a.longitude) - Number(b.longitude)) * Math.cos(middle);
  return 111.2 * Math.hypot(latitude, longitude);
}
