import { z } from 'zod';
import { type Bytes, fromUtf8, utf8 } from '#crypto/bytes.ts';
import type { SeriesName } from '#monitoring/catalogue.ts';
import {
  closedAt,
  type Digest,
  digestOfWire,
  digestsOf,
  digestToWire,
  mergeAll,
  type Period,
} from '#monitoring/digest.ts';
import type { Limits } from '#monitoring/plan.ts';
import type { Reading } from '#monitoring/reading.ts';
import { type WatchState, watchState } from '#monitoring/watchState.ts';

const shape = z.strictObject({
  watch: watchState.nullable(),
  hour: z.array(z.unknown()),
  day: z.array(z.unknown()),
});

/** What a device has made of the readings that are in frames by now: kept in one step with the frames. */
export interface Memory {
  watch: WatchState | undefined;
  /** Of periods that are not over. */
  hour: readonly Digest[];
  day: readonly Digest[];
}

export const emptyMemory: Memory = { watch: undefined, hour: [], day: [] };

/** As JSON: fractions are in the engine's state. */
export const packMemory = ({ watch, hour, day }: Memory): Bytes =>
  utf8(
    JSON.stringify({
      watch: watch ?? null,
      hour: hour.map((digest) => digestToWire(digest, 0)),
      day: day.map((digest) => digestToWire(digest, 0)),
    }),
  );

export function unpackMemory(bytes: Uint8Array | undefined): Memory {
  if (bytes === undefined) return emptyMemory;
  const { watch, hour, day } = shape.parse(JSON.parse(fromUtf8(bytes)));
  const read = (period: Period, all: readonly unknown[]) => all.map((wire) => digestOfWire(wire, 0, period));
  return { watch: watch ?? undefined, hour: read('hour', hour), day: read('day', day) };
}

/** With readings that go into frames. */
export function withReadings(
  memory: Memory,
  readings: readonly Reading[],
  limits: Partial<Record<SeriesName, Limits>>,
): Memory {
  const hours = digestsOf(readings, 'hour', limits);
  const days = digestsOf(readings, 'day', limits);
  return { ...memory, hour: mergeAll([...memory.hour, ...hours]), day: mergeAll([...memory.day, ...days]) };
}

/** What is over of a period, and the memory without it. */
export function closePeriods(memory: Memory, period: Period, now: number): { closed: Digest[]; left: Memory } {
  const { closed, open } = closedAt(memory[period], period, now);
  return { closed, left: { ...memory, [period]: open } };
}
