import { byTime, type ChartEntry, entryKey } from './entry.ts';

/** The document that says something last: by the ledger's time, then by id, so that everybody agrees. */
const isLater = (one: ChartEntry, other: ChartEntry) => (one.w === other.w ? one.d > other.d : one.w > other.w);

/**
 * Entries as they stand: those of superseded and retracted documents are gone, and of a resource that several documents have
 * the last one counts. Newest first.
 */
export function asTheyStand(entries: Iterable<ChartEntry>, gone: ReadonlySet<string>): ChartEntry[] {
  const standing = new Map<string, ChartEntry>();
  for (const entry of entries) {
    if (gone.has(entry.d)) continue;
    const before = standing.get(entryKey(entry));
    if (before === undefined || isLater(entry, before)) standing.set(entryKey(entry), entry);
  }
  return [...standing.values()].sort(byTime);
}
