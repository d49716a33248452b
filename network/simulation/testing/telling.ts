import { advance } from '../simulation.ts';
import type { SimulationState } from '../state.ts';
import type { Channels, Entry, Told } from '../telling.ts';
import type { World } from '../world.ts';

/** Channels as `registry` might choose them. */
export const channelsOf = ({ products }: World): Channels =>
  Object.fromEntries(products.map(({ gtin }, index) => [gtin, `supply-${index % 2}`]));

export const entriesOf = ({ entries }: Told): Entry[] => [...entries.values()].flat();

/** What is told up to a time, at most `stepMs` at once, and the state then. */
export function tellUntil(
  world: World,
  before: SimulationState,
  until: number,
  { channels = channelsOf(world), stepMs = Number.POSITIVE_INFINITY }: { channels?: Channels; stepMs?: number } = {},
): { told: Told[]; state: SimulationState } {
  const told: Told[] = [];
  let state = before;
  while (state.clock < until) {
    const next = advance(world, state, Math.min(until, state.clock + stepMs), channels);
    told.push(next.told);
    state = next.state;
  }
  return { told, state };
}
