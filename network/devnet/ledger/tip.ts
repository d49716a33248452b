import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { replaceFile } from '#network/processes/replaceFile.ts';
import { DevnetError } from '../config.ts';
import type { ChainPoint } from './chain.ts';

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

  /** Undefined where there is no file. Throws DevnetError for one with another content than `write` puts there. */
  read(): ChainPoint | undefined {
    if (!existsSync(this.#path)) return undefined;
    const [, height = '', hash = ''] = /^(\d{16}) ([0-9a-f]{64})\n$/.exec(readFileSync(this.#path, 'latin1')) ?? [];
    if (Number(height) > 0) return { height: Number(height), hash: Buffer.from(hash, 'hex') };
    throw new DevnetError(
      `${basename(this.#path)}, which names the last acknowledged block, is damaged: ${this.#path}`,
    );
  }

  /** Makes the file. */
  async create(tip: ChainPoint): Promise<void> {
    await replaceFile(this.#path, textOf(tip));
  }

  /** One write of fixed length: a process that dies leaves the old text or the new one. */
  write(tip: ChainPoint): void {
    this.#descriptor ??= openSync(this.#path, 'r+');
    writeSync(this.#descriptor, textOf(tip), 0);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

export function textOf({ height, hash }: ChainPoint): string {
  return `${String(height).padStart(16, '0')} ${hash.toString('hex')}\n`;
}
