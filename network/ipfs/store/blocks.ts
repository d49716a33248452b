import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FsBlockstore } from 'blockstore-fs';
import { NextToLast } from 'blockstore-fs/sharding';
import { base32upper } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import * as Digest from 'multiformats/hashes/digest';
import { flushFolder } from '../../processes/replaceFile.ts';
import { blockMissing, IpfsFailure } from '../failure.ts';
import { identityCode, matches } from './hashes.ts';

/** Blocks larger than this cannot be exchanged with other nodes; neither Kubo nor this node takes them. */
export const largestBlock = 2 * 1024 * 1024;

/**
 * Blocks in files, in the layout of `blockstore-fs`. Its own writing goes to one temporary file per block, which two writers of
 * the same block share, and never flushes; and its reading hands out whatever lies on the disk. Here each writer has its own
 * file, `flush` puts everything written on the disk, and bytes that are not what the CID names are an error.
 */
export class Blocks extends FsBlockstore {
  readonly #sharding: NextToLast;
  #unflushed = new Set<string>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    const sharding = new NextToLast();
    super(folder, { shardingStrategy: sharding });
    this.#sharding = sharding;
  }

  /** Opens the folder and removes what a killed process was still writing. */
  override async open(): Promise<void> {
    await super.open();
    for await (const file of this.#files()) {
      if (file.endsWith('.tmp')) await rm(file, { force: true });
    }
  }

  #fileOf(cid: CID): string {
    const { dir, file } = this.#sharding.encode(cid);
    return join(this.path, dir, file);
  }

  override async put(cid: CID, value: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> {
    if (cid.multihash.code === identityCode) return cid;
    const bytes = await gather(value);
    const file = this.#fileOf(cid);
    const present = await readFile(file).catch(ifMissing);
    // A block that is there is kept, unless the disk has changed it. It may not have reached the disk yet.
    if (!present || Buffer.compare(present, bytes) !== 0) {
      await mkdir(dirname(file), { recursive: true });
      const fresh = `${file}.${randomUUID()}.tmp`;
      try {
        const handle = await open(fresh, 'wx', 0o600);
        try {
          await handle.writeFile(bytes);
        } finally {
          await handle.close();
        }
        await rename(fresh, file);
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
    }
    this.#unflushed.add(file);
    return cid;
  }

  /** The bytes of a block. Throws when it is missing or damaged. */
  async read(cid: CID): Promise<Uint8Array> {
    if (cid.multihash.code === identityCode) return cid.multihash.digest;
    let bytes: Buffer;
    try {
      bytes = await readFile(this.#fileOf(cid));
    } catch (error) {
      if (isMissing(error)) throw blockMissing(cid);
      throw new IpfsFailure(`block ${cid} cannot be read: ${String(error)}`, { cause: error });
    }
    if (!matches(cid, bytes)) {
      throw new IpfsFailure(
        `block in storage has different hash than requested: ${cid} is damaged on this node's disk`,
      );
    }
    // A plain Uint8Array: the decoders compare types.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  override async *get(cid: CID): AsyncGenerator<Uint8Array> {
    yield await this.read(cid);
  }

  /** The size of a block in bytes, undefined when it is not here. */
  async sizeOf(cid: CID): Promise<number | undefined> {
    if (cid.multihash.code === identityCode) return cid.multihash.digest.length;
    return (await stat(this.#fileOf(cid)).catch(ifMissing))?.size;
  }

  /** Every block here, as a CID of the raw codec (a file's name tells the hash, not the codec), with its size. */
  async *all(): AsyncGenerator<{ cid: CID; size: number }> {
    for await (const file of this.#files()) {
      if (!file.endsWith('.data')) continue;
      const found = await stat(file).catch(ifMissing);
      const cid = found && this.#cidOf(file);
      if (cid) yield { cid, size: found.size };
    }
  }

  #cidOf(file: string): CID | undefined {
    try {
      // A file is named by its bare multihash. (The sharding's own `decode` takes it for a CID and fails on all but sha2-256.)
      return CID.createV1(raw.code, Digest.decode(base32upper.decode(basename(file, '.data'))));
    } catch {
      return undefined;
    }
  }

  async *#files(): AsyncGenerator<string> {
    for (const shard of await readdir(this.path, { withFileTypes: true })) {
      if (!shard.isDirectory()) continue;
      for (const name of await readdir(join(this.path, shard.name))) yield join(this.path, shard.name, name);
    }
  }

  /** Puts everything written so far on the disk: contents first, then the names. */
  flush(): Promise<void> {
    // One after another: what a caller has put may be in the hands of a flush that is under way.
    const mine = this.#flushing.then(() => this.#flushNow());
    this.#flushing = mine.catch(() => undefined);
    return mine;
  }

  async #flushNow(): Promise<void> {
    const files = [...this.#unflushed];
    this.#unflushed = new Set();
    const folders = new Set(files.map((file) => dirname(file)));
    try {
      await inTurns(files, async (file) => {
        const handle = await open(file, 'r').catch(ifMissing);
        try {
          await handle?.sync();
        } finally {
          await handle?.close();
        }
      });
      await inTurns([...folders], flushFolder);
      if (folders.size > 0) await flushFolder(this.path);
    } catch (error) {
      for (const file of files) this.#unflushed.add(file);
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** A file that is not there is no failure; one that cannot be opened, for whatever reason, is. */
function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

async function gather(value: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (value instanceof Uint8Array) return value;
  const parts: Uint8Array[] = [];
  for await (const part of value) parts.push(part);
  return Buffer.concat(parts);
}

async function inTurns<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 16) await Promise.all(items.slice(at, at + 16).map(work));
}
