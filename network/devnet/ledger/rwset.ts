import { createHash } from 'node:crypto';
import { ledger } from '@hyperledger/fabric-protos';
import type { Version } from './keys.ts';
import { sortedValues } from './order.ts';

const { kvrwset } = ledger.rwset;
type KVRead = ledger.rwset.kvrwset.KVRead;
type KVWrite = ledger.rwset.kvrwset.KVWrite;

export function sha256(data: Uint8Array | string): Buffer {
  return createHash('sha256').update(data).digest();
}

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
  writes: Map<string, KVWrite>;
}

interface NamespaceSets {
  reads: Map<string, KVRead>;
  writes: Map<string, KVWrite>;
  ranges: RangeRead[];
  collections: Map<string, CollectionSets>;
}

/** What a chaincode touched, for the choice of endorsers. */
export interface NamespaceInterest {
  namespace: string;
  publicWrites: boolean;
  /** Collections written or read. */
  collections: { name: string; written: boolean; read: boolean }[];
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
      sets = { reads: new Map(), writes: new Map(), ranges: [], collections: new Map() };
      this.#namespaces.set(name, sets);
    }
    return sets;
  }

  #collection(namespace: string, name: string): CollectionSets {
    const { collections } = this.#namespace(namespace);
    let sets = collections.get(name);
    if (!sets) {
      sets = { reads: new Map(), hashedWrites: new Map(), writes: new Map() };
      collections.set(name, sets);
    }
    return sets;
  }

  /** Makes sure that the namespace stands in the set, even if nothing is read or written. */
  touch(namespace: string): void {
    this.#namespace(namespace);
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

  /** Which chaincodes and collections were touched, without Fabric's own namespaces. */
  interests(): NamespaceInterest[] {
    return [...this.#namespaces]
      .filter(([namespace]) => !namespace.startsWith('_'))
      .map(([namespace, sets]) => ({
        namespace,
        publicWrites: sets.writes.size > 0,
        collections: [...sets.collections].map(([name, { reads, writes }]) => ({
          name,
          written: writes.size > 0,
          read: reads.size > 0,
        })),
      }));
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
  for (const [name, { writes }] of sets.collections) {
    if (writes.size === 0) continue;
    const message = new ledger.rwset.CollectionPvtReadWriteSet();
    message.setCollectionName(name);
    message.setRwset(privateWrites(writes));
    collections.set(name, message);
  }
  if (collections.size === 0) return undefined;
  const result = new ledger.rwset.NsPvtReadWriteSet();
  result.setNamespace(namespace);
  result.setCollectionPvtRwsetList(sortedValues(collections));
  return result;
}

function privateWrites(writes: ReadonlyMap<string, KVWrite>): Uint8Array {
  const message = new kvrwset.KVRWSet();
  message.setWritesList(sortedValues(writes));
  return message.serializeBinary();
}

function publicNamespace(namespace: string, sets: NamespaceSets): ledger.rwset.NsReadWriteSet {
  const content = new kvrwset.KVRWSet();
  content.setReadsList(sortedValues(sets.reads));
  content.setWritesList(sortedValues(sets.writes));
  content.setRangeQueriesInfoList(distinctRanges(sets.ranges).map(rangeMessage));
  const collections = new Map<string, ledger.rwset.CollectionHashedReadWriteSet>();
  for (const [name, collection] of sets.collections) {
    const hashed = new kvrwset.HashedRWSet();
    hashed.setHashedReadsList(sortedValues(collection.reads));
    hashed.setHashedWritesList(sortedValues(collection.hashedWrites));
    const message = new ledger.rwset.CollectionHashedReadWriteSet();
    message.setCollectionName(name);
    message.setHashedRwset(hashed.serializeBinary());
    if (collection.writes.size > 0) message.setPvtRwsetHash(sha256(privateWrites(collection.writes)));
    collections.set(name, message);
  }
  const result = new ledger.rwset.NsReadWriteSet();
  result.setNamespace(namespace);
  result.setRwset(content.serializeBinary());
  result.setCollectionHashedRwsetList(sortedValues(collections));
  return result;
}

function distinctRanges(ranges: readonly RangeRead[]): RangeRead[] {
  return [
    ...new Map(ranges.map((range) => [JSON.stringify([range.start, range.end, range.exhausted]), range])).values(),
  ];
}

function rangeMessage(range: RangeRead): ledger.rwset.kvrwset.RangeQueryInfo {
  const reads = new kvrwset.QueryReads();
  reads.setKvReadsList(range.reads.map(({ key, version }) => readMessage(key, version)));
  const message = new kvrwset.RangeQueryInfo();
  message.setStartKey(range.start);
  message.setEndKey(range.end);
  message.setItrExhausted(range.exhausted);
  message.setRawReads(reads);
  return message;
}
