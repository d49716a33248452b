import type { ChainPoint } from './chain.ts';

const everyBlocks = 256;
const everyBytes = 8 * 1024 * 1024;

/**
 * Says up to where a chain need not be read again at the next start. The checkpoint stays one span behind, so that a start
 * reads between one and two spans however long the chain is, and never less than the latest blocks.
 */
export class Checkpoints {
  #blocks = 0;
  #bytes = 0;
  #next: ChainPoint | undefined;

  /** Takes the place behind a block that is in order; answers with a checkpoint when there is a new one. */
  pass(point: ChainPoint, bytes: number): ChainPoint | undefined {
    this.#blocks += 1;
    this.#bytes += bytes;
    if (this.#blocks < everyBlocks && this.#bytes < everyBytes) return undefined;
    this.#blocks = 0;
    this.#bytes = 0;
    const checkpoint = this.#next;
    this.#next = point;
    return checkpoint;
  }
}
