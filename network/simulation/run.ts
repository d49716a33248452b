import { z } from 'zod';
import { type Recorder, record } from './recording.ts';
import { advance, nextAt } from './simulation.ts';
import { dayMs, hourMs, midnightBefore, type SimulationState, simulationState } from './state.ts';
import type { Channels } from './telling.ts';
import type { World } from './world.ts';

/** A simulation between two runs: the state before the stretch that was begun last, and how far that was to go. */
export const kept = z.strictObject({ state: simulationState, until: z.int() });
export type Kept = z.infer<typeof kept>;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits, or until the run is ended. */
  pause(ms: number): Promise<void>;
}

export interface RunOptions {
  world: World;
  channels: Channels;
  recorder: Recorder;
  clock: Clock;
  signal: AbortSignal;
  /** Keeps a state before what follows from it is recorded. */
  keep(kept: Kept): Promise<void>;
  /** Told of what could not be recorded and is tried again, and of the history's end. */
  say(text: string): void;
}

/** Live, so much time at least lies between two stretches: what comes up meanwhile is told together. */
const leastPauseMs = 4_000;
/** While it catches up, it rests as long as it works, so that it never takes more than half of what there is. */
const restShare = 1;
const longestGapMs = 28 * dayMs;
const triesMs = [1_000, 5_000, 15_000, 60_000];

/**
 * Lets the supply chain go on until `signal` aborts: first what has happened since it stopped, day by day, then as the time
 * goes. What it is about to record is kept before: after a stop at any moment the same is recorded again, of which the ledger takes
 * nothing twice.
 */
export async function run(before: Kept, options: RunOptions): Promise<void> {
  const { world, channels, recorder, clock, signal } = options;
  let state = before.state;
  // Begun, and perhaps not ended.
  let until = before.until;
  let isCaughtUp = false;
  let isLive = false;
  while (!signal.aborted) {
    if (until <= state.clock) {
      const now = clock.now();
      if (!isCaughtUp) state = caughtUp(state, now);
      isCaughtUp = true;
      const wait = now <= state.clock ? leastPauseMs : nextAt(state) + 1 - now;
      if (wait > 0) {
        if (!isLive) options.say('The simulated supply chain has arrived at the present.');
        isLive = true;
        await clock.pause(Math.max(leastPauseMs, Math.min(wait, hourMs)));
        continue;
      }
      until = Math.min(now, midnightBefore(state.clock) + dayMs);
    }
    const advanced = advance(world, state, until, channels);
    const { told } = advanced;
    if (told.recall || told.entries.size > 0) {
      await options.keep({ state, until });
      const began = performance.now();
      if (!(await untilRecorded(options, () => record(recorder, world, advanced.state, told)))) return;
      const worked = performance.now() - began;
      await clock.pause(isLive ? leastPauseMs : restShare * worked);
    }
    state = advanced.state;
    // A recall, or the end of a day, may have cut the stretch short.
    if (state.clock >= until) until = state.clock;
  }
}

/** Of a gap that is longer than a history, the chain stood still; what is over is told in large. */
function caughtUp(state: SimulationState, now: number): SimulationState {
  const missed = now - state.clock - longestGapMs;
  const isNew = state.clock === state.began;
  const shift = missed > dayMs && !isNew ? midnightBefore(missed) : 0;
  return {
    ...state,
    clock: state.clock + shift,
    liveFrom: Math.max(state.liveFrom, midnightBefore(now)),
    agenda: state.agenda.map((act) => ({
      ...act,
      at: act.at + shift,
      ...('sentAt' in act ? { sentAt: act.sentAt + shift } : {}),
    })),
  };
}

/** Tries until it is done, with growing pauses; false where the run ended before. */
async function untilRecorded({ clock, signal, say }: RunOptions, work: () => Promise<void>): Promise<boolean> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      await work();
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (tries < 3 || tries % 10 === 0) say(`What was told is not recorded yet: ${describe(error)}`);
      await clock.pause(triesMs[Math.min(tries, triesMs.length - 1)] ?? 0);
    }
  }
  return false;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
