import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import { ClassicLevel } from 'classic-level';
import { DevnetError } from '../config.ts';
import { blockHash } from './block.ts';
import { damaged, verifyChain } from './chain.ts';
import type { Database, Operation, Snapshot } from './database.ts';
import { Erasure } from './erasure.ts';
import { KeptWrites } from './kept.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import { findLogDamage } from './log.ts';
import { TipFile } from './tip.ts';
import { Writer } from './writer.ts';

/** The outcome of a committed transaction. */
export interface TransactionStatus {
  code: number;
  block: number;
  tx: number;
}

/** The durable side of one channel: blocks, state, history, private data, in one LevelDB. */
export class ChannelStore {
  readonly channel: string;
  readonly database: Database;
  readonly erasure: Erasure;
  readonly kept: KeptWrites;
  readonly #writer: Writer;
  readonly #tip: TipFile;
  #height: number;
  #hash: Buffer;

  private constructor(
    channel: string,
    database: Database,
    parts: { writer: Writer; erasure: Erasure; kept: KeptWrites; tip: TipFile },
    chain: { height: number; hash: Buffer },
  ) {
    this.channel = channel;
    this.database = database;
    this.erasure = parts.erasure;
    this.kept = parts.kept;
    this.#writer = parts.writer;
    this.#tip = parts.tip;
    this.#height = chain.height;
    this.#hash = chain.hash;
  }

  /** Opens a channel's store and verifies its chain, or makes a new one that begins with the genesis block. */
  static async open(
    stateDir: string,
    channel: string,
    genesis: () => { block: common.Block; state: Operation[] },
  ): Promise<ChannelStore> {
    const folder = join(stateDir, 'channels', channel);
    const tip = new TipFile(join(stateDir, 'channels', `${channel}.tip`));
    const fresh = isFresh(folder) && tip.read() === undefined;
    if (!fresh && !existsSync(join(folder, 'CURRENT')))
      throw new DevnetError(`channel ${channel}: the store in ${folder} is damaged (its CURRENT file is missing)`);
    const logDamage = fresh ? undefined : findLogDamage(folder);
    if (logDamage)
      throw new DevnetError(
        `channel ${channel}: the ledger is damaged: ${logDamage.file} in ${folder}, ` +
          `which holds the latest blocks, is not readable from byte ${logDamage.offset} on. Nothing was changed.`,
      );
    await mkdir(folder, { recursive: true });
    const database: Database = new ClassicLevel<Buffer, Buffer>(folder, {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
      createIfMissing: fresh,
      cacheSize: 16 * 1024 * 1024,
      writeBufferSize: 8 * 1024 * 1024,
    });
    try {
      await database.open();
    } catch (error) {
      throw openError(channel, folder, error);
    }
    try {
      const chain = await verifyChain(channel, database);
      const recorded = tip.read();
      if (chain && recorded && recorded.height > chain.height)
        throw damaged(channel, chain.height, `it is lost: ${recorded.height} blocks were acknowledged`);
      if (!chain && recorded) throw damaged(channel, 0, 'it is lost');
      const writer = new Writer(database);
      const erasure = await Erasure.open(database, writer);
      const kept = await KeptWrites.open(database, writer, erasure);
      const parts = { writer, erasure, kept, tip };
      const store = new ChannelStore(channel, database, parts, chain ?? { height: 0, hash: Buffer.alloc(0) });
      if (!chain) {
        const { block, state } = genesis();
        await store.append(block, state);
      }
      await store.tidy();
      return store;
    } catch (error) {
      await database.close();
      tip.close();
      if (error instanceof DevnetError) throw error;
      throw new DevnetError(`channel ${channel}: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Settles with the error once a write has failed; the store takes none after that. */
  get failed(): Promise<Error> {
    return this.#writer.failed;
  }

  get height(): number {
    return this.#height;
  }

  /** Hash of the last block's header. */
  get hash(): Buffer {
    return this.#hash;
  }

  /** Writes a block and all that follows from it as one synced batch; `erases` when that deletes private values. */
  async append(block: common.Block, operations: readonly Operation[], erases = false): Promise<void> {
    const header = block.getHeader();
    if (!header || header.getNumber() !== this.#height)
      throw new Error(`channel ${this.channel}: block ${header?.getNumber()} does not follow height ${this.#height}`);
    const hash = blockHash(header);
    const height = this.#height + 1;
    const write = erases ? this.erasure : this.#writer;
    await write.write([
      ...operations,
      { type: 'put', key: keys.blockKey(this.#height), value: Buffer.from(block.serializeBinary()) },
      { type: 'put', key: keys.tipKey, value: Buffer.from(JSON.stringify({ height, hash: hash.toString('hex') })) },
    ]);
    this.#height = height;
    this.#hash = hash;
    this.#tip.write({ height, hash: hash.toString('hex') });
  }

  /** The state as it is now; it must be released. */
  snapshot(): Snapshot {
    return this.erasure.snapshot();
  }

  release(snapshot: Snapshot): Promise<void> {
    return this.erasure.release(snapshot);
  }

  #versioned(key: Buffer, snapshot?: Snapshot): { version: Version; value: Buffer } | undefined {
    const bytes = this.database.getSync<Buffer, Buffer>(key, snapshot ? { snapshot } : {});
    return bytes && keys.decodeVersioned(bytes);
  }

  state(namespace: string, key: string, snapshot?: Snapshot) {
    return this.#versioned(keys.stateKey(namespace, key), snapshot);
  }

  privateState(namespace: string, collection: string, key: string, snapshot?: Snapshot) {
    return this.#versioned(keys.privateKey(namespace, collection, key), snapshot);
  }

  privateHash(namespace: string, collection: string, keyHash: Uint8Array, snapshot?: Snapshot) {
    return this.#versioned(keys.hashKey(namespace, collection, keyHash), snapshot);
  }

  /** The block's bytes; undefined above the height. */
  blockBytes(number: number): Buffer | undefined {
    return this.database.getSync(keys.blockKey(number));
  }

  block(number: number): common.Block | undefined {
    const bytes = this.blockBytes(number);
    return bytes && common.Block.deserializeBinary(bytes);
  }

  transaction(txId: string): TransactionStatus | undefined {
    const bytes = this.database.getSync(keys.transactionKey(txId));
    if (!bytes) return undefined;
    const { version, value } = keys.decodeVersioned(bytes);
    return { code: value[0] ?? 255, block: version.block, tx: version.tx };
  }

  /** Takes off the disk what is past its time or was deleted. It is slow beside a commit. */
  async tidy(): Promise<void> {
    await this.kept.expire();
    if (this.erasure.due) await this.erasure.run();
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.database.close();
    this.#tip.close();
  }
}

function isFresh(folder: string): boolean {
  if (!existsSync(folder)) return true;
  const files = readdirSync(folder);
  if (files.includes('CURRENT')) return false;
  return files.every(
    (file) => !file.endsWith('.ldb') && !(file.endsWith('.log') && statSync(join(folder, file)).size > 0),
  );
}

function openError(channel: string, folder: string, error: unknown): DevnetError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'LEVEL_LOCKED') return new DevnetError(`the state folder ${folder} is in use by another devnet process`);
  return new DevnetError(
    `channel ${channel}: the store in ${folder} cannot be opened: ${cause instanceof Error ? cause.message : cause}`,
  );
}
