import { dispensed } from '#epcis/write.ts';
import { countOf, lotOf, thingsWhere } from '../goods.ts';
import { type ActOf, minuteMs } from '../state.ts';
import { kilometresBetween, type Stretch, siteOf, sitesOf, stockOf } from '../stretch.ts';
import { takeLoose } from './dispensing.ts';

/** So soon after a pack was dispensed its copy appears elsewhere, and so far away at least: nobody is that fast. */
const copyAfterMs = 12 * minuteMs;
const copyKilometres = 300;
/** More than a pharmacy sells of a product in weeks. */
const rushPacks = 24;

/** A pack is dispensed whose number somebody has copied. */
export function counterfeit(stretch: Stretch, { at }: ActOf<'counterfeit'>): void {
  const { world, state, draw, telling } = stretch;
  for (const site of draw.shuffled(sitesOf(world, 'pharmacy'))) {
    const { institution, daily } = siteOf(world, site);
    const elsewhere = sitesOf(world, 'pharmacy').filter(
      (other) =>
        siteOf(world, other).institution !== institution && kilometresBetween(world, site, other) > copyKilometres,
    );
    const other = draw.pick(elsewhere);
    const packs = takeLoose(stretch, { at, site, product: draw.weighted(daily), wanted: 1 });
    const [pack] = packs;
    if (other === undefined || !pack) continue;
    telling.tell(site, at, { boxes: [], packs }, dispensed);
    state.agenda.push({ act: 'copy', at: at + copyAfterMs, site: other, pack });
    return;
  }
}

/** Its copy is to be dispensed at a pharmacy that never received it. */
export function copy({ telling }: Stretch, { at, site, pack }: ActOf<'copy'>): void {
  telling.tell(site, at, { boxes: [], packs: [pack] }, dispensed, {
    isFault: true,
    planted: () => ['duplicateSerial', 'impossibleTravel'],
  });
}

/** A pharmacy dispenses at once of a product what it has for weeks. */
export function rush(stretch: Stretch, { at }: ActOf<'rush'>): void {
  const { world, state, draw, telling } = stretch;
  const candidates = sitesOf(world, 'pharmacy').flatMap((site) =>
    siteOf(world, site).daily.flatMap((_, product) => {
      const own = thingsWhere(stockOf(state, site), (lot) => {
        const { product: of, recalled } = lotOf(state, lot);
        return of === product && recalled === undefined;
      });
      return countOf(own) >= rushPacks + 4 ? [{ site, product }] : [];
    }),
  );
  const chosen = draw.pick(candidates);
  if (!chosen) return;
  const packs = takeLoose(stretch, { at, ...chosen, wanted: rushPacks });
  telling.tell(chosen.site, at, { boxes: [], packs }, dispensed, { planted: () => ['unusualVolume'] });
}
