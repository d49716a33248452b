import type { RecallArgument } from '#chaincode/model/trace.ts';
import { learnRefusal, learnSuspension } from './learning.ts';
import type { SimulationState } from './state.ts';
import type { Entry, Told } from './telling.ts';
import type { Institution, World } from './world.ts';

/** What the ledger says of an event. */
export interface Outcome {
  outcome: 'accepted' | 'refused' | 'duplicate';
  /** Why it is refused; of a duplicate, why it was and would be again. */
  code?: string | undefined;
}

/** The ledgers as the simulation reaches them. What is recorded twice is a duplicate, and changes nothing. */
export interface Recorder {
  /** Records events of one channel in the name of an institution's system; its outcomes in order. Throws `Suspended`. */
  capture(institution: Institution, channel: string, events: Entry['event'][]): Promise<Outcome[]>;
  /** Starts a recall in the authority's name; nothing where it has started. */
  recall(channel: string, recall: RecallArgument): Promise<void>;
}

/** The ledger takes nothing from this institution for now. */
export class Suspended extends Error {}

/** One transaction takes fewer than the contract would, so that no block waits for it. */
const mostEvents = 120;
const mostThings = 600;

/** So many institutions' transactions are on their way at once. */
const atOnce = 3;

/**
 * Records what a stretch of time has told, and teaches the state what the ledger says otherwise. It may be repeated from its
 * beginning.
 */
export async function record(recorder: Recorder, world: World, state: SimulationState, told: Told): Promise<void> {
  if (told.recall) await recorder.recall(told.recall.channel, told.recall.recall);
  const waiting = [...told.entries];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await recordOne(recorder, world, state, ...next);
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, work));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

async function recordOne(
  recorder: Recorder,
  world: World,
  state: SimulationState,
  index: number,
  entries: readonly Entry[],
): Promise<void> {
  const institution = world.institutions[index];
  if (!institution) throw new Error(`There is no institution ${index}.`);
  const parts = partsOf(entries);
  for (const [done, part] of parts.entries()) {
    try {
      const events = part.entries.map(({ event }) => event);
      const outcomes = await recorder.capture(institution, part.channel, events);
      for (const [position, entry] of part.entries.entries()) {
        const code = outcomes[position]?.code;
        if (code !== undefined && !entry.isFault) learnRefusal(state, entry, code);
      }
    } catch (error) {
      if (!(error instanceof Suspended)) throw error;
      learnSuspension(
        state,
        index,
        parts.slice(done).flatMap((left) => left.entries),
      );
      return;
    }
  }
}

interface Part {
  channel: string;
  entries: Entry[];
}

/** Entries as they go at once, the order of each channel's kept. */
function partsOf(entries: readonly Entry[]): Part[] {
  const parts: Part[] = [];
  for (const channel of new Set(entries.map((entry) => entry.channel))) {
    let things = 0;
    let part: Part | undefined;
    for (const entry of entries.filter((one) => one.channel === channel)) {
      const own = entry.things.boxes.length + entry.things.packs.length;
      if (!part || part.entries.length >= mostEvents || things + own > mostThings) {
        part = { channel, entries: [] };
        parts.push(part);
        things = 0;
      }
      part.entries.push(entry);
      things += own;
    }
  }
  return parts;
}
