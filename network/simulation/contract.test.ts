import { afterEach, expect, it } from 'vitest';
import type { Recorder } from './recording.ts';
import { type Kept, run } from './run.ts';
import { beginning } from './state.ts';
import type { Channels, Entry } from './telling.ts';
import { Chain } from './testing/chain.ts';
import { entriesOf, tellUntil } from './testing/telling.ts';
import { createWorld } from './world.ts';

/** What the simulation tells, on the real contracts in memory and in the read model that follows them. */

/** The afternoon of the day after the recall, on which somebody overlooks it. */
const now = Date.parse('2026-11-25T15:00:00Z');
const world = createWorld(1);
const said: string[] = [];
afterEach(() => said.splice(0));

function begin(days: number): Kept {
  const state = beginning(world.seed, world.sites.length, now, days);
  return { state, until: state.clock };
}

/** Runs up to the present, or until something cannot be recorded; answers what a file would have then. */
async function runUntil(chain: Chain, before: Kept, recorder: Recorder = chain.recorder): Promise<Kept> {
  const abort = new AbortController();
  let last = before;
  await run(before, {
    ...{ world, channels: chain.channels, recorder, signal: abort.signal },
    clock: { now: () => now, pause: async () => undefined },
    keep: async (kept) => {
      last = JSON.parse(JSON.stringify(kept));
    },
    say: (text) => {
      said.push(text);
      abort.abort();
    },
  });
  return last;
}

/** What is told up to the present, without a ledger. */
const tellingOf = (channels: Channels, before: Kept): Entry[] =>
  tellUntil(world, before.state, now, { channels }).told.flatMap(entriesOf);

const nameOf = ({ channel, event }: Entry) => `${channel} ${event.eventID}`;

it('the contract takes all but what is planted; what is planted raises its alerts, and nothing else does', async () => {
  const chain = await Chain.open(world);
  const told = tellingOf(chain.channels, begin(32));
  await runUntil(chain, begin(32));
  expect(said).toEqual(['The simulated supply chain has arrived at the present.']);
  expect(chain.eventsThatAre('refused')).toEqual(
    told
      .filter(({ isFault }) => isFault)
      .map(nameOf)
      .sort(),
  );
  expect(chain.eventsThatAre('accepted')).toHaveLength(told.filter(({ isFault }) => !isFault).length);
  const planted = told.flatMap((entry) => entry.planted.map((rule) => `${rule} ${nameOf(entry)}`));
  expect(chain.alerts()).toEqual(planted.sort());
  expect(new Set(planted.map((alert) => alert.split(' ')[0])).size).toBe(6);
}, 600_000);

it('goes on where it was killed, wherever that is', async () => {
  const chain = await Chain.open(world);
  let left = 0;
  const killed: Recorder = {
    ...chain.recorder,
    capture: async (...call) => {
      left -= 1;
      if (left < 0) throw new Error('killed');
      const outcomes = await chain.recorder.capture(...call);
      // It is recorded, and nobody hears of it.
      if (left === 0) throw new Error('killed');
      return outcomes;
    },
  };
  let kept = begin(3);
  for (const after of [1, 4, 9, 30]) {
    left = after;
    kept = await runUntil(chain, kept, killed);
  }
  expect(said).toHaveLength(4);
  await runUntil(chain, kept);
  expect(chain.eventsThatAre('refused')).toEqual([]);
  expect(chain.eventsThatAre('accepted')).toEqual(tellingOf(chain.channels, begin(3)).map(nameOf).sort());
}, 300_000);
