import { expect, it } from 'vitest';
import type { Recorder } from './recording.ts';
import { type Kept, run } from './run.ts';
import { beginning, dayMs, hourMs } from './state.ts';
import { channelsOf, tellUntil } from './testing/telling.ts';
import { createWorld } from './world.ts';

const world = createWorld(1);
const noon = Date.parse('2027-03-10T12:00:00Z');
const { state: stocked } = tellUntil(world, beginning(world.seed, world.sites.length, noon, 3), noon);

interface Ran {
  /** When a transaction was recorded, and of when its first event tells. */
  recorded: { at: number; of: number }[];
  pauses: number;
  kept: Kept;
  said: string[];
}

/** Runs from a time on for so long, on a clock that goes on while the run waits, and on a ledger that takes everything. */
async function runFor(from: number, ms: number, fails: (at: number) => boolean = () => false): Promise<Ran> {
  const abort = new AbortController();
  let time = from;
  const ran: Ran = { recorded: [], pauses: 0, kept: { state: stocked, until: stocked.clock }, said: [] };
  const recorder: Recorder = {
    capture: async (_, __, events) => {
      if (fails(time)) throw new Error('the ledger does not answer');
      ran.recorded.push({ at: time, of: Date.parse(events[0]?.eventTime ?? '') });
      return events.map(() => ({ outcome: 'accepted' }));
    },
    recall: async () => undefined,
  };
  await run(ran.kept, {
    ...{ world, channels: channelsOf(world), recorder, signal: abort.signal },
    clock: {
      now: () => time,
      pause: async (wait) => {
        ran.pauses += 1;
        time += wait;
        if (time - from >= ms) abort.abort();
      },
    },
    keep: async (kept) => {
      ran.kept = structuredClone(kept);
    },
    say: (text) => ran.said.push(text),
  });
  return ran;
}

it('goes with the clock, and never more often than every four seconds', async () => {
  const { recorded, pauses, said } = await runFor(noon, 2 * hourMs);
  expect(said).toEqual(['The simulated supply chain has arrived at the present.']);
  expect(recorded.length).toBeGreaterThan(60);
  const times = [...new Set(recorded.map(({ at }) => at))];
  expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeGreaterThanOrEqual(4_000);
  expect(pauses).toBeLessThan((2 * hourMs) / 4_000);
  // What is packed or sensed is told with what it ends with.
  expect(recorded.filter(({ at, of }) => of > at || at - of > hourMs)).toEqual([]);
});

it('tries again what could not be recorded, and goes on when it can', async () => {
  const isDown = (at: number) => at > noon + 0.5 * hourMs && at < noon + hourMs;
  const { recorded, said, kept } = await runFor(noon, 2 * hourMs, isDown);
  expect(recorded.filter(({ at }) => isDown(at))).toEqual([]);
  expect(recorded.some(({ of }) => isDown(of))).toBe(true);
  expect(said.length).toBeGreaterThan(1);
  expect(said.length).toBeLessThan(15);
  expect(noon + 2 * hourMs - kept.state.clock).toBeLessThan(0.25 * hourMs);
});

it('catches up a gap day by day; of a long one only the last four weeks', async () => {
  const short = await runFor(noon + 2 * dayMs, hourMs / 2);
  const daysOf = ({ recorded }: Ran) => [...new Set(recorded.map(({ of }) => Math.floor((of - noon) / dayMs)))];
  expect(daysOf(short)).toEqual(expect.arrayContaining([0, 1, 2]));
  const long = await runFor(noon + 90 * dayMs, hourMs / 2);
  expect(Math.min(...daysOf(long))).toBeGreaterThan(60);
  expect(Math.max(...daysOf(long))).toBe(90);
  expect(long.said).toEqual(['The simulated supply chain has arrived at the present.']);
}, 60_000);
