import { z } from 'zod';
import { cid } from '#chaincode/model/identifiers.ts';
import { byTime, type ChartEntry, chartEntry, isOpen, isWithdrawn } from './entry.ts';

/**
 * The first block of a category's encrypted index: enough for the first screen of a chart, and where the rest is. The rest are
 * segments, blocks of their own with lists of entries.
 */

/** Uncompressed bytes of JSON in a segment: with all overhead it fits a block of 256 KiB even where gzip gains nothing. */
export const segmentBytes = 240 * 1024;
/** Bytes of JSON of each list of the head, so that the head fits a block too. */
const listBytes = { current: 80 * 1024, latest: 50 * 1024, newest: 40 * 1024 };
/** Entries of the timeline that a first screen shows. */
export const newestShown = 50;

export const segmentFact = z.strictObject({
  cid,
  /** Epoch of the category under whose key it was sealed; segments stay when a new one begins. */
  epoch: z.int().positive(),
  /** Entries. */
  count: z.int().positive(),
  /** Bytes of their JSON. */
  bytes: z.int().positive(),
});
export type SegmentFact = z.infer<typeof segmentFact>;
export const segment = z.array(chartEntry).max(5_000);

export const chartHead = z.strictObject({
  v: z.literal(1),
  /** Documents that the index has, and those of them that are superseded or retracted but still lie in segments. */
  documents: z.int().min(0),
  gone: z.array(z.string().max(64)).max(500),
  /** Open problems, allergies in force, medicines taken, and the person's details. */
  current: z.array(chartEntry),
  /** The newest value of each code. */
  latest: z.array(chartEntry),
  newest: z.array(chartEntry),
  segments: z.array(segmentFact).max(400),
});
export type ChartHead = z.infer<typeof chartHead>;
export type FirstLists = Pick<ChartHead, 'current' | 'latest' | 'newest'>;

export const emptyHead: ChartHead = {
  ...{ v: 1, documents: 0, gone: [], current: [], latest: [], newest: [], segments: [] },
};

/** The lists of a head, of entries as they stand. What falls off a full list is in the segments. */
export function firstLists(standing: readonly ChartEntry[]): FirstLists {
  const believed = standing.filter((entry) => !isWithdrawn(entry)).sort(byTime);
  return {
    current: within(listBytes.current, believed.filter(isOpen)),
    latest: within(listBytes.latest, newestOfEachCode(believed)),
    newest: within(listBytes.newest, believed.filter(({ k }) => k !== 'person').slice(0, newestShown)),
  };
}

function newestOfEachCode(newestFirst: readonly ChartEntry[]): ChartEntry[] {
  const seen = new Set<string>();
  return newestFirst.filter(({ k, code, m, p }) => {
    if ((k !== 'result' && k !== 'vital') || code === undefined || (m === undefined && p === undefined)) return false;
    if (seen.has(code)) return false;
    seen.add(code);
    return true;
  });
}

/** The longest beginning that fits; an entry that is left out is older than all that stay, however lists are merged later. */
function within(bytes: number, entries: readonly ChartEntry[]): ChartEntry[] {
  let left = bytes;
  const beyond = entries.findIndex((entry) => {
    left -= entryBytes(entry);
    return left < 0;
  });
  return beyond < 0 ? [...entries] : entries.slice(0, beyond);
}

const encoder = new TextEncoder();
/** Bytes of an entry's JSON with its comma. */
export const entryBytes = (entry: ChartEntry): number => encoder.encode(JSON.stringify(entry)).length + 1;
