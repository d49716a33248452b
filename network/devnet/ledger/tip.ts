import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/**
 * The last height, noted outside the database after each commit. LevelDB drops the tail of a damaged log without a
 * word; a tip that is higher than the chain tells that acknowledged blocks are gone. It may lag behind, never lead.
 */
export class TipFile {
  readonly #path: string;
  #descriptor: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  read(): { height: number } | undefined {
    if (!existsSync(this.#path)) return undefined;
    const [height] = readFileSync(this.#path, 'utf8').split(' ');
    const value = Number(height);
    return Number.isSafeInteger(value) && value > 0 ? { height: value } : undefined;
  }

  write(tip: { height: number; hash: string }): void {
    this.#descriptor ??= openSync(this.#path, existsSync(this.#path) ? 'r+' : 'w');
    // One write of fixed length: a process that dies leaves the old text or the new one.
    writeSync(this.#descriptor, `${String(tip.height).padStart(16, '0')} ${tip.hash}\n`, 0);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
