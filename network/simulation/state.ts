import { z } from 'zod';

/**
 * All that the simulation knows between two steps: what lies where and what happens next. It is small, and kept in a file, so that
 * a simulation goes on where it was.
 */

/** Lot, and index of the pack in it. */
const pack = z.tuple([z.int(), z.int()]);
export type Pack = z.infer<typeof pack>;

/** A closed case of packs of one lot that follow on each other. */
const box = z.strictObject({ number: z.int(), lot: z.int(), from: z.int(), packs: z.int() });
export type Box = z.infer<typeof box>;

const things = { boxes: z.array(box), packs: z.array(pack) };
export interface Things {
  boxes: Box[];
  packs: Pack[];
}

const lot = z.strictObject({
  product: z.int(),
  batch: z.string(),
  expiry: z.iso.date(),
  packs: z.int(),
  /** When it was made. */
  at: z.int(),
  /** Id of its recall, or `others` where somebody else recalls it. */
  recalled: z.string().optional(),
});
export type Lot = z.infer<typeof lot>;

/** What happens at a time, in milliseconds, at a place, the index of a site. */
const at = z.int();
const here = { at, site: z.int() };
const act = z.discriminatedUnion('act', [
  /** A day is planned. */
  z.strictObject({ act: z.literal('dawn'), at }),
  /** A plant makes a product where it has too little; `packs` are made whatever there is. */
  z.strictObject({ act: z.literal('make'), ...here, product: z.int(), packs: z.int().optional() }),
  /** A place orders, and its supplier sends. */
  z.strictObject({ act: z.literal('order'), ...here }),
  /** What `from` has sent arrives; `isRest`: what was missing when the others arrived. */
  z.strictObject({
    ...{ act: z.literal('arrive'), ...here, from: z.int(), sentAt: at, ...things },
    ...{ isRest: z.boolean().optional(), wantsPart: z.boolean().optional(), isWarm: z.boolean().optional() },
  }),
  z.strictObject({ act: z.literal('dispense'), ...here, product: z.int(), packs: z.int() }),
  /** A sensor of the cold room tells what it read. */
  z.strictObject({ act: z.literal('sense'), ...here }),
  /** A copy of a pack appears that was dispensed elsewhere. */
  z.strictObject({ act: z.literal('copy'), ...here, pack }),
  /** A place dispenses as much at once as in weeks. */
  z.strictObject({ act: z.literal('rush'), at }),
  /** A pack is dispensed of which a copy appears soon afterwards. */
  z.strictObject({ act: z.literal('counterfeit'), at }),
  z.strictObject({ act: z.literal('recall'), at }),
  /** A place sets apart what it has of a lot that is recalled or expires soon. */
  z.strictObject({ act: z.literal('answer'), ...here, lot: z.int() }),
  /** A place overlooks the recall. */
  z.strictObject({ act: z.literal('overlook'), ...here, lot: z.int() }),
  z.strictObject({ act: z.literal('damage'), at }),
  /** Damaged packs go back to their maker. */
  z.strictObject({ act: z.literal('sendBack'), ...here, ...things }),
  /** They arrive there. */
  z.strictObject({ act: z.literal('takeBack'), ...here, from: z.int(), ...things }),
  /** A pharmacy sends a case back that nobody asked for. */
  z.strictObject({ act: z.literal('giveBack'), ...here }),
  z.strictObject({ act: z.literal('destroy'), ...here, ...things }),
  /** What had become too warm is looked at, and released or destroyed. */
  z.strictObject({ act: z.literal('decide'), ...here, ...things }),
]);
export type Act = z.infer<typeof act>;
export type ActOf<Name extends Act['act']> = Extract<Act, { act: Name }>;

export const simulationState = z.strictObject({
  /** Of the world. */
  seed: z.int(),
  /** Midnight at which it began; a part of every number that is given, so that another beginning gives others. */
  began: at,
  /** Up to when everything has happened. */
  clock: at,
  /** Days before this are told in large: sensors twice a day. */
  liveFrom: at,
  random: z.int(),
  nextBox: z.int(),
  lots: z.array(lot),
  /** By the index of the site. */
  stock: z.array(z.strictObject(things)),
  agenda: z.array(act),
  /** Place and time until which an institution that may not act does nothing. */
  suspended: z.record(z.string(), at),
});
export type SimulationState = z.infer<typeof simulationState>;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const midnightBefore = (time: number): number => Math.floor(time / dayMs) * dayMs;

/** A simulation that has told nothing yet and begins so many days before `now`. */
export function beginning(seed: number, sites: number, now: number, days: number): SimulationState {
  const began = midnightBefore(now) - days * dayMs;
  return {
    ...{ seed, began, clock: began, liveFrom: midnightBefore(now), random: seed, nextBox: 0 },
    ...{ lots: [], stock: Array.from({ length: sites }, () => ({ boxes: [], packs: [] })) },
    ...{ agenda: [{ act: 'dawn', at: began }], suspended: {} },
  };
}
