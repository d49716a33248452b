import type { Channel } from '../channel/channel.ts';
import { lifecycle } from '../channel/definition.ts';
import { implicitOwner } from '../channel/implicitCollection.ts';
import type { Collection } from '../channel/policies.ts';
import type { Identity } from '../identity/membership.ts';
import type { Snapshot } from '../ledger/database.ts';
import { sha256 } from '../ledger/hash.ts';
import { policyOf } from '../ledger/keyPolicies.ts';
import * as keys from '../ledger/keys.ts';
import { decodeMetadata } from '../ledger/metadata.ts';
import { type RangeRead, ReadWriteSet } from '../ledger/rwset.ts';
import type { Signer } from '../policy/policy.ts';
import { type ChaincodeCall, ChaincodeInterest } from './interest.ts';
import { page, scanHistory, scanPrivate, scanState } from './query.ts';

const empty = new Uint8Array();

function describe(version: keys.Version | undefined): string {
  return version ? `{BlockNum: ${version.block}, TxNum: ${version.tx}}` : '<nil>';
}

/** One proposal's view of a channel's state on one organisation's peer, and what it reads and writes there. */
export class Simulation {
  readonly channel: Channel;
  readonly txId: string;
  readonly snapshot: Snapshot;
  readonly #results = new ReadWriteSet();
  readonly #interest = new ChaincodeInterest();
  readonly #peer: Signer;
  readonly #creator: Identity;
  readonly #ranges: { namespace: string; range: RangeRead }[] = [];
  readonly #withCollections = new Set<string>();
  #fault: string | undefined;
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

  /** Reads the definition of a chaincode that is about to run, as a peer of Fabric does it. */
  readDefinition(chaincode: string): void {
    this.get(lifecycle.namespace, `namespaces/fields/${chaincode}/Sequence`);
  }

  get(namespace: string, key: string): Uint8Array {
    const entry = this.channel.store.state(namespace, key, this.snapshot);
    this.#results.read(namespace, key, entry?.version);
    return entry?.value ?? empty;
  }

  metadata(namespace: string, key: string): Map<string, Uint8Array> {
    this.get(namespace, key);
    return decodeMetadata(this.channel.store.metadata(keys.stateKey(namespace, key), this.snapshot));
  }

  put(namespace: string, key: string, value: Uint8Array): void {
    this.#beforeWrite();
    this.#results.write(namespace, key, value);
    this.#noteWrite(namespace, '', key);
  }

  putMetadata(namespace: string, key: string, metadata: ReadonlyMap<string, Uint8Array>): void {
    this.#beforeWrite();
    this.#results.writeMetadata(namespace, key, metadata);
    this.#noteWrite(namespace, '', key);
  }

  #beforeWrite(): void {
    if (this.#queriedPrivate)
      throw this.#unsupported('Transaction has already performed queries on pvt data. Writes are not allowed');
    if (this.#paginated)
      throw this.#unsupported('Transaction has already performed a paginated query. Writes are not allowed');
    this.#wrote = true;
  }

  #noteWrite(namespace: string, collection: string, key: string): void {
    const databaseKey =
      collection === '' ? keys.stateKey(namespace, key) : keys.hashKey(namespace, collection, sha256(key));
    const metadata = this.channel.store.metadata(databaseKey, this.snapshot);
    try {
      this.#interest.wrote(namespace, collection, key, policyOf(metadata));
    } catch (error) {
      // Fabric looks at key policies when the chaincode has ended; nobody can endorse the write then.
      const reason = error instanceof Error ? error.message : String(error);
      this.#fault ??= `error unmarshalling SignaturePolicyEnvelope: proto: ${reason}`;
    }
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
    this.#defined(namespace, collection);
    const hash = this.channel.store.privateHash(namespace, collection, sha256(key), this.snapshot);
    const own = this.#own(namespace, collection, key);
    if (!keys.sameVersion(hash?.version, own?.version))
      throw new Error(
        'private data matching public hash version is not available. ' +
          `Public hash version = ${describe(hash?.version)}, Private data version = ${describe(own?.version)}`,
      );
    this.#readPrivate(namespace, collection, key, own?.version);
    return own?.value ?? empty;
  }

  /** Several values at once; Fabric does not compare them with the hashes here. */
  getPrivateMultiple(namespace: string, collection: string, names: readonly string[]): Uint8Array[] {
    this.#mayRead(namespace, collection);
    this.#defined(namespace, collection);
    return names.map((key) => {
      const own = this.#own(namespace, collection, key);
      this.#readPrivate(namespace, collection, key, own?.version);
      return own?.value ?? empty;
    });
  }

