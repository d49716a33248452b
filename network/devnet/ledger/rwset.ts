import { ledger } from '@hyperledger/fabric-protos';
import { sha256 } from './hash.ts';
import type { Version } from './keys.ts';
import { sortedValues } from './order.ts';
import { RangeResults } from './ranges.ts';

const { kvrwset } = ledger.rwset;
type KVRead = ledger.rwset.kvrwset.KVRead;
type KVWrite = ledger.rwset.kvrwset.KVWrite;
type KVMetadataWrite = ledger.rwset.kvrwset.KVMetadataWrite;

/** A range that a simulation read, with what it found. */
export interface RangeRead {
  start: string;
  end: string;
  exhausted: boolean;
  reads: { key: string; version: Version }[];
}

interface CollectionSets {
  reads: Map<string, ledger.rwset.kvrwset.KVReadHash>;
  hashedWrites: Map<string, ledger.rwset.kvrwset.KVWriteHash>;
  hashedMetadata: Map<string, ledger.rwset.kvrwset.KVMetadataWriteHash>;
  writes: Map<string, KVWrite>;
  /** Keys alone: the metadata stand with the hash. */
  metadata: Map<string, KVMetadataWrite>;
}

interface NamespaceSets {
  reads: Map<string, KVRead>;
  writes: Map<string, KVWrite>;
  metadata: Map<string, KVMetadataWrite>;
  ranges: RangeRead[];
  collections: Map<string, CollectionSets>;
}

function versionMessage(version: Version | undefined): ledger.rwset.kvrwset.Version | undefined {
  if (!version) return undefined;
  const message = new kvrwset.Version();
  message.setBlockNum(version.block);
  message.setTxNum(version.tx);
  return message;
}

export function readMessage(key: string, version: Version | undefined): KVRead {
  const message = new kvrwset.KVRead();
  message.setKey(key);
  message.setVersion(versionMessage(version));
  return message;
}

/** Collects what a simulation reads and writes, and renders it in Fabric's protobufs. */
export class ReadWriteSet {
  readonly #namespaces = new Map<string, NamespaceSets>();

