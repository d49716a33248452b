import * as write from '#epcis/write.ts';
import { isEmpty, lotOf, without } from '../goods.ts';
import { nextWorkday } from '../rhythm.ts';
import { type ActOf, dayMs, hourMs, midnightBefore } from '../state.ts';
import { glnOf, productOf, type Stretch, siteOf, sitesOf, stockOf } from '../stretch.ts';
import { send } from './moving.ts';

/** Somebody drops packs at a pharmacy; they are set apart and go back to their maker. */
export function damage({ world, state, draw, telling }: Stretch, { at }: ActOf<'damage'>): void {
  const site = draw.pick(sitesOf(world, 'pharmacy')) ?? 0;
  const one = draw.pick(stockOf(state, site).packs);
  if (!one || lotOf(state, one[0]).recalled !== undefined) return;
  const packs = stockOf(state, site)
    .packs.filter(([lot]) => lot === one[0])
    .slice(0, draw.whole(1, 3));
  state.stock[site] = without(stockOf(state, site), { boxes: [], packs });
  const things = { boxes: [], packs };
  telling.tell(site, at, things, (occasion, items) => write.held(occasion, items, 'damaged'));
  const sent = nextWorkday(midnightBefore(at)) + draw.whole(12, 15) * hourMs;
  state.agenda.push({ act: 'sendBack', at: sent, site, ...things });
}

/** What is set apart may go to its maker and to nobody else. */
export function sendBack(stretch: Stretch, { at, site, boxes, packs }: ActOf<'sendBack'>): void {
  const { world, state, draw, telling } = stretch;
  const things = { boxes, packs };
  const [lot] = packs.map(([own]) => own);
  if (lot === undefined) return;
  // A recall that came in between makes a return of it that nobody asked for; it is destroyed where it is.
  if (lotOf(state, lot).recalled !== undefined) {
    state.agenda.push({ act: 'destroy', at: at + dayMs, site, ...things });
    return;
  }
  const { plant } = productOf(world, lotOf(state, lot).product);
  const party = { from: glnOf(world, site), to: glnOf(world, plant), toSite: glnOf(world, plant) };
  telling.tell(site, at, things, (occasion, items) => write.shipped(occasion, items, party));
  const arrival = midnightBefore(at) + 2 * dayMs + draw.whole(7, 11) * hourMs;
  state.agenda.push({ act: 'takeBack', at: arrival, site: plant, from: site, ...things });
}

export function takeBack(stretch: Stretch, { at, site, from, boxes, packs }: ActOf<'takeBack'>): void {
  const { world, state, draw, telling } = stretch;
  const things = { boxes, packs };
  if (isEmpty(things)) return;
  const isRecalled = packs.some(([lot]) => lotOf(state, lot).recalled !== undefined);
  telling.tell(site, at, things, (occasion, items) => write.received(occasion, items, glnOf(world, from)), {
    planted: () => (isRecalled ? ['expiredOrRecalled'] : []),
  });
  state.agenda.push({ act: 'destroy', at: at + draw.whole(20, 30) * hourMs, site, ...things });
}

/** A case that nobody asked for goes back to the warehouse, unopened. */
export function giveBack(stretch: Stretch, { at, site }: ActOf<'giveBack'>): void {
  const { world, state, draw } = stretch;
  const box = draw.pick(stockOf(state, site).boxes.filter(({ lot }) => lotOf(state, lot).recalled === undefined));
  if (box) send(stretch, { at, from: site, to: siteOf(world, site).supplier, boxes: [box], packs: [] });
}

export function destroy({ telling }: Stretch, { at, site, boxes, packs }: ActOf<'destroy'>): void {
  const things = { boxes, packs };
  if (!isEmpty(things)) telling.tell(site, at, things, write.destroyed);
}

/** Two times of three what had become too warm for a while is good; else it is destroyed. */
export function decide(stretch: Stretch, { at, site, boxes, packs }: ActOf<'decide'>): void {
  const { state, draw, telling } = stretch;
  const things = { boxes, packs };
  if (isEmpty(things)) return;
  const isRecalled = boxes.some(({ lot }) => lotOf(state, lot).recalled !== undefined);
  const isGood = !isRecalled && draw.chance(0.67);
  telling.tell(site, at, things, isGood ? write.released : write.destroyed);
  if (isGood) stockOf(state, site).boxes.push(...boxes);
}
