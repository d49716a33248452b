import { expect, it } from 'vitest';
import { countOf } from './goods.ts';
import { beginning, dayMs, hourMs, type SimulationState, simulationState } from './state.ts';
import type { Told } from './telling.ts';
import { entriesOf, tellUntil } from './testing/telling.ts';
import { createWorld, type World } from './world.ts';

const now = Date.parse('2027-03-10T10:30:00Z');

/** All that is told of some days, a day at a time or in smaller steps. */
const tellingOf = (world: World, days: number, stepMs = dayMs): { told: Told[]; state: SimulationState } =>
  tellUntil(world, beginning(world.seed, world.sites.length, now, days), now, { stepMs });

const idsOf = (told: readonly Told[]) => told.flatMap(entriesOf).map(({ event }) => event.eventID);

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
  const small = tellingOf(world, 4, 3 * hourMs);
  expect(new Set(idsOf(small.told))).toEqual(new Set(idsOf(whole.told)));
});

it('keeps as much in stock after months as after weeks, and a small file', () => {
  const { told, state } = tellingOf(createWorld(3), 50);
  const packs = state.stock.reduce((sum, stock) => sum + countOf(stock), 0);
  expect(packs).toBeGreaterThan(6_000);
  expect(packs).toBeLessThan(14_000);
  const text = JSON.stringify(state);
  expect(text.length).toBeLessThan(200_000);
  expect(simulationState.parse(JSON.parse(text))).toEqual(state);
  const planted = new Set(told.flatMap(entriesOf).flatMap((entry) => entry.planted));
  const expected = ['duplicateSerial', 'excursion', 'expiredOrRecalled', 'impossibleTravel', 'partialReceipt'];
  expect([...planted].sort()).toEqual([...expected, 'unusualVolume']);
  expect(told.filter(({ recall }) => recall)).toHaveLength(1);
}, 120_000);
