import { held, measured, received, shipped } from '#epcis/write.ts';
import { countOf, isEmpty, lotOf, packsOfBox, thingsWhere, without } from '../goods.ts';
import { nextWorkday, timeBetween } from '../rhythm.ts';
import { type ActOf, type Box, dayMs, hourMs, midnightBefore, minuteMs, type Things } from '../state.ts';
import { glnOf, kilometresBetween, productOf, type Stretch, siteOf, stockOf } from '../stretch.ts';
import { answerSoon } from './recall.ts';

/** A place orders where it has, or waits for, less than goes out in `least` days, and so much that it is enough for `most`. */
const cover = {
  pharmacy: { least: 18, most: 24 },
  warehouse: { least: 5, most: 9 },
  plant: { least: 0, most: 0 },
  /** Before anything is anywhere. */
  empty: { least: 28, most: 30 },
};
const filling = dayMs;
/** Days of the beginning on which a cold shipment gets warm, and on which a part of a shipment comes later. */
const warmEvery = 4;
const partEvery = 5;
const farKilometres = 650;

/** What is missing is sent by whoever supplies the place, as far as there is any, oldest first. */
export function order(stretch: Stretch, { at, site }: ActOf<'order'>): void {
  const { world, state } = stretch;
  const { kind, daily, supplier } = siteOf(world, site);
  const { least, most } = cover[at - state.began < filling ? 'empty' : kind];
  const wanted = new Map<number, Box[]>();
  for (const [product, packs] of daily.entries()) {
    if (packs === 0) continue;
    const has = countOf(thingsWhere(expected(stretch, site), (lot) => isOf(stretch, lot, product)));
    if (has >= least * packs) continue;
    const from = kind === 'warehouse' ? productOf(world, product).plant : supplier;
    const boxes = stockOf(state, from).boxes.filter(({ lot }) => isOf(stretch, lot, product));
    const some = boxes.slice(0, Math.ceil((most * packs - has) / packsOfBox));
    wanted.set(from, [...(wanted.get(from) ?? []), ...some]);
  }
  for (const [from, boxes] of wanted) send(stretch, { at, from, to: site, boxes, packs: [] });
}

const isOf = ({ state }: Stretch, lot: number, product: number): boolean => {
  const { product: own, recalled } = lotOf(state, lot);
  return own === product && recalled === undefined;
};

/** What a place has, and what is on its way to it. */
function expected({ state }: Stretch, site: number): Things {
  const coming = state.agenda.filter((act) => act.act === 'arrive').filter((act) => act.site === site);
  const all = [stockOf(state, site), ...coming];
  return { boxes: all.flatMap(({ boxes }) => boxes), packs: all.flatMap(({ packs }) => packs) };
}

export interface Shipment extends Things {
  at: number;
  from: number;
  to: number;
}

/** Takes things out of stock and sends them; they arrive in the morning of the next day, or of the one after where it is far. */
export function send(stretch: Stretch, { at, from, to, boxes, packs }: Shipment): void {
  const things = { boxes, packs };
  if (isEmpty(things)) return;
  const { world, state, draw, telling } = stretch;
  state.stock[from] = without(stockOf(state, from), things);
  const party = { from: glnOf(world, from), to: glnOf(world, to), toSite: glnOf(world, to) };
  telling.tell(from, at, things, (occasion, items) => shipped(occasion, items, party));
  const days = kilometresBetween(world, from, to) > farKilometres ? 2 : 1;
  const arrival = timeBetween(draw, midnightBefore(at) + days * dayMs, 5.5, 10.5);
  const day = Math.floor((arrival - state.began) / dayMs);
  const isWarm =
    day % warmEvery === 3 && boxes.some((box) => isCold(stretch, box)) && !isComing(stretch, day, 'isWarm');
  const wantsPart = day > 6 && day % partEvery === 2 && boxes.length > 3 && !isComing(stretch, day, 'wantsPart');
  const marks = { ...(isWarm && { isWarm }), ...(wantsPart && { wantsPart }) };
  state.agenda.push({ act: 'arrive', at: arrival, site: to, from, sentAt: at, ...things, ...marks });
}

