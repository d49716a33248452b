import { ledger } from '@hyperledger/fabric-protos';
import type { Database } from './database.ts';
import type { Erasure } from './erasure.ts';
import { sha256 } from './hash.ts';
import * as keys from './keys.ts';
import type { Writer } from './writer.ts';

/** How long an endorsed transaction that writes private values may be submitted. */
const acceptedForMs = 60 * 60 * 1000;
/** Longer, so that what was submitted in time is committed before its values go. */
const keptForMs = acceptedForMs + 60 * 1000;

/**
 * The private writes of endorsed transactions until these are committed, as in Fabric's transient store. The same id may
 * be endorsed several times, with other transient data: each result keeps its own.
 */
export class KeptWrites {
  readonly #database: Database;
  readonly #writer: Writer;
  readonly #erasure: Erasure;
  /** When each was kept, by transaction and database key (latin1). */
  readonly #times = new Map<string, Map<string, number>>();

  private constructor(database: Database, writer: Writer, erasure: Erasure) {
    this.#database = database;
    this.#writer = writer;
    this.#erasure = erasure;
  }

  static async open(database: Database, writer: Writer, erasure: Erasure): Promise<KeptWrites> {
    const kept = new KeptWrites(database, writer, erasure);
    const range = { gt: keys.transientPrefix, lt: keys.lastOfPrefix(keys.transientPrefix) };
    for await (const [key, value] of database.iterator(range)) kept.#note(key, Number(value.readBigUInt64BE()));
    return kept;
  }

  #note(key: Buffer, time: number): void {
    const txId = keys.transientTxId(key);
    const times = this.#times.get(txId) ?? new Map<string, number>();
    this.#times.set(txId, times.set(key.toString('latin1'), time));
  }

  /** Keeps the private writes (TxPvtReadWriteSet bytes) that an endorsed result (TxReadWriteSet bytes) has the hashes of. */
  async keep(txId: string, results: Uint8Array, privateWrites: Uint8Array): Promise<void> {
    const key = keyOf(txId, results);
    const now = Date.now();
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(now));
    await this.#writer.write([{ type: 'put', key, value: Buffer.concat([time, privateWrites]) }]);
    this.#note(key, now);
  }

  /** Whether the private writes of a result are here, and may still be submitted. */
  holds(txId: string, results: Uint8Array): boolean {
    const time = this.#times.get(txId)?.get(keyOf(txId, results).toString('latin1'));
    return time !== undefined && time > Date.now() - acceptedForMs;
  }

  read(txId: string, results: Uint8Array): ledger.rwset.TxPvtReadWriteSet | undefined {
    const bytes = this.#database.getSync(keyOf(txId, results));
    return bytes && ledger.rwset.TxPvtReadWriteSet.deserializeBinary(bytes.subarray(8));
  }

  /** The database keys of all that is kept for a transaction. */
  keysOf(txId: string): Buffer[] {
    return [...(this.#times.get(txId)?.keys() ?? [])].map((key) => Buffer.from(key, 'latin1'));
  }

  /** These have been deleted. */
  forget(deleted: readonly Buffer[]): void {
    for (const key of deleted) {
      const txId = keys.transientTxId(key);
      const times = this.#times.get(txId);
      times?.delete(key.toString('latin1'));
      if (times?.size === 0) this.#times.delete(txId);
    }
  }

  /** Erases what was endorsed long ago and never submitted. */
  async expire(): Promise<void> {
    const before = Date.now() - keptForMs;
    const expired = [...this.#times.values()].flatMap((times) =>
      [...times].filter(([, time]) => time < before).map(([key]) => Buffer.from(key, 'latin1')),
    );
    if (expired.length === 0) return;
    await this.#erasure.write(expired.map((key) => ({ type: 'del', key })));
    this.forget(expired);
  }
}

function keyOf(txId: string, results: Uint8Array): Buffer {
  return keys.transientKey(txId, sha256(results));
}
