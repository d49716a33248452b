import { expect, it } from 'vitest';
import { advance } from './simulation.ts';
import { beginning, dayMs, type SimulationState, simulationState } from './state.ts';
import type { Entry, Told } from './telling.ts';
import { createWorld, type World } from './world.ts';

const now = Date.parse('2027-03-10T10:30:00Z');

function channelsOf({ products }: World): Record<string, string> {
  return Object.fromEntries(products.map(({ gtin }, index) => [gtin, `supply-${index % 2}`]));
}

/** All that is told of some days, a day at a time or in smaller steps. */
function tellingOf(world: World, days: number, stepMs: number = dayMs): { told: Told[]; state: SimulationState } {
  let state = beginning(world.seed, world.sites.length, now, days);
  const told: Told[] = [];
  while (state.clock < now) {
    const next = advance(world, state, Math.min(now, state.clock + stepMs), channelsOf(world));
    // What is kept in a file is all that there is.
    state = simulationState.parse(JSON.parse(JSON.stringify(next.state)));
    told.push(next.told);
  }
  return { told, state };
}

const entriesOf = (told: readonly Told[]): Entry[] => told.flatMap(({ entries }) => [...entries.values()].flat());
const idsOf = (told: readonly Told[]) => entriesOf(told).map(({ event }) => event.eventID);

it('tells the same of the same seed, and something else of another', () => {
  const world = createWorld(1);
  const { told, state } = tellingOf(world, 6);
  expect(idsOf(told).length).toBeGreaterThan(1_000);
  const again = tellingOf(createWorld(1), 6);
  expect(idsOf(again.told)).toEqual(idsOf(told));
  expect(again.state).toEqual(state);
  const other = new Set(idsOf(tellingOf(createWorld(2), 6).told));
  expect(idsOf(told).filter((id) => other.has(id))).toEqual([]);
});

it('tells the same events however long its steps are', () => {
  const world = createWorld(1);
  const whole = tellingOf(world, 4);
  const small = tellingOf(world, 4, 3 * 3_600_000);
  expect(new Set(idsOf(small.told))).toEqual(new Set(idsOf(whole.told)));
});

it('keeps as much in stock after months as after weeks, and a small file', () => {
  const { told, state } = tellingOf(createWorld(3), 70);
  const packs = state.stock.reduce((sum, { boxes, packs: loose }) => sum + loose.length + 12 * boxes.length, 0);
  expect(packs).toBeGreaterThan(6_000);
  expect(packs).toBeLessThan(14_000);
  expect(JSON.stringify(state).length).toBeLessThan(200_000);
  const planted = new Set(entriesOf(told).flatMap((entry) => entry.planted));
  const expected = ['duplicateSerial', 'excursion', 'expiredOrRecalled', 'impossibleTravel', 'partialReceipt'];
  expect([...planted].sort()).toEqual([...expected, 'unusualVolume']);
  expect(told.filter(({ recall }) => recall).length).toBeGreaterThan(1);
}, 60_000);