  #own(namespace: string, collection: string, key: string) {
    return this.#holds(namespace, collection)
      ? this.channel.store.privateState(namespace, collection, key, this.snapshot)
      : undefined;
  }

  #readPrivate(namespace: string, collection: string, key: string, version: keys.Version | undefined): void {
    this.#results.readHash(namespace, collection, key, version);
    this.#interest.readPrivate(namespace, collection);
  }

  privateHash(namespace: string, collection: string, key: string): Uint8Array {
    this.#defined(namespace, collection);
    const entry = this.channel.store.privateHash(namespace, collection, sha256(key), this.snapshot);
    this.#results.readHash(namespace, collection, key, entry?.version);
    return entry?.value ?? empty;
  }

  privateMetadata(namespace: string, collection: string, key: string): Map<string, Uint8Array> {
    this.#mayRead(namespace, collection);
    this.privateHash(namespace, collection, key);
    const hashKey = keys.hashKey(namespace, collection, sha256(key));
    return decodeMetadata(this.channel.store.metadata(hashKey, this.snapshot));
  }

  putPrivate(namespace: string, collection: string, key: string, value: Uint8Array, purge = false): void {
    this.#mayWrite(namespace, collection);
    this.#results.writePrivate(namespace, collection, key, value, purge);
    this.#noteWrite(namespace, collection, key);
  }

  putPrivateMetadata(
    namespace: string,
    collection: string,
    key: string,
    metadata: ReadonlyMap<string, Uint8Array>,
  ): void {
    this.#mayWrite(namespace, collection);
    this.#results.writePrivateMetadata(namespace, collection, key, metadata);
    this.#noteWrite(namespace, collection, key);
  }

  /** A peer that holds nothing of the collection finds nothing. */
  privateRange(namespace: string, collection: string, start: string, end: string): AsyncIterable<Uint8Array> {
    this.#mayRead(namespace, collection);
    if (this.#wrote) throw this.#unsupported('Queries on pvt data is supported only in a read-only transaction');
    this.#queriedPrivate = true;
    this.#defined(namespace, collection);
    const { store } = this.channel;
    return this.#holds(namespace, collection)
      ? scanPrivate({ store, snapshot: this.snapshot, namespace, collection, start, end })
      : none();
  }

  #holds(namespace: string, collection: string): boolean {
    return this.channel.policies.isCollectionMember(namespace, collection, this.#peer);
  }

  #mayRead(namespace: string, collection: string): void {
    if (this.#found(namespace, collection).memberOnlyRead) this.#checkMember('read', namespace, collection);
  }

  #mayWrite(namespace: string, collection: string): void {
    if (this.#found(namespace, collection).memberOnlyWrite) this.#checkMember('write', namespace, collection);
    this.#defined(namespace, collection);
    this.#beforeWrite();
  }

  /** The definition, as far as access to it is concerned. */
  #found(namespace: string, collection: string): Collection {
    this.#readCollections(namespace);
    const found = this.channel.policies.findCollection(namespace, collection);
    if (!found && implicitOwner(collection) === undefined)
      throw new Error(`collection ${this.channel.name}/${namespace}/${collection} could not be found`);
    return found ?? this.channel.policies.collection(namespace, collection);
  }

  #defined(namespace: string, collection: string): void {
    this.#readCollections(namespace);
    this.channel.policies.collection(namespace, collection);
  }

  /** A peer of Fabric reads the definition from the state, once for each chaincode; the reads stand in the set. */
  #readCollections(namespace: string): void {
    if (this.#withCollections.has(namespace)) return;
    this.#withCollections.add(namespace);
    this.get(lifecycle.namespace, `namespaces/metadata/${namespace}`);
    for (const field of ['Sequence', 'EndorsementInfo', 'ValidationInfo', 'Collections'])
      this.get(lifecycle.namespace, `namespaces/fields/${namespace}/${field}`);
  }

  #checkMember(access: 'read' | 'write', namespace: string, collection: string): void {
    if (this.channel.policies.isCollectionMember(namespace, collection, this.#creator)) return;
    throw new Error(
      `tx creator does not have ${access} access permission on privatedata ` +
        `in chaincodeName:${namespace} collectionName: ${collection}`,
    );
  }

  /**
   * The results, with the ranges as they were read, and why they cannot be endorsed, if so. Call it once, when the chaincode
   * has answered.
   */
  finish(): { results: ReadWriteSet; calls: ChaincodeCall[]; fault: string | undefined } {
    for (const { namespace, range } of this.#ranges) this.#results.range(namespace, range);
    return { results: this.#results, calls: this.#interest.calls(this.#results.namespaces()), fault: this.#fault };
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}
