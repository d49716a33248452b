import { z } from 'zod';
import { alertId, alertLevel } from '#chaincode/model/alert.ts';
import type { Bytes } from '#crypto/bytes.ts';
import { decodeCbor, encodeCbor } from '#crypto/cbor.ts';
import { alertIdOf } from '#crypto/telemetry/alertId.ts';
import { type FrameKind, frameKinds, mostItems } from '#crypto/telemetry/frame.ts';
import type { FrameContent } from '#crypto/telemetry/seal.ts';
import { type AlertContent, alertName } from '#monitoring/alert.ts';
import { type Digest, digestToWire, type Period, periods } from '#monitoring/digest.ts';
import type { Plan } from '#monitoring/plan.ts';
import { type Reading, toWire } from '#monitoring/reading.ts';

/** What a frame says, before it has a number and is sealed for an epoch. */
export type Content = Pick<FrameContent, 'kind' | 'from' | 'to' | 'items' | 'alert'>;

/** A frame is at most 64 KiB; what is sealed in it is kept well below. */
const mostBytes = 48 * 1024;
const mostContentBytes = 1024 * 1024;
/** So that whoever looks at an hour need not open a day. */
const longestMs = 6 * 3_600_000;

const packed = z.strictObject({
  kind: z.enum(frameKinds),
  from: z.int(),
  to: z.int(),
  items: z.array(z.unknown()),
  alert: z.strictObject({ id: alertId, level: alertLevel, escalateAfter: z.int() }).optional(),
});

export const packContent = ({ kind, from, to, items, alert }: Content): Bytes =>
  encodeCbor({ kind, from, to, items, ...(alert !== undefined && { alert }) });

export function unpackContent(bytes: Uint8Array): Content {
  const { alert, ...content } = packed.parse(decodeCbor(bytes, mostContentBytes, 'FRAME_MALFORMED'));
  return { ...content, ...(alert !== undefined && { alert }) };
}

/** Readings, oldest first, in as few frames as they fit. */
export function readingContents(readings: readonly Reading[]): Content[] {
  const sorted = readings.toSorted((one, other) => one.at - other.at);
  const sized = sorted.map((reading) => ({ reading, size: encodeCbor(toWire(reading, 0)).length }));
  return grouped(
    sized,
    ({ size }) => size,
    ({ reading }) => reading.at,
    longestMs,
  ).map((group) => {
    const own = group.map(({ reading }) => reading);
    const from = own[0]?.at ?? 0;
    const items = own.map((reading) => toWire(reading, from));
    return { kind: 'readings', from, to: own.at(-1)?.at ?? from, items };
  });
}

/** Digests of hours or days, oldest first, in as few frames as they fit. */
export function digestContents(period: Period, digests: readonly Digest[]): Content[] {
  const kind: FrameKind = period;
  const sized = digests.map((digest) => ({ digest, size: encodeCbor(digestToWire(digest, 0)).length }));
  return grouped(
    sized,
    ({ size }) => size,
    ({ digest }) => digest.from,
    30 * periods.day,
  ).map((group) => {
    const own = group.map(({ digest }) => digest);
    const from = own[0]?.from ?? 0;
    const to = (own.at(-1)?.from ?? from) + periods[period] - 1;
    return { kind, from, to, items: own.map((digest) => digestToWire(digest, from)) };
  });
}

/**
 * The frame that calls somebody. Its id follows from who, what and since when under the epoch's key, so that it calls once however
 * often it is made.
 */
export function alertContents(device: string, { patient, terms }: Plan, content: AlertContent, key: Bytes): Content {
  const id = alertIdOf(key, { patient, device, name: alertName(content) });
  const { level, at } = content;
  const alert = { id, level, escalateAfter: terms.escalateAfterSeconds[level] };
  return { kind: 'alert', from: at, to: at, items: [content], alert };
}

function grouped<T>(all: readonly T[], sizeOf: (one: T) => number, timeOf: (one: T) => number, spanMs: number): T[][] {
  const groups: T[][] = [];
  let size = 0;
  for (const one of all) {
    const last = groups.at(-1);
    const first = last?.[0];
    size += sizeOf(one);
    const fits = last && first && size <= mostBytes && last.length < mostItems && timeOf(one) - timeOf(first) < spanMs;
    if (fits) last.push(one);
    else {
      groups.push([one]);
      size = sizeOf(one);
    }
  }
  return groups;
}
