import { byTime, type ChartEntry, entryKey } from './entry.ts';
import { type ChartHead, entryBytes, firstLists, type SegmentFact, segmentBytes } from './head.ts';
import { asTheyStand } from './timeline.ts';

/** What happened since an index was written. */
export interface IndexChange {
  /** Entries of documents that the index does not have yet. */
  added: readonly ChartEntry[];
  /** Those documents; one may have no entries. */
  documents: readonly string[];
  /** Documents that are superseded or retracted by now. */
  removed: readonly string[];
}

/** More gone documents than this are cleared out of the segments. */
const mostGone = 200;

export interface FoldPlan {
  /** Segments whose entries the fold needs; they are written anew. */
  load: SegmentFact[];
  /** Segments that stay as they are. */
  keep: SegmentFact[];
}

/**
 * Which segments a fold must read. Usually the last one, to fill it up. All of them, where something disappears from the first
 * screen and what comes after it must move up.
 */
export function planFold(head: ChartHead, { added, removed }: IndexChange): FoldPlan {
  const shown = [...head.current, ...head.latest, ...head.newest];
  const gone = new Set(removed);
  const replaced = new Set(added.map(entryKey));
  const disturbed = shown.some((entry) => gone.has(entry.d) || replaced.has(entryKey(entry)));
  if (disturbed || head.gone.length + removed.length > mostGone) return { load: head.segments, keep: [] };
  const last = head.segments.at(-1);
  const isFull = last === undefined || last.bytes > segmentBytes * 0.75;
  return isFull ? { load: [], keep: head.segments } : { load: [last], keep: head.segments.slice(0, -1) };
}

/** A new index: its head without the addresses of `segments`, which are to be sealed and stored. */
export interface Folded {
  head: Omit<ChartHead, 'segments'>;
  keep: SegmentFact[];
  segments: ChartEntry[][];
}

/**
 * Folds a change into an index, with the entries of the segments that its plan names. A resource lies in one current document;
 * where two browsers imported the same one at once and one document is retracted again, the head's lists follow when all
 * segments are next written anew, and the timeline at once.
 */
export function foldIndex(head: ChartHead, change: IndexChange, plan: FoldPlan, loaded: readonly ChartEntry[]): Folded {
  const gone = new Set([...head.gone, ...change.removed]);
  const everything = plan.keep.length === 0;
  const rewritten = [...loaded, ...change.added].filter(({ d }) => !gone.has(d)).sort(byTime);
  const known = everything ? [] : [...head.current, ...head.latest, ...head.newest];
  const standing = asTheyStand([...known, ...rewritten], gone);
  return {
    head: {
      v: 1,
      documents: head.documents + change.documents.length,
      // Where all segments are written anew, nothing of the gone documents is left in them.
      gone: everything ? [] : [...gone].sort(),
      ...firstLists(standing),
    },
    keep: plan.keep,
    segments: split(rewritten),
  };
}

/** Completes a folded index with the addresses of its new segments, in their order, and the epoch that sealed them. */
export function headOf(folded: Folded, cids: readonly string[], epoch: number): ChartHead {
  const written = folded.segments.map((entries, at) => {
    const cid = cids[at];
    if (cid === undefined) throw new TypeError('A segment has no address.');
    return { cid, epoch, count: entries.length, bytes: sizeOf(entries) };
  });
  return { ...folded.head, segments: [...folded.keep, ...written] };
}

const sizeOf = (entries: readonly ChartEntry[]) => entries.reduce((bytes, entry) => bytes + entryBytes(entry), 1);

function split(entries: readonly ChartEntry[]): ChartEntry[][] {
  const parts: ChartEntry[][] = [];
  let left = 0;
  for (const entry of entries) {
    const bytes = entryBytes(entry);
    if (bytes > left) {
      parts.push([]);
      left = segmentBytes - 1;
    }
    left -= bytes;
    parts.at(-1)?.push(entry);
  }
  return parts;
}
