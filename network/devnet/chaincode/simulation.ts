import type { Channel } from '../channel/channel.ts';
import type { Identity } from '../identity/membership.ts';
import type { Snapshot } from '../ledger/database.ts';
import type { Version } from '../ledger/keys.ts';
import { type RangeRead, ReadWriteSet, sha256 } from '../ledger/rwset.ts';
import type { Signer } from '../policy/policy.ts';
import { page, scanHistory, scanPrivate, scanState } from './query.ts';

const empty = new Uint8Array();

function describe(version: Version | undefined): string {
  return version ? `{BlockNum: ${version.block}, TxNum: ${version.tx}}` : '<nil>';
}

/** One proposal's view of a channel's state on one organisation's peer, and what it reads and writes there. */
export class Simulation {
  readonly channel: Channel;
  readonly txId: string;
  readonly snapshot: Snapshot;
  readonly results = new ReadWriteSet();
  readonly #peer: Signer;
  readonly #creator: Identity;
  readonly #ranges: { namespace: string; range: RangeRead }[] = [];
  #wrote = false;
  #paginated = false;
  #queriedPrivate = false;

  constructor(options: { channel: Channel; txId: string; snapshot: Snapshot; peer: Signer; creator: Identity }) {
    this.channel = options.channel;
    this.txId = options.txId;
    this.snapshot = options.snapshot;
    this.#peer = options.peer;
    this.#creator = options.creator;
  }

  get(namespace: string, key: string): Uint8Array {
    const entry = this.channel.store.state(namespace, key, this.snapshot);
    this.results.read(namespace, key, entry?.version);
    return entry?.value ?? empty;
  }

  put(namespace: string, key: string, value: Uint8Array): void {
    this.#beforeWrite(key);
    this.results.write(namespace, key, value);
  }

  #beforeWrite(key: string): void {
    if (key === '') throw new Error('the key of a write must not be empty');
    if (this.#queriedPrivate)
      throw this.#unsupported('Transaction has already performed queries on pvt data. Writes are not allowed');
    if (this.#paginated)
      throw this.#unsupported('Transaction has already performed a paginated query. Writes are not allowed');
    this.#wrote = true;
  }

  #unsupported(what: string): Error {
    return new Error(`txid [${this.txId}]: unsuppored transaction. ${what}`);
  }

  range(namespace: string, start: string, end: string): AsyncIterable<Uint8Array> {
    const range = this.#openRange(namespace, start);
    return scanState({ store: this.channel.store, snapshot: this.snapshot, namespace, start, end }, range);
  }

  page(namespace: string, id: string, options: { start: string; end: string; size: number }): Promise<Uint8Array> {
    if (this.#wrote) throw this.#unsupported('Paginated queries are supported only in a read-only transaction');
    this.#paginated = true;
    const { start, end, size } = options;
    const range = this.#openRange(namespace, start);
    const source = { store: this.channel.store, snapshot: this.snapshot, namespace, start, end };
    return page(id, scanState(source, range, size), size);
  }

  #openRange(namespace: string, start: string): RangeRead {
    const range: RangeRead = { start, end: start, exhausted: false, reads: [] };
    this.#ranges.push({ namespace, range });
    return range;
  }

  history(namespace: string, key: string): AsyncIterable<Uint8Array> {
    return scanHistory(this.channel.store, this.snapshot, namespace, key);
  }

  getPrivate(namespace: string, collection: string, key: string): Uint8Array {
    this.#mayRead(namespace, collection);
    const hash = this.channel.store.privateHash(namespace, collection, sha256(key), this.snapshot);
    const own = this.#holds(namespace, collection)
      ? this.channel.store.privateState(namespace, collection, key, this.snapshot)
      : undefined;
    if (describe(hash?.version) !== describe(own?.version))
      throw new Error(
        'private data matching public hash version is not available. ' +
          `Public hash version = ${describe(hash?.version)}, Private data version = ${describe(own?.version)}`,
      );
    this.results.readHash(namespace, collection, key, own?.version);
    return own?.value ?? empty;
  }

  privateHash(namespace: string, collection: string, key: string): Uint8Array {
    this.channel.policies.collection(namespace, collection);
    const entry = this.channel.store.privateHash(namespace, collection, sha256(key), this.snapshot);
    this.results.readHash(namespace, collection, key, entry?.version);
    return entry?.value ?? empty;
  }

  putPrivate(namespace: string, collection: string, key: string, value: Uint8Array, purge = false): void {
    const definition = this.channel.policies.collection(namespace, collection);
    if (definition.memberOnlyWrite && !this.channel.policies.isCollectionMember(namespace, collection, this.#creator))
      throw this.#denied('write', namespace, collection);
    this.#beforeWrite(key);
    this.results.writePrivate(namespace, collection, key, value, purge);
  }

  privateRange(namespace: string, collection: string, start: string, end: string): AsyncIterable<Uint8Array> {
    this.#mayRead(namespace, collection);
    if (this.#wrote) throw this.#unsupported('Queries on pvt data is supported only in a read-only transaction');
    this.#queriedPrivate = true;
    if (!this.#holds(namespace, collection))
      throw new Error(`the peer of ${this.#peer.mspId} does not hold the private data of collection ${collection}`);
    const { store } = this.channel;
    return scanPrivate({ store, snapshot: this.snapshot, namespace, collection, start, end });
  }

  #holds(namespace: string, collection: string): boolean {
    return this.channel.policies.isCollectionMember(namespace, collection, this.#peer);
  }

  #mayRead(namespace: string, collection: string): void {
    const definition = this.channel.policies.collection(namespace, collection);
    if (definition.memberOnlyRead && !this.channel.policies.isCollectionMember(namespace, collection, this.#creator))
      throw this.#denied('read', namespace, collection);
  }

  #denied(access: 'read' | 'write', namespace: string, collection: string): Error {
    return new Error(
      `tx creator does not have ${access} access permission on privatedata ` +
        `in chaincodeName:${namespace} collectionName: ${collection}`,
    );
  }

  /** The results, with the ranges as they were read. Call it once, when the chaincode has answered. */
  finish(): ReadWriteSet {
    for (const { namespace, range } of this.#ranges) this.results.range(namespace, range);
    return this.results;
  }
}
