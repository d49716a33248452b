import { measured } from '#epcis/write.ts';
import { lotOf } from '../goods.ts';
import { type ActOf, hourMs, minuteMs } from '../state.ts';
import { productOf, type Stretch, stockOf } from '../stretch.ts';

/** The most cases that one reading names. */
const mostBoxes = 12;

/** On a day that is over when it is told, a room tells in large. */
const every = { told: 12 * hourMs, live: 10 * minuteMs };

/** The cold room of a warehouse tells how cold it is; nothing where it is empty. */
export function sense({ world, state, draw, telling }: Stretch, { at, site }: ActOf<'sense'>): void {
  const rest = at < state.liveFrom ? every.told : every.live;
  state.agenda.push({ act: 'sense', at: at + rest, site });
  const boxes = stockOf(state, site)
    .boxes.filter(({ lot }) => productOf(world, lotOf(state, lot).product).cold)
    .slice(0, mostBoxes);
  if (boxes.length === 0) return;
  const value = Math.round(draw.between(3.4, 6.2) * 10) / 10;
  const reports = [{ type: 'Temperature', value, uom: 'CEL' }];
  telling.tell(site, at, { boxes, packs: [] }, (occasion, items) =>
    measured(occasion, items, { from: new Date(at - every.live), reports }),
  );
}
