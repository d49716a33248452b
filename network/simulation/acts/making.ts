import { commissioned, packed } from '#epcis/write.ts';
import { batchOf, boxItem, countOf, itemsOf, packsIn, packsOfBox, thingsWhere } from '../goods.ts';
import { type ActOf, type Box, dayMs, minuteMs } from '../state.ts';
import { productOf, type Stretch, siteOf, stockOf } from '../stretch.ts';
import { isOut } from './planning.ts';

/** A plant makes a lot for so many days where it has less than what goes out in so many. */
const lotDays = 8;
const leastDays = 4;
/** The longest lot, so that each is told in a few events. */
const mostPacks = 480;

/** A lot is commissioned and packed in cases, case by case. */
export function make(stretch: Stretch, { at, site, product, packs }: ActOf<'make'>): void {
  const { world, state } = stretch;
  const daily = siteOf(world, site).daily[product] ?? 0;
  const stock = thingsWhere(stockOf(state, site), (lot) => state.lots[lot]?.product === product);
  if (packs === undefined && (countOf(stock) >= leastDays * daily || isOut(stretch, product, at))) return;
  let left = Math.ceil((packs ?? lotDays * daily) / packsOfBox);
  for (let run = 0; left > 0; run += 1) {
    const cases = Math.min(left, mostPacks / packsOfBox);
    // What was there before all began is not as fresh.
    const days = stretch.draw.whole(packs === undefined ? 420 : 75, 750);
    makeLot(stretch, { at: at + run * minuteMs, site, product, cases, days });
    left -= cases;
  }
}

function makeLot(
  { world, state, telling }: Stretch,
  { at, site, product, cases, days }: { at: number; site: number; product: number; cases: number; days: number },
): void {
  const lot = state.lots.length;
  const packs = cases * packsOfBox;
  const expiry = new Date(at + days * dayMs).toISOString().slice(0, 10);
  const made = { product, batch: batchOf(state, lot), expiry, packs, at };
  state.lots.push(made);
  const boxes = Array.from({ length: cases }, (_, index): Box => {
    const number = state.nextBox + index;
    return { number, lot, from: index * packsOfBox, packs: packsOfBox };
  });
  state.nextBox += cases;
  const { gtin } = productOf(world, product);
  const all = { boxes: [], packs: boxes.flatMap(packsIn) };
  telling.tell(site, at - 40 * minuteMs, all, (occasion, items) => {
    const serials = items.flatMap((item) => ('serial' in item ? [item.serial] : []));
    return commissioned(occasion, { gtin, serials, batch: made.batch, expiry });
  });
  for (const [index, box] of boxes.entries()) {
    const own = { boxes: [], packs: packsIn(box) };
    telling.tell(site, at - (30 - (index * 25) / cases) * minuteMs, own, (occasion) =>
      packed(occasion, boxItem(state, box).sscc, itemsOf(world, state, own)),
    );
  }
  stockOf(state, site).boxes.push(...boxes);
}
