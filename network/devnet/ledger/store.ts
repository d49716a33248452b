import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { common } from '@hyperledger/fabric-protos';
import { ClassicLevel } from 'classic-level';
import { flushFolder } from '#network/processes/replaceFile.ts';
import { DevnetError } from '../config.ts';
import { blockHash, lastConfigOf } from './block.ts';
import { type ChainPoint, damaged, followChain, origin, pointAt, putPoint, readEnds } from './chain.ts';
import { Checkpoints } from './checkpoint.ts';
import type { Database, Operation, Snapshot } from './database.ts';
import { Erasure } from './erasure.ts';
import { KeptWrites } from './kept.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import { findLogDamage } from './log.ts';
import { TipFile, textOf } from './tip.ts';
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
  readonly #checkpoints: Checkpoints;
  /** Up to where this start has not read the chain. */
  readonly #unread: ChainPoint;
  #end: ChainPoint;
  #lastConfig = 0;
  /** False while no key has metadata: every write asks for them several times, and hardly any channel has some. */
  #hasMetadata: boolean;

  private constructor(
    channel: string,
    database: Database,
    parts: { writer: Writer; erasure: Erasure; kept: KeptWrites; tip: TipFile; checkpoints: Checkpoints },
    chain: { unread: ChainPoint; end: ChainPoint; hasMetadata: boolean },
  ) {
    this.channel = channel;
    this.database = database;
    this.erasure = parts.erasure;
    this.kept = parts.kept;
    this.#writer = parts.writer;
    this.#tip = parts.tip;
    this.#checkpoints = parts.checkpoints;
    this.#unread = chain.unread;
    this.#end = chain.end;
    this.#hasMetadata = chain.hasMetadata;
  }

  /**
   * Opens a channel's store, or makes a new one that begins with the genesis block. The chain is verified from the last
   * checkpoint on, in a time that does not grow with it; `verifyEarlier` reads the rest.
   */
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
    if (fresh) for (const made of [folder, join(stateDir, 'channels'), stateDir]) await flushFolder(dirname(made));
    const database: Database = new ClassicLevel<Buffer, Buffer>(folder, {
      keyEncoding: 'buffer',
      valueEncoding: 'buffer',
      createIfMissing: fresh,
      cacheSize: 4 * 1024 * 1024,
      writeBufferSize: 4 * 1024 * 1024,
    });
    try {
      await database.open();
    } catch (error) {
      throw storeError(channel, folder, error);
    }
    try {
      const ends = await readEnds(channel, database);
      const recorded = tip.read();
      if (ends) await checkTip(channel, database, ends.tip, recorded);
      else if (recorded) throw damaged(channel, 0, 'it is lost');
      const { verified: unread, tip: end } = ends ?? { verified: origin, tip: origin };
      const checkpoints = new Checkpoints();
      const writer = new Writer(database);
      let checkpoint: ChainPoint | undefined;
      await followChain(channel, database, unread, end, (point, bytes) => {
        checkpoint = checkpoints.pass(point, bytes) ?? checkpoint;
      });
      if (checkpoint) await writer.write([putPoint(keys.checkpointKey, checkpoint)]);
      const erasure = await Erasure.open(database, writer);
      const kept = await KeptWrites.open(database, writer, erasure);
      const parts = { writer, erasure, kept, tip, checkpoints };
      const [some] = await database.keys({ ...keys.wholePrefix(keys.metadataKeys), limit: 1 }).all();
      const store = new ChannelStore(channel, database, parts, { unread, end, hasMetadata: some !== undefined });
      const last = ends && store.block(end.height - 1);
      if (last) store.#lastConfig = lastConfigOf(last);
      if (!recorded && ends) await tip.create(end);
      if (!ends) {
        const { block, state } = genesis();
        await store.append(block, state);
      }
      return store;
    } catch (error) {
      await database.close();
      tip.close();
      throw error instanceof DevnetError ? error : storeError(channel, folder, error);
    }
  }

  /** Settles with the error once a write has failed; the store takes none after that. */
  get failed(): Promise<Error> {
    return this.#writer.failed;
  }

  get height(): number {
    return this.#end.height;
  }

  /** Number of the last block with the channel's configuration. */
  get lastConfig(): number {
    return this.#lastConfig;
  }

  /** Hash of the last block's header. */
  get hash(): Buffer {
    return this.#end.hash;
  }

  /** Writes a block and all that follows from it as one synced batch; `erases` when that deletes private values. */
  async append(block: common.Block, operations: readonly Operation[], erases = false): Promise<void> {
    const header = block.getHeader();
    const { height: number } = this.#end;
    if (!header || header.getNumber() !== number)
      throw new Error(`channel ${this.channel}: block ${header?.getNumber()} does not follow height ${number}`);
    const end = { height: number + 1, hash: blockHash(header) };
    const bytes = Buffer.from(block.serializeBinary());
    const checkpoint = this.#checkpoints.pass(end, bytes.length);
    this.#hasMetadata ||= operations.some(({ key }) => key[0] === keys.metadataKeys[0]);
    const write = erases ? this.erasure : this.#writer;
    await write.write([
      ...operations,
      { type: 'put', key: keys.blockKey(number), value: bytes },
      putPoint(keys.tipKey, end),
      ...(checkpoint ? [putPoint(keys.checkpointKey, checkpoint)] : []),
    ]);
    this.#end = end;
    this.erasure.renew();
    this.#lastConfig = lastConfigOf(block);
    if (number === 0) await this.#tip.create(end);
    else this.#tip.write(end);
  }

  /** Verifies the blocks that the start did not read, in a tenth of the time or less. Throws where the chain breaks. */
  async verifyEarlier(signal: AbortSignal): Promise<void> {
    let since = performance.now();
    await followChain(this.channel, this.database, origin, this.#unread, async () => {
      signal.throwIfAborted();
      const busy = performance.now() - since;
      if (busy < 5) return;
      await delay(busy * 9, undefined, { signal, ref: false });
      since = performance.now();
    });
  }

  /** The state as it is now; it must be released. */
  snapshot(): Snapshot {
    return this.erasure.snapshot();
  }

  release(snapshot: Snapshot): Promise<void> {
    return this.erasure.release(snapshot);
  }

  /** What the state has under a database key. */
  versioned(key: Buffer, snapshot?: Snapshot): { version: Version; value: Buffer } | undefined {
    const bytes = this.#read(key, snapshot);
    return bytes && keys.decodeVersioned(bytes);
  }

  /** The metadata of what the state has under a database key, encoded. */
  metadata(key: Buffer, snapshot?: Snapshot): Buffer | undefined {
    return this.#hasMetadata ? this.#read(keys.metadataKey(key), snapshot) : undefined;
  }

  state(namespace: string, key: string, snapshot?: Snapshot) {
    return this.versioned(keys.stateKey(namespace, key), snapshot);
  }

  privateState(namespace: string, collection: string, key: string, snapshot?: Snapshot) {
    return this.versioned(keys.privateKey(namespace, collection, key), snapshot);
  }

  privateHash(namespace: string, collection: string, keyHash: Uint8Array, snapshot?: Snapshot) {
    return this.versioned(keys.hashKey(namespace, collection, keyHash), snapshot);
  }

  #read(key: Buffer, snapshot?: Snapshot): Buffer | undefined {
    try {
      return this.database.getSync<Buffer, Buffer>(key, snapshot ? { snapshot } : {});
    } catch (error) {
      throw storeError(this.channel, this.database.location, error);
    }
  }

  /** The block's bytes; undefined above the height. */
  blockBytes(number: number): Buffer | undefined {
    return this.#read(keys.blockKey(number));
  }

  block(number: number): common.Block | undefined {
    const bytes = this.blockBytes(number);
    return bytes && common.Block.deserializeBinary(bytes);
  }

  transaction(txId: string): TransactionStatus | undefined {
    const bytes = this.#read(keys.transactionKey(txId));
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

/** Compares the end of the chain with what was acknowledged last. */
async function checkTip(
  channel: string,
  database: Database,
  end: ChainPoint,
  recorded: ChainPoint | undefined,
): Promise<void> {
  if (!recorded) {
    if (end.height === 1) return; // the end of a process between the genesis block and its note
    throw new DevnetError(
      `channel ${channel}: ${channel}.tip, which names the last acknowledged block, is missing. To go on with the chain as ` +
        `it stands, make it anew with the line: ${textOf(end)}`,
    );
  }
  if (recorded.height > end.height)
    throw damaged(channel, end.height, `it is lost: ${recorded.height} blocks were acknowledged`);
  const { hash } = recorded.height === end.height ? end : await pointAt(channel, database, recorded.height);
  if (!hash.equals(recorded.hash))
    throw damaged(channel, recorded.height - 1, 'another one was acknowledged, or its .tip file was changed');
}

function isFresh(folder: string): boolean {
  if (!existsSync(folder)) return true;
  const files = readdirSync(folder);
  if (files.includes('CURRENT')) return false;
  return files.every(
    (file) => !file.endsWith('.ldb') && !(file.endsWith('.log') && statSync(join(folder, file)).size > 0),
  );
}

/** What LevelDB says of a store that it cannot open or read, in words. */
function storeError(channel: string, folder: string, error: unknown): DevnetError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const said = cause instanceof Error ? cause.message : cause;
  if (code === 'LEVEL_LOCKED') return new DevnetError(`the state folder ${folder} is in use by another devnet process`);
  if (code === 'LEVEL_CORRUPTION')
    return new DevnetError(
      `channel ${channel}: the ledger is damaged: the store in ${folder} cannot be read: ${said}. Nothing was changed.`,
    );
  return new DevnetError(`channel ${channel}: the store in ${folder} cannot be opened: ${said}`);
}