  #namespace(name: string): NamespaceSets {
    let sets = this.#namespaces.get(name);
    if (!sets) {
      sets = { reads: new Map(), writes: new Map(), metadata: new Map(), ranges: [], collections: new Map() };
      this.#namespaces.set(name, sets);
    }
    return sets;
  }

  #collection(namespace: string, name: string): CollectionSets {
    const { collections } = this.#namespace(namespace);
    let sets = collections.get(name);
    if (!sets) {
      sets = {
        reads: new Map(),
        hashedWrites: new Map(),
        hashedMetadata: new Map(),
        writes: new Map(),
        metadata: new Map(),
      };
      collections.set(name, sets);
    }
    return sets;
  }

  read(namespace: string, key: string, version: Version | undefined): void {
    this.#namespace(namespace).reads.set(key, readMessage(key, version));
  }

  /** Notes a write; an empty value is a delete, as in Fabric. */
  write(namespace: string, key: string, value: Uint8Array): void {
    const message = new kvrwset.KVWrite();
    message.setKey(key);
    message.setValue(value);
    message.setIsDelete(value.length === 0);
    this.#namespace(namespace).writes.set(key, message);
  }

  writeMetadata(namespace: string, key: string, metadata: ReadonlyMap<string, Uint8Array>): void {
    const message = new kvrwset.KVMetadataWrite();
    message.setKey(key);
    message.setEntriesList(metadataEntries(metadata));
    this.#namespace(namespace).metadata.set(key, message);
  }

  range(namespace: string, range: RangeRead): void {
    this.#namespace(namespace).ranges.push(range);
  }

  readHash(namespace: string, collection: string, key: string, version: Version | undefined): void {
    const message = new kvrwset.KVReadHash();
    message.setKeyHash(sha256(key));
    message.setVersion(versionMessage(version));
    this.#collection(namespace, collection).reads.set(key, message);
  }

  writePrivate(namespace: string, collection: string, key: string, value: Uint8Array, purge = false): void {
    const sets = this.#collection(namespace, collection);
    const write = new kvrwset.KVWrite();
    write.setKey(key);
    write.setValue(value);
    write.setIsDelete(value.length === 0);
    sets.writes.set(key, write);
    const hashed = new kvrwset.KVWriteHash();
    hashed.setKeyHash(sha256(key));
    if (value.length === 0) hashed.setIsDelete(true);
    else hashed.setValueHash(sha256(value));
    hashed.setIsPurge(purge);
    sets.hashedWrites.set(key, hashed);
  }

  writePrivateMetadata(
    namespace: string,
    collection: string,
    key: string,
    metadata: ReadonlyMap<string, Uint8Array>,
  ): void {
    const sets = this.#collection(namespace, collection);
    const hashed = new kvrwset.KVMetadataWriteHash();
    hashed.setKeyHash(sha256(key));
    hashed.setEntriesList(metadataEntries(metadata));
    sets.hashedMetadata.set(key, hashed);
    const message = new kvrwset.KVMetadataWrite();
    message.setKey(key);
    sets.metadata.set(key, message);
  }

  /** The chaincodes whose data were read or written. */
  namespaces(): string[] {
    return [...this.#namespaces.keys()];
  }

  /** The collections that are written to. */
  privateCollections(): { namespace: string; collection: string }[] {
    return [...this.#namespaces].flatMap(([namespace, { collections }]) =>
      [...collections]
        .filter(([, { writes, metadata }]) => writes.size > 0 || metadata.size > 0)
        .map(([collection]) => ({ namespace, collection })),
    );
  }

  /** The private writes in the clear; undefined when there are none. */
  privateBytes(): Uint8Array | undefined {
    const namespaces = sortedValues(
      new Map([...this.#namespaces].map(([namespace, sets]) => [namespace, privateNamespace(namespace, sets)])),
    ).filter((message) => message !== undefined);
    if (namespaces.length === 0) return undefined;
    const result = new ledger.rwset.TxPvtReadWriteSet();
    result.setDataModel(ledger.rwset.TxReadWriteSet.DataModel.KV);
    result.setNsPvtRwsetList(namespaces);
    return result.serializeBinary();
  }

  /** TxReadWriteSet bytes: public reads and writes, and the hashes of private ones. */
  publicBytes(): Uint8Array {
    const result = new ledger.rwset.TxReadWriteSet();
    result.setDataModel(ledger.rwset.TxReadWriteSet.DataModel.KV);
    result.setNsRwsetList(
      sortedValues(new Map([...this.#namespaces].map(([name, sets]) => [name, publicNamespace(name, sets)]))),
    );
    return result.serializeBinary();
  }
}

function privateNamespace(namespace: string, sets: NamespaceSets): ledger.rwset.NsPvtReadWriteSet | undefined {
  const collections = new Map<string, ledger.rwset.CollectionPvtReadWriteSet>();
  for (const [name, collection] of sets.collections) {
    const rwset = privateWrites(collection);
    if (!rwset) continue;
    const message = new ledger.rwset.CollectionPvtReadWriteSet();
    message.setCollectionName(name);
    message.setRwset(rwset);
    collections.set(name, message);
  }
  if (collections.size === 0) return undefined;
  const result = new ledger.rwset.NsPvtReadWriteSet();
  result.setNamespace(namespace);
  result.setCollectionPvtRwsetList(sortedValues(collections));
  return result;
}

function privateWrites({ writes, metadata }: CollectionSets): Uint8Array | undefined {
  if (writes.size === 0 && metadata.size === 0) return undefined;
  const message = new kvrwset.KVRWSet();
  message.setWritesList(sortedValues(writes));
  message.setMetadataWritesList(sortedValues(metadata));
  return message.serializeBinary();
}

function metadataEntries(metadata: ReadonlyMap<string, Uint8Array>): ledger.rwset.kvrwset.KVMetadataEntry[] {
  const entries = new Map<string, ledger.rwset.kvrwset.KVMetadataEntry>();
  for (const [name, value] of metadata) {
    const entry = new kvrwset.KVMetadataEntry();
    entry.setName(name);
    entry.setValue(value);
    entries.set(name, entry);
  }
  return sortedValues(entries);
}

function publicNamespace(namespace: string, sets: NamespaceSets): ledger.rwset.NsReadWriteSet {
  const content = new kvrwset.KVRWSet();
  content.setReadsList(sortedValues(sets.reads));
  content.setWritesList(sortedValues(sets.writes));
  content.setMetadataWritesList(sortedValues(sets.metadata));
  content.setRangeQueriesInfoList([...distinctRanges(sets.ranges)].map(rangeMessage));
  const collections = new Map<string, ledger.rwset.CollectionHashedReadWriteSet>();
  for (const [name, collection] of sets.collections) {
    const hashed = new kvrwset.HashedRWSet();
    hashed.setHashedReadsList(sortedValues(collection.reads));
    hashed.setHashedWritesList(sortedValues(collection.hashedWrites));
    hashed.setMetadataWritesList(sortedValues(collection.hashedMetadata));
    const rwset = privateWrites(collection);
    const message = new ledger.rwset.CollectionHashedReadWriteSet();
    message.setCollectionName(name);
    message.setHashedRwset(hashed.serializeBinary());
    if (rwset) message.setPvtRwsetHash(sha256(rwset));
    collections.set(name, message);
  }
  const result = new ledger.rwset.NsReadWriteSet();
  result.setNamespace(namespace);
  result.setRwset(content.serializeBinary());
  result.setCollectionHashedRwsetList(sortedValues(collections));
  return result;
}

/** As Fabric does it, the first of those with the same bounds. */
function distinctRanges(ranges: readonly RangeRead[]): Iterable<RangeRead> {
  const distinct = new Map<string, RangeRead>();
  for (const range of ranges) {
    const bounds = JSON.stringify([range.start, range.end, range.exhausted]);
    if (!distinct.has(bounds)) distinct.set(bounds, range);
  }
  return distinct.values();
}

function rangeMessage(range: RangeRead): ledger.rwset.kvrwset.RangeQueryInfo {
  const message = new kvrwset.RangeQueryInfo();
  message.setStartKey(range.start);
  message.setEndKey(range.end);
  message.setItrExhausted(range.exhausted);
  const results = new RangeResults();
  for (const { key, version } of range.reads) results.add(readMessage(key, version));
  const found = results.finish();
  if ('summary' in found) message.setReadsMerkleHashes(found.summary);
  else if (found.reads.length > 0) {
    const reads = new kvrwset.QueryReads();
    reads.setKvReadsList(found.reads);
    message.setRawReads(reads);
  }
  return message;
}
