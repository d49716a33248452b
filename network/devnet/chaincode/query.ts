import { ledger, peer } from '@hyperledger/fabric-protos';
import type { Snapshot } from '../ledger/database.ts';
import * as keys from '../ledger/keys.ts';
import type { RangeRead } from '../ledger/rwset.ts';
import type { ChannelStore } from '../ledger/store.ts';

const batchSize = 100;
/** So many rows at most a query gives, however it is read. */
export const totalLimit = 100_000;

function response(rows: readonly Uint8Array[], more: boolean, id: string, metadata?: Uint8Array): Uint8Array {
  const message = new peer.QueryResponse();
  message.setResultsList(
    rows.map((row) => {
      const result = new peer.QueryResultBytes();
      result.setResultbytes(row);
      return result;
    }),
  );
  message.setHasMore(more);
  message.setId(id);
  if (metadata) message.setMetadata(metadata);
  return message.serializeBinary();
}

/** A query whose rows a chaincode fetches batch by batch. */
export class OpenQuery {
  readonly #rows: AsyncIterator<Uint8Array>;
  readonly #id: string;
  #next: IteratorResult<Uint8Array> | undefined;
  #total = 0;

  constructor(id: string, rows: AsyncIterable<Uint8Array>) {
    this.#id = id;
    this.#rows = rows[Symbol.asyncIterator]();
  }

  /** The next batch of at most 100 rows, and whether there are more. */
  async batch(): Promise<{ bytes: Uint8Array; more: boolean }> {
    const rows: Uint8Array[] = [];
    this.#next ??= await this.#rows.next();
    while (!this.#next.done && rows.length < batchSize && this.#total < totalLimit) {
      rows.push(this.#next.value);
      this.#total += 1;
      this.#next = await this.#rows.next();
    }
    const more = !this.#next.done && this.#total < totalLimit;
    if (!more) await this.#rows.return?.();
    return { bytes: response(rows, more, this.#id), more };
  }

  async close(): Promise<Uint8Array> {
    await this.#rows.return?.();
    return response([], false, this.#id);
  }
}

/** One page of a range query: rows, and the key that follows as the bookmark. */
export async function page(id: string, rows: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const found: Uint8Array[] = [];
  let bookmark = '';
  for await (const row of rows) {
    if (found.length === size) {
      bookmark = ledger.queryresult.KV.deserializeBinary(row).getKey();
      break;
    }
    found.push(row);
  }
  const metadata = new peer.QueryResponseMetadata();
  metadata.setFetchedRecordsCount(found.length);
  metadata.setBookmark(bookmark);
  return response(found, false, id, metadata.serializeBinary());
}

function keyValue(namespace: string, key: string, value: Uint8Array): Uint8Array {
  const row = new ledger.queryresult.KV();
  row.setNamespace(namespace);
  row.setKey(key);
  row.setValue(value);
  return row.serializeBinary();
}

/** What a range scan reads from. */
export interface RangeSource {
  store: ChannelStore;
  snapshot: Snapshot;
  namespace: string;
  start: string;
  end: string;
}

function bounds(prefix: Buffer, start: string, end: string) {
  return {
    gte: Buffer.concat([prefix, Buffer.from(start)]),
    lt: end === '' ? keys.afterPrefix(prefix) : Buffer.concat([prefix, Buffer.from(end)]),
  };
}

/**
 * The rows of a public range. What is read is noted in `range`, whose end is the last key read until the scan is
 * exhausted. `limit` rows at most are noted, as a page's look-ahead row does not belong to what was read.
 */
export async function* scanState(
  source: RangeSource,
  range: RangeRead,
  limit = totalLimit,
): AsyncGenerator<Uint8Array> {
  const { store, snapshot, namespace, start, end } = source;
  const prefix = keys.statePrefix(namespace);
  let count = 0;
  for await (const [rawKey, bytes] of store.database.iterator({ ...bounds(prefix, start, end), snapshot })) {
    const key = rawKey.subarray(prefix.length).toString();
    const { version, value } = keys.decodeVersioned(bytes);
    if (count < limit) {
      range.reads.push({ key, version });
      range.end = key;
      count += 1;
    }
    yield keyValue(namespace, key, value);
  }
  if (count >= limit) return;
  range.exhausted = true;
  range.end = end;
}

/** The rows of a range of a private collection; Fabric notes none of them as read. */
export async function* scanPrivate(source: RangeSource & { collection: string }): AsyncGenerator<Uint8Array> {
  const { store, snapshot, namespace, collection, start, end } = source;
  const prefix = keys.privatePrefix(namespace, collection);
  for await (const [rawKey, bytes] of store.database.iterator({ ...bounds(prefix, start, end), snapshot }))
    yield keyValue(namespace, rawKey.subarray(prefix.length).toString(), keys.decodeVersioned(bytes).value);
}

/** The history of a key, the newest change first. */
export async function* scanHistory(
  store: ChannelStore,
  snapshot: Snapshot,
  namespace: string,
  key: string,
): AsyncGenerator<Uint8Array> {
  const prefix = keys.historyPrefix(namespace, key);
  for await (const value of store.database.values({
    gte: prefix,
    lt: keys.afterPrefix(prefix),
    reverse: true,
    snapshot,
  }))
    yield value;
}
