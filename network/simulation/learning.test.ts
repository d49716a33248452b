import { expect, it } from 'vitest';
import { countOf, thingsWhere } from './goods.ts';
import { learnRefusal, learnSuspension } from './learning.ts';
import { beginning, dayMs, hourMs, type SimulationState } from './state.ts';
import type { Entry } from './telling.ts';
import { entriesOf, tellUntil } from './testing/telling.ts';
import { createWorld } from './world.ts';

/** The ledger is right: what it refuses changes what is told afterwards. */

const world = createWorld(1);
const noon = Date.parse('2027-03-10T12:00:00Z');
// Sensors tell in large, which is quicker.
const begun = { ...beginning(world.seed, world.sites.length, noon, 3), liveFrom: noon + 99 * dayMs };
const { state: stocked } = tellUntil(world, begun, noon);
const stepOf = ({ event }: Entry) => `${event.bizStep}`;
const later = (state: SimulationState, days: number) =>
  tellUntil(world, state, noon + days * dayMs).told.flatMap(entriesOf);
const has = (lot: number) => (entry: Entry) => countOf(thingsWhere(entry.things, (own) => own === lot)) > 0;

it('what somebody recalls is sold nowhere any more, set apart everywhere, and destroyed', () => {
  const state = structuredClone(stocked);
  const lot = state.lots.findIndex((_, index) => state.stock.some(({ packs }) => packs.some(([own]) => own === index)));
  const places = state.stock.filter((stock) => countOf(thingsWhere(stock, (own) => own === lot)) > 0).length;
  const pack = state.stock.flatMap(({ packs }) => packs).find(([own]) => own === lot);
  expect(places).toBeGreaterThan(2);
  expect(later(state, 1).filter(has(lot)).map(stepOf)).toContain('dispensing');
  learnRefusal(state, { things: { boxes: [], packs: pack ? [pack] : [] } }, 'RECALLED');
  const told = later(state, 12).filter(has(lot));
  const steps = Map.groupBy(told, stepOf);
  expect([...steps.keys()].sort()).toEqual(['destroying', 'holding', 'receiving'].filter((step) => steps.has(step)));
  expect(steps.get('holding')?.length).toBeGreaterThanOrEqual(places);
  expect(
    later(state, 3)
      .filter(has(lot))
      .filter((entry) => stepOf(entry) === 'holding'),
  ).not.toEqual([]);
  expect(told.flatMap(({ things }) => things.packs).map(String)).not.toContain(String(pack));
});

it('what was refused for another reason is never named again', () => {
  const state = structuredClone(stocked);
  const things = { boxes: state.stock.flatMap(({ boxes }) => boxes).slice(0, 40), packs: [] };
  const numbers = new Set(things.boxes.map(({ number }) => number));
  const named = (entries: Entry[]) =>
    entries.flatMap((entry) => entry.things.boxes).filter((box) => numbers.has(box.number));
  expect(named(later(state, 3))).not.toEqual([]);
  learnRefusal(state, { things }, 'WRONG_STATE');
  expect(named(later(state, 3))).toEqual([]);
});

it('an institution that may not act says nothing until six hours later, and then what waited', () => {
  const state = structuredClone(stocked);
  const institution = world.sites.findIndex(({ kind }) => kind === 'pharmacy');
  const { institution: suspended = 0 } = world.sites[institution] ?? {};
  const timesOf = (entries: Entry[]) =>
    entries
      .filter(({ event }) =>
        world.sites.some((site) => site.institution === suspended && event.readPoint?.id.includes(site.gln)),
      )
      .map(({ event }) => Date.parse(event.eventTime) - noon);
  expect(Math.min(...timesOf(later(state, 1)))).toBeLessThan(6 * hourMs);
  learnSuspension(state, suspended, []);
  const told = timesOf(later(state, 2));
  expect(Math.min(...told)).toBeGreaterThan(6 * hourMs - 60_001);
  expect(told.length).toBeGreaterThan(10);
});
