import { dispensed, unpacked } from '#epcis/write.ts';
import { boxItem, lotOf, packsIn } from '../goods.ts';
import type { ActOf, Pack } from '../state.ts';
import { type Stretch, stockOf } from '../stretch.ts';

/** Packs of a product go to a patient, as many as are there. */
export function dispense(stretch: Stretch, { at, site, product, packs: wanted }: ActOf<'dispense'>): void {
  const packs = takeLoose(stretch, { at, site, product, wanted });
  if (packs.length > 0) stretch.telling.tell(site, at, { boxes: [], packs }, dispensed);
}

/** Takes loose packs of a product out of stock, and opens cases for it, the oldest first. What is recalled stays. */
export function takeLoose(
  stretch: Stretch,
  { at, site, product, wanted }: { at: number; site: number; product: number; wanted: number },
): Pack[] {
  const { state, telling } = stretch;
  const stock = stockOf(state, site);
  const fits = (lot: number) => lotOf(state, lot).product === product && lotOf(state, lot).recalled === undefined;
  while (stock.packs.filter(([lot]) => fits(lot)).length < wanted) {
    const index = stock.boxes.findIndex(({ lot }) => fits(lot));
    const [box] = index < 0 ? [] : stock.boxes.splice(index, 1);
    if (!box) break;
    telling.tell(site, at - 60_000, { boxes: [box], packs: [] }, (occasion) =>
      unpacked(occasion, boxItem(state, box).sscc),
    );
    stock.packs.push(...packsIn(box));
  }
  const taken = stock.packs.filter(([lot]) => fits(lot)).slice(0, wanted);
  const names = new Set(taken.map(String));
  stock.packs = stock.packs.filter((pack) => !names.has(String(pack)));
  return taken;
}
