import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { blockMissing, IpfsFailure } from '../failure.ts';
import type { Blocks } from './blocks.ts';
import { linksOf } from './codecs.ts';
import type { Pin, PinJournal } from './pinJournal.ts';

/**
 * Every block of a DAG, the root first, each once. Blocks with links are read and checked. Leaves of the raw codec, the greater
 * part of all, are read too (`verify`), only looked for (`exist`), or taken for granted (`trust`).
 * `known` spares reading a block again for its links, which never change.
 * @throws at the first block that is missing or damaged
 */
export async function* walk(
  blocks: Blocks,
  root: CID,
  leaves: 'verify' | 'exist' | 'trust',
  seen = new Set<string>(),
  known?: Map<string, CID[]>,
): AsyncGenerator<{ cid: CID; size: number }> {
  const pending = [root];
  for (let cid = pending.pop(); cid; cid = pending.pop()) {
    const key = cid.toString();
    if (seen.has(key)) continue;
    seen.add(key);
    if (cid.code === raw.code && leaves !== 'verify') {
      const size = leaves === 'trust' ? 0 : await blocks.sizeOf(cid);
      if (size === undefined) throw blockMissing(cid);
      yield { cid, size };
      continue;
    }
    const before = known?.get(key);
    if (before) {
      yield { cid, size: 0 };
      pending.push(...before);
      continue;
    }
    const bytes = await blocks.read(cid);
    yield { cid, size: bytes.length };
    const links = linksOf(cid, bytes).reverse();
    pending.push(...links);
    if (known && known.size < mostKnown) known.set(key, links);
  }
}

const mostKnown = 50_000;

/** The pins of a node and what they keep, with Kubo's rules and messages. */
export class Pinning {
  readonly #blocks: Blocks;
  readonly #journal: PinJournal;
  readonly #known = new Map<string, CID[]>();

  constructor(blocks: Blocks, journal: PinJournal) {
    this.#blocks = blocks;
    this.#journal = journal;
  }

  /** Pins, and returns when the blocks and the pin are on the disk. `onBlock` is told of each block of a recursive pin. */
  async add(cid: CID, pin: { recursive: boolean; name: string }, onBlock?: (size: number) => void): Promise<void> {
    const existing = this.#journal.pins.get(cid.toString());
    if (!pin.recursive && existing?.mode === 'recursive')
      throw new IpfsFailure(`pin: ${cid} already pinned recursively`);
    try {
      if (pin.recursive) for await (const { size } of walk(this.#blocks, cid, 'verify')) onBlock?.(size);
      else await this.#blocks.read(cid);
    } catch (error) {
      if (error instanceof IpfsFailure) throw new IpfsFailure(`pin: ${error.message}`, { cause: error });
      throw error;
    }
    await this.#blocks.flush();
    const mode = pin.recursive ? 'recursive' : 'direct';
    if (existing?.mode === mode && existing.name === pin.name) return;
    await this.#journal.record({ pin: cid.toString(), mode, name: pin.name });
  }

  async remove(cid: CID, recursive: boolean): Promise<void> {
    const pin = this.#journal.pins.get(cid.toString());
    if (!pin) throw new IpfsFailure('not pinned or pinned indirectly');
    if (pin.mode === 'recursive' && !recursive) throw new IpfsFailure(`${cid} is pinned recursively`);
    await this.#journal.record({ unpin: cid.toString() });
  }

  pinned(mode: Pin['mode']): { cid: CID; name: string }[] {
    return [...this.#journal.pins]
      .filter(([, pin]) => pin.mode === mode)
      .map(([key, { name }]) => ({ cid: CID.parse(key), name }))
      .sort((left, right) => Buffer.compare(left.cid.bytes, right.cid.bytes));
  }

  of(cid: CID): Pin | undefined {
    return this.#journal.pins.get(cid.toString());
  }

  /** What recursive pins keep beneath their roots, without what is pinned itself. */
  async indirect(): Promise<CID[]> {
    const found = new Map<string, CID>();
    for (const { cid: root } of this.pinned('recursive')) {
      for await (const { cid } of this.#dagOf(root)) if (!cid.equals(root)) found.set(cid.toString(), cid);
    }
    for (const key of this.#journal.pins.keys()) found.delete(key);
    return [...found.values()].sort((left, right) => Buffer.compare(left.bytes, right.bytes));
  }

  /** The root of a recursive pin that keeps this CID beneath it. */
  async through(wanted: CID): Promise<CID | undefined> {
    for (const { cid: root } of this.pinned('recursive'))
      for await (const { cid } of this.#dagOf(root)) if (cid.equals(wanted) && !cid.equals(root)) return root;
    return undefined;
  }

  /** Which of these blocks pins keep, by hash (`hashOf`), with how they do: the pin may name another CID of the same bytes. */
  async keeping(wanted: CID[]): Promise<Map<string, string>> {
    const missing = new Set(wanted.map(hashOf));
    const found = new Map<string, string>();
    for (const mode of ['recursive', 'direct'] as const)
      for (const { cid } of this.pinned(mode))
        if (missing.delete(hashOf(cid))) found.set(hashOf(cid), `pinned: ${mode}`);
    for (const { cid: root } of this.pinned('recursive')) {
      if (missing.size === 0) break;
      for await (const { cid } of this.#dagOf(root)) {
        if (missing.delete(hashOf(cid))) found.set(hashOf(cid), `pinned via ${root}`);
        if (missing.size === 0) break;
      }
    }
    return found;
  }

  #dagOf(root: CID): AsyncGenerator<{ cid: CID }> {
    return walk(this.#blocks, root, 'trust', new Set(), this.#known);
  }

  /**
   * Removes every block that no pin keeps. When a pinned DAG has a missing or damaged block, what lies beneath it is unknown:
   * then nothing is removed and the call fails.
   */
  async *collectGarbage(): AsyncGenerator<CID> {
    const kept = new Set<string>();
    const seen = new Set<string>();
    for (const { cid } of this.pinned('direct')) kept.add(hashOf(cid));
    for (const { cid: root } of this.pinned('recursive')) {
      for await (const { cid } of walk(this.#blocks, root, 'exist', seen)) kept.add(hashOf(cid));
    }
    for await (const { cid } of this.#blocks.all()) {
      if (kept.has(hashOf(cid))) continue;
      await this.#blocks.delete(cid);
      yield cid;
    }
  }
}

/** Blocks are kept by hash: CIDs that differ in version or codec share one. */
export function hashOf(cid: CID): string {
  return Buffer.from(cid.multihash.bytes).toString('base64');
}
