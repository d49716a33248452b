import { isWorkday, nextWorkday, paceOf, timeBetween, timeOfSale } from '../rhythm.ts';
import { type Act, type ActOf, dayMs, minuteMs } from '../state.ts';
import { placesOf, type Stretch, siteOf, sitesOf } from '../stretch.ts';

/** Days from the beginning on which something out of the common happens: the first, and every so many days after. */
const planted = {
  counterfeit: { first: 5, every: 7, from: 9, to: 15 },
  recall: { first: 31, every: 21, from: 9, to: 10 },
  rush: { first: 20, every: 9, from: 13, to: 15 },
} as const;

/** What expires sooner is set apart. */
const clearedMs = 20 * dayMs;

/** Plans a day: who sells what and when, who orders and makes, and what goes wrong. */
export function plan(stretch: Stretch, { at: midnight }: ActOf<'dawn'>): void {
  const { world, state, draw } = stretch;
  const agenda: Act[] = [{ act: 'dawn', at: midnight + dayMs }];
  const day = Math.round((midnight - state.began) / dayMs);
  const between = (from: number, to: number) => timeBetween(draw, midnight, from, to);

  for (const site of sitesOf(world, 'pharmacy')) {
    const { daily } = siteOf(world, site);
    for (const [product, packs] of daily.entries()) {
      for (let sales = draw.poisson((packs * paceOf(midnight)) / 1.15); sales > 0; sales -= 1) {
        const bought = draw.chance(0.15) ? 2 : 1;
        agenda.push({ act: 'dispense', at: timeOfSale(draw, midnight), site, product, packs: bought });
      }
    }
  }
  if (day === 0) for (const act of opening(stretch, midnight)) agenda.push(act);
  else if (isWorkday(midnight) || day < 3) {
    for (const site of sitesOf(world, 'plant')) {
      for (const [product, good] of world.products.entries())
        if (good.plant === site) agenda.push({ act: 'make', at: between(5, 9), site, product });
    }
    for (const site of sitesOf(world, 'warehouse')) agenda.push({ act: 'order', at: between(13, 14.5), site });
    for (const site of sitesOf(world, 'pharmacy')) agenda.push({ act: 'order', at: between(15, 17), site });
    if (draw.chance(0.35)) agenda.push({ act: 'damage', at: between(8, 15) });
    const [giver] = draw.shuffled(sitesOf(world, 'pharmacy'));
    if (day > 7 && draw.chance(0.25) && giver !== undefined)
      agenda.push({ act: 'giveBack', at: between(11, 14), site: giver });
  }
  for (const [lot, { expiry, recalled }] of state.lots.entries()) {
    const left = Date.parse(expiry) - midnight;
    if (recalled !== undefined || left > clearedMs || left < -clearedMs) continue;
    for (const site of placesOf(stretch, lot)) agenda.push({ act: 'answer', at: between(8, 16), site, lot });
  }
  for (const act of ['counterfeit', 'recall', 'rush'] as const) {
    const { first, every, from, to } = planted[act];
    if (day < first || (day - first) % every !== 0) continue;
    // The authority is not there at weekends.
    const later = act === 'recall' && !isWorkday(midnight) ? nextWorkday(midnight) - midnight : 0;
    agenda.push({ act, at: later + between(from, to) });
  }
  state.agenda.push(...agenda);
}

/** What there must be before anybody can sell: each product for another time, so that not all are made anew on one day. */
function opening(stretch: Stretch, midnight: number): Act[] {
  const { world, draw } = stretch;
  const acts: Act[] = [];
  for (const [product, { plant }] of world.products.entries()) {
    const daily = siteOf(world, plant).daily[product] ?? 0;
    // What will not be made for a while is soon short.
    const isShort = isOut(stretch, product, midnight + 5 * dayMs);
    const packs = Math.ceil(daily * (isShort ? draw.between(23, 26) : draw.between(30, 42)));
    acts.push({ act: 'make', at: timeBetween(draw, midnight, 4, 9), site: plant, product, packs });
  }
  // Cold rooms speak one after another, all within the ten minutes in which each speaks once.
  const rooms = sitesOf(world, 'warehouse');
  for (const [index, site] of rooms.entries())
    acts.push(
      { act: 'order', at: timeBetween(draw, midnight, 12, 14), site },
      { act: 'sense', at: midnight + 1.5 * dayMs + Math.floor((index * 10 * minuteMs) / rooms.length), site },
    );
  return acts;
}

/** Whether a plant stands still for a product: for four weeks, so that it runs short; another one every eight weeks. */
export function isOut({ world, state }: Pick<Stretch, 'world' | 'state'>, product: number, time: number): boolean {
  const day = Math.floor((time - state.began) / dayMs);
  const round = Math.floor(day / 56);
  const chosen = (world.seed * 7 + 5 + round * 3) % world.products.length;
  return chosen === product && day % 56 >= 4 && day % 56 < 34;
}
