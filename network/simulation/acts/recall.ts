import { dispensed, held } from '#epcis/write.ts';
import { gtinOf, isEmpty, lotOf, thingsWhere, without } from '../goods.ts';
import { nextWorkday } from '../rhythm.ts';
import { type ActOf, dayMs, hourMs, midnightBefore, type Things } from '../state.ts';
import { placesOf, type Stretch, siteOf, stockOf } from '../stretch.ts';
import { base32 } from '../world.ts';

const reasons = [
  'A stability test of the batch failed.',
  'Some blisters have no batch number.',
  'Particles of glass in some containers.',
  'The leaflet of another strength was packed.',
];
/** A lot that has been on its way for so long is in many places. */
const sinceMs = 7 * dayMs;

/**
 * Of the lots that some pharmacy sells from by now, the authority recalls the one that lies at most places. One pharmacy hears
 * of it too late.
 */
export function startRecall(stretch: Stretch, { at }: ActOf<'recall'>): void {
  const { world, state, draw, telling } = stretch;
  const [chosen] = state.lots
    .map((lot, index) => {
      const places = placesOf(stretch, index);
      return { lot, index, places: places.length, late: places.find((site) => hasLoose(stretch, site, index)) };
    })
    .filter(({ lot, late }) => lot.recalled === undefined && at - lot.at > sinceMs && late !== undefined)
    .sort((a, b) => b.places - a.places);
  if (chosen?.late === undefined) return;
  const { lot, index, late } = chosen;
  const id = `rcl-${base32(`recall ${state.seed} ${state.began} ${index}`)}`;
  const reason = draw.pick(reasons) ?? '';
  const gtin = gtinOf(world, state, index);
  telling.told.recall = {
    channel: telling.channelOf(index),
    recall: { id, gtin, batches: [lot.batch], reason, level: 'retail' },
  };
  noteRecall(stretch, index, id, at, late);
  const overlooked = nextWorkday(midnightBefore(at)) + draw.whole(9, 12) * hourMs;
  state.agenda.push(
    { act: 'overlook', at: overlooked, site: late, lot: index },
    { act: 'answer', at: overlooked + 6 * hourMs, site: late, lot: index },
  );
}

const isOf = (lot: number) => (own: number) => own === lot;

const hasLoose = ({ state, world }: Stretch, site: number, lot: number): boolean =>
  siteOf(world, site).kind === 'pharmacy' && stockOf(state, site).packs.some(([own]) => own === lot);

/** From now on a lot is recalled; each place but `late` that has something of it answers within three days. */
export function noteRecall(
  stretch: Pick<Stretch, 'state' | 'draw'>,
  lot: number,
  id: string,
  at: number,
  late?: number,
): void {
  lotOf(stretch.state, lot).recalled = id;
  for (const site of placesOf(stretch, lot)) if (site !== late) answerSoon(stretch, site, lot, at);
}

export function answerSoon({ state, draw }: Pick<Stretch, 'state' | 'draw'>, site: number, lot: number, at: number) {
  const answered = at + Math.floor(draw.between(2, 76) * hourMs);
  state.agenda.push({ act: 'answer', at: answered, site, lot });
}

/** A place sets apart what it has of a lot that is recalled, or expires soon, and has it destroyed some days later. */
export function answerRecall({ state, draw, telling }: Stretch, { at, site, lot }: ActOf<'answer'>): void {
  const things: Things = thingsWhere(stockOf(state, site), isOf(lot));
  if (isEmpty(things)) return;
  state.stock[site] = without(stockOf(state, site), things);
  const why = lotOf(state, lot).recalled === undefined ? 'expired' : 'recalled';
  telling.tell(site, at, things, (occasion, items) => held(occasion, items, why));
  const destroyed = at + draw.whole(4, 9) * dayMs;
  state.agenda.push({ act: 'destroy', at: destroyed, site, ...things });
}

/** Somebody who has not heard of the recall wants to dispense a pack of it; the pack stays where it is. */
export function overlookRecall({ state, telling }: Stretch, { at, site, lot }: ActOf<'overlook'>): void {
  const packs = stockOf(state, site)
    .packs.filter(([own]) => own === lot)
    .slice(0, 1);
  if (packs.length === 0) return;
  telling.tell(site, at, { boxes: [], packs }, dispensed, {
    isFault: true,
    planted: () => ['expiredOrRecalled'],
  });
}
