import { createHash } from 'node:crypto';
import type { Item } from '#epcis/write.ts';
import { withCheckDigit } from '#gs1/checkDigit.ts';
import type { Box, Lot, Pack, SimulationState, Things } from './state.ts';
import { dayMs } from './state.ts';
import type { World } from './world.ts';

/** What packs, cases and lots are called. It follows from the seed, the beginning and a count, so that it is never given twice. */

/** Packs in a case. */
export const packsOfBox = 12;

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Characters that follow from a seed and can be foretold, which those of a maker must not be. */
function charactersOf(text: string, length: number): string {
  const hash = createHash('sha256').update(text).digest();
  return Array.from(hash.subarray(0, length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

const numberOfDay = (time: number) => Math.floor(time / dayMs);

export const batchOf = (state: SimulationState, lot: number): string =>
  `${charactersOf(`${state.seed} ${state.began} ${lot}`, 3)}${String(lot + 1).padStart(4, '0')}`;

export function serialOf({ seed, began }: SimulationState, [lot, index]: Pack): string {
  return charactersOf(`${seed} ${began} ${lot} ${index}`, 14);
}

/** Five digits of the day on which it began, and five of the count. */
export function ssccOf({ began }: SimulationState, { number }: Pick<Box, 'number'>): string {
  const day = String(numberOfDay(began) % 100_000).padStart(5, '0');
  return withCheckDigit(`1950600${day}${String(number % 100_000).padStart(5, '0')}`);
}

export function lotOf({ lots }: SimulationState, lot: number): Lot {
  const found = lots[lot];
  if (!found) throw new Error(`There is no lot ${lot}.`);
  return found;
}

export function gtinOf(world: World, state: SimulationState, lot: number): string {
  const product = world.products[lotOf(state, lot).product];
  if (!product) throw new Error(`Lot ${lot} is of no product.`);
  return product.gtin;
}

export const packItem = (world: World, state: SimulationState, pack: Pack) => ({
  gtin: gtinOf(world, state, pack[0]),
  serial: serialOf(state, pack),
});

export const boxItem = (state: SimulationState, box: Box) => ({ sscc: ssccOf(state, box) });

/** Packs of a case. */
export const packsIn = ({ lot, from, packs }: Box): Pack[] =>
  Array.from({ length: packs }, (_, index): Pack => [lot, from + index]);

export const itemsOf = (world: World, state: SimulationState, { boxes, packs }: Things): Item[] => [
  ...boxes.map((box) => boxItem(state, box)),
  ...packs.map((pack) => packItem(world, state, pack)),
];

export const countOf = ({ boxes, packs }: Things): number => boxes.reduce((sum, box) => sum + box.packs, packs.length);

export const isEmpty = ({ boxes, packs }: Things): boolean => boxes.length + packs.length === 0;

/** Those of things that a lot fits. */
export const thingsWhere = ({ boxes, packs }: Things, fits: (lot: number) => boolean): Things => ({
  boxes: boxes.filter(({ lot }) => fits(lot)),
  packs: packs.filter(([lot]) => fits(lot)),
});

/** Takes things away from others. */
export function without(from: Things, taken: Things): Things {
  const boxes = new Set(taken.boxes.map(({ number }) => number));
  const packs = new Set(taken.packs.map(String));
  return {
    boxes: from.boxes.filter(({ number }) => !boxes.has(number)),
    packs: from.packs.filter((pack) => !packs.has(String(pack))),
  };
}
