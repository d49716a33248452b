import type { Plan as PlanEntry } from '#chaincode/model/telemetry.ts';
import type { Problem } from '#components/ui/errors.ts';
import type { CircleStanding } from '#components/vault/circleOperations.ts';
import type { CircleSource } from '#components/vault/circleState.ts';
import type { ShownFrame } from '#components/vault/readingOperations.ts';
import type { AlertContent } from '#monitoring/alert.ts';
import type { SeriesName } from '#monitoring/catalogue.ts';
import { seriesOf } from '#monitoring/catalogue.ts';
import { type Digest, mergeAll, type Period } from '#monitoring/digest.ts';
import type { Measured } from '#monitoring/news2.ts';
import type { SignedPlan } from '#monitoring/plan.ts';
import { isJudged, type Reading } from '#monitoring/reading.ts';

/** How this browser stands to a patient's circle. */
export type Entry =
  | { state: 'entering' }
  | { state: 'failed'; problem: Problem }
  /** Nobody has begun it. */
  | { state: 'none'; source: CircleSource }
  | { state: 'outside'; was: boolean; source: CircleSource }
  /** `by` had the ledger take a change that leads nowhere: an owner has to begin the circle anew. */
  | { state: 'stuck'; by: string; source: CircleSource }
  | (Extract<CircleStanding, { state: 'in' }> & { source: CircleSource });

/** The plan that the ledger names, and as far as it opens. */
export interface KnownPlan {
  entry: PlanEntry;
  opened?: SignedPlan;
  problem?: Problem;
}

/** Where a reading came from, for its proof. */
export interface Origin {
  /** Hex hash of its frame. */
  frame: string;
  index: number;
  device: string;
}
export type PlacedReading = Reading & { origin: Origin };

/** What this browser has opened of a patient. Times are milliseconds since 1970. */
export interface FeedState {
  entry: Entry;
  plan?: KnownPlan;
  /** In the order of time. */
  readings: readonly PlacedReading[];
  /** Merged, in the order of time. */
  hour: readonly Digest[];
  day: readonly Digest[];
  /** What alerts are about, by the hash of their frame. */
  alerts: ReadonlyMap<string, AlertContent>;
  /** How many frames are sealed under keys that this browser does not have. */
  locked: number;
  /** Frames that were not opened for another reason, by code. */
  refused: Readonly<Record<string, number>>;
  /** Whether frames are being fetched and opened for the first time. */
  loading: boolean;
  problem?: Problem;
}

export const emptyFeed: FeedState = {
  entry: { state: 'entering' },
  ...{ readings: [], hour: [], day: [], alerts: new Map(), locked: 0, refused: {}, loading: true },
};

/** A day of readings is kept, and what came since. */
export const keptMs = 25 * 3_600_000;

/** The state with what further frames told; each frame must come once. */
export function withFrames(state: FeedState, frames: readonly ShownFrame[], now: number): FeedState {
  const readings: PlacedReading[] = [];
  const digests: Record<Period, Digest[]> = { hour: [], day: [] };
  const alerts = new Map(state.alerts);
  const refused = { ...state.refused };
  for (const frame of frames) {
    if (frame.kind === 'readings') {
      for (const [index, reading] of frame.readings.entries()) {
        const origin = { frame: frame.hash, index, device: frame.device };
        if (now - reading.at <= keptMs) readings.push({ ...reading, origin });
      }
    } else if (frame.kind === 'alert') {
      const [content] = frame.contents;
      if (content !== undefined) alerts.set(frame.hash, content);
    } else if (frame.kind === 'refused') refused[frame.problem.code] = (refused[frame.problem.code] ?? 0) + 1;
    else digests[frame.kind].push(...frame.digests);
  }
  const kept = state.readings.filter(({ at }) => now - at <= keptMs);
  return {
    ...{ ...state, alerts, refused },
    readings: readings.length === 0 ? kept : [...kept, ...readings].sort((a, b) => a.at - b.at),
    hour: digests.hour.length === 0 ? state.hour : mergeAll([...state.hour, ...digests.hour]),
    day: digests.day.length === 0 ? state.day : mergeAll([...state.day, ...digests.day]),
  };
}

/** The newest value of each series that no sensor doubted. */
export function newestOf(readings: readonly Reading[]): Partial<Record<SeriesName, Measured>> {
  const newest: Partial<Record<SeriesName, Measured>> = {};
  for (const reading of readings) {
    if (!isJudged(reading)) continue;
    for (const [place, name] of seriesOf(reading.measure).entries()) {
      const value = reading.values[place];
      if (value !== undefined) newest[name] = { at: reading.at, value };
    }
  }
  return newest;
}
