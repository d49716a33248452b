import { ledger } from '@hyperledger/fabric-protos';
import { sha256 } from './hash.ts';

const { kvrwset } = ledger.rwset;
type KVRead = ledger.rwset.kvrwset.KVRead;
type Summary = ledger.rwset.kvrwset.QueryReadsMerkleSummary;

/** Up to so many results of a range stand in a read-write set themselves, and so many hashes in a level of its tree. */
const maxDegree = 50;

/**
 * The results of a range as a read-write set tells them: one by one, or, where there are more than the degree, as the
 * top of a Merkle tree (Fabric's rwsetutil/query_results_helper.go, whose bytes it gives).
 */
export class RangeResults {
  readonly #degree: number;
  #pending: KVRead[] = [];
  /** The hashes of each level, the leaves first, which have not gone into the next one. */
  readonly #levels: Buffer[][] = [[]];

  constructor(degree = maxDegree) {
    if (degree < 2) throw new RangeError(`a Merkle tree of degree ${degree}`);
    this.#degree = degree;
  }

  add(read: KVRead): void {
    this.#pending.push(read);
    if (this.#pending.length > this.#degree) this.#hashPending();
  }

  #hashPending(): void {
    const reads = new kvrwset.QueryReads();
    reads.setKvReadsList(this.#pending);
    this.#pending = [];
    let hash = sha256(reads.serializeBinary());
    for (let level = 0; ; level += 1) {
      const hashes = this.#level(level);
      hashes.push(hash);
      if (hashes.length <= this.#degree) return;
      hash = this.#fold(level);
    }
  }

  #level(level: number): Buffer[] {
    let hashes = this.#levels[level];
    if (!hashes) {
      hashes = [];
      this.#levels[level] = hashes;
    }
    return hashes;
  }

  #fold(level: number): Buffer {
    const hashes = this.#level(level);
    const [only] = hashes;
    this.#levels[level] = [];
    return only && hashes.length === 1 ? only : sha256(Buffer.concat(hashes));
  }

  /** What has been added. Call it once. */
  finish(): { reads: KVRead[] } | { summary: Summary } {
    if (this.#levels.every((hashes) => hashes.length === 0)) return { reads: this.#pending };
    if (this.#pending.length > 0) this.#hashPending();
    let top = this.#levels.length - 1;
    for (let level = 0; level < top; level += 1)
      if (this.#level(level).length > 0) this.#level(level + 1).push(this.#fold(level));
    if (this.#level(top).length > this.#degree) {
      const hash = this.#fold(top);
      top += 1;
      this.#level(top).push(hash);
    }
    const summary = new kvrwset.QueryReadsMerkleSummary();
    summary.setMaxDegree(this.#degree);
    summary.setMaxLevel(top + 1);
    summary.setMaxLevelHashesList(this.#level(top));
    return { summary };
  }
}