const isCold = ({ world, state }: Stretch, { lot }: Box): boolean => productOf(world, lotOf(state, lot).product).cold;

/** Whether something is marked already that arrives on a day: one each is enough. */
function isComing({ state }: Stretch, day: number, mark: 'isWarm' | 'wantsPart'): boolean {
  return state.agenda.some(
    (act) => act.act === 'arrive' && act[mark] === true && Math.floor((act.at - state.began) / dayMs) === day,
  );
}

/** A shipment is received, and what its sensors say; what had become too warm is set apart, and what is recalled answered. */
export function arrive(stretch: Stretch, act: ActOf<'arrive'>): void {
  const { world, state, telling } = stretch;
  const { at, site, from } = act;
  const missing = act.wantsPart ? restOf(stretch, act) : { boxes: [], packs: [] };
  const things = without(act, missing);
  const recalled = (lot: number) => lotOf(state, lot).recalled !== undefined;
  telling.tell(site, at, things, (occasion, items) => received(occasion, items, glnOf(world, from)), {
    planted: (own) => [
      ...(isEmpty(thingsWhere(own, recalled)) ? [] : (['expiredOrRecalled'] as const)),
      ...(missing.boxes.some(({ lot }) => isOnChannelOf(stretch, lot, own)) ? (['partialReceipt'] as const) : []),
    ],
  });
  const cold = { boxes: things.boxes.filter((box) => isCold(stretch, box)), packs: [] };
  if (!isEmpty(cold)) senseJourney(stretch, act, cold);
  if (!isEmpty(missing)) {
    const later = timeBetween(stretch.draw, midnightBefore(at) + dayMs, 6, 9);
    state.agenda.push({ act: 'arrive', at: later, site, from, sentAt: act.sentAt, ...missing, isRest: true });
  }
  const stock = stockOf(state, site);
  const kept = act.isWarm ? without(things, cold) : things;
  state.stock[site] = { boxes: [...stock.boxes, ...kept.boxes], packs: [...stock.packs, ...kept.packs] };
  for (const lot of new Set(kept.boxes.map((box) => box.lot))) if (recalled(lot)) answerSoon(stretch, site, lot, at);
}

/** The last case of the channel with most of them comes later. */
function restOf({ telling }: Stretch, { boxes }: Things): Things {
  const [box] = boxes
    .map((one) => ({ one, alike: boxes.filter(({ lot }) => telling.channelOf(lot) === telling.channelOf(one.lot)) }))
    .sort((a, b) => b.alike.length - a.alike.length)
    .flatMap(({ alike }) => alike.slice(-1));
  return { boxes: box ? [box] : [], packs: [] };
}

function isOnChannelOf({ telling }: Stretch, lot: number, { boxes, packs }: Things): boolean {
  const [one] = [...boxes.map((box) => box.lot), ...packs.map(([of]) => of)];
  return one !== undefined && telling.channelOf(one) === telling.channelOf(lot);
}

function senseJourney(stretch: Stretch, act: ActOf<'arrive'>, cold: Things): void {
  const { state, draw, telling } = stretch;
  const { at, site, sentAt, isWarm = false } = act;
  const tenth = (value: number) => Math.round(value * 10) / 10;
  const minValue = tenth(draw.between(2.8, 4.2));
  const maxValue = tenth(isWarm ? draw.between(9.5, 14) : draw.between(5.2, 7.4));
  const report = { type: 'Temperature', minValue, maxValue, uom: 'CEL' };
  telling.tell(
    site,
    at + 2 * minuteMs,
    cold,
    (occasion, items) => measured(occasion, items, { from: new Date(sentAt), reports: [report] }),
    { planted: () => (isWarm ? ['excursion'] : []) },
  );
  if (!isWarm) return;
  telling.tell(site, at + 9 * minuteMs, cold, (occasion, items) => held(occasion, items, 'non_conformant'));
  const decided = nextWorkday(midnightBefore(at));
  state.agenda.push({ act: 'decide', at: decided + draw.whole(9, 14) * hourMs, site, ...cold });
}
