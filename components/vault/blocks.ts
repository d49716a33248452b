import { mostBlocksAtOnce, readFrames } from '#server/records/schema.ts';
import { askPortal } from './portal.ts';

/** Blocks of ciphertext in the order in which they are named. Whoever reads compares each with its CID. */
export type BlockSource = (cids: string[]) => Promise<Uint8Array[]>;

/** Blocks from the portal. Throws its error, or `OFFLINE`. */
export const fetchBlocks: BlockSource = async (cids) => {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < cids.length; at += mostBlocksAtOnce) {
    blocks.push(...(await fetchSome(cids.slice(at, at + mostBlocksAtOnce))));
  }
  return blocks;
};

/** Blocks of circles and readings, which those have who watch. Throws the portal's error, or `OFFLINE`. */
export const fetchCircleBlocks: BlockSource = (cids) =>
  Promise.all(
    cids.map(async (cid) => {
      const response = await askPortal(`/api/telemetry/blocks?cid=${encodeURIComponent(cid)}`);
      return new Uint8Array(await response.arrayBuffer());
    }),
  );

/**
 * A source that asks for all that several readers are about to read at once: a request costs more than a small block. Where
 * it is refused, each reader asks for its own, so that one missing block keeps only its reader from going on.
 */
export async function fetchAhead(source: BlockSource, cids: readonly string[]): Promise<BlockSource> {
  const wanted = [...new Set(cids)];
  const ahead = new Map<string, Uint8Array>();
  try {
    const found = wanted.length === 0 ? [] : await source(wanted);
    for (const [at, cid] of wanted.entries()) ahead.set(cid, found[at] ?? new Uint8Array());
  } catch {
    return source;
  }
  return async (asked) => {
    const missing = asked.filter((cid) => !ahead.has(cid));
    const rest = missing.length === 0 ? [] : await source(missing);
    return asked.map((cid) => ahead.get(cid) ?? rest[missing.indexOf(cid)] ?? new Uint8Array());
  };
}

/** Asks for what a reader will want before it comes: who then wants just that takes it over, once. */
export function createForerunner(source: BlockSource) {
  let begun: { cids: string; blocks: Promise<BlockSource> } | undefined;
  return {
    send(cids: readonly string[]): void {
      begun = { cids: cids.join(), blocks: fetchAhead(source, cids) };
    },
    meet(cids: readonly string[]): Promise<BlockSource> {
      const met = begun?.cids === cids.join() ? begun.blocks : fetchAhead(source, cids);
      begun = undefined;
      return met;
    },
  };
}

async function fetchSome(cids: string[]): Promise<Uint8Array[]> {
  const response = await askPortal(`/api/blocks?${new URLSearchParams(cids.map((cid) => ['cid', cid]))}`);
  return readFrames(new Uint8Array(await response.arrayBuffer()));
}
