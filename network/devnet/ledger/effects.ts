import { ledger } from '@hyperledger/fabric-protos';
import type { ChannelPolicies } from '../channel/policies.ts';
import type { Operation } from './database.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import { sha256 } from './rwset.ts';
import type { ChannelStore } from './store.ts';
import type { CheckedTransaction, NamespaceChanges } from './validation.ts';

/** A private key as the other members of the channel know it. */
interface HashedKey {
  namespace: string;
  collection: string;
  keyHash: Uint8Array;
}

/** The database operations that follow from the valid transactions of one block. */
export class BlockEffects {
  readonly operations: Operation[] = [];
  /** Database keys of kept private writes that are no longer needed. */
  readonly forgotten: Buffer[] = [];
  /** Whether private values must leave the disk: purged, expired, or of transactions that did not become valid. */
  erases = false;
  readonly #purged: HashedKey[] = [];
  /** The transactions whose kept private writes became state. */
  readonly #taken = new Set<string>();
  /** Private write sets of this block by their database key (latin1), and earlier ones that a purge changes. */
  readonly #writeSets = new Map<string, ledger.rwset.TxPvtReadWriteSet>();
  readonly #store: ChannelStore;
  readonly #policies: ChannelPolicies;

  constructor(store: ChannelStore, policies: ChannelPolicies) {
    this.#store = store;
    this.#policies = policies;
  }

  /** Notes the outcome of a transaction under its id, after which nothing that was kept for it is needed. */
  status(txId: string, version: Version, code: number): void {
    this.operations.push({
      type: 'put',
      key: keys.transactionKey(txId),
      value: keys.encodeVersioned(version, Uint8Array.of(code)),
    });
    const kept = this.#store.kept.keysOf(txId);
    for (const key of kept) this.operations.push({ type: 'del', key });
    this.forgotten.push(...kept);
    if (kept.length > (this.#taken.has(txId) ? 1 : 0)) this.erases = true;
  }

  apply(transaction: CheckedTransaction, version: Version): void {
    for (const { namespace, content } of transaction.changes)
      for (const write of content.getWritesList()) {
        const key = keys.stateKey(namespace, write.getKey());
        this.operations.push(
          write.getIsDelete()
            ? { type: 'del', key }
            : { type: 'put', key, value: keys.encodeVersioned(version, write.getValue_asU8()) },
        );
        this.#history(transaction, namespace, write, version);
      }
    for (const change of transaction.changes) this.#hashes(change, version);
    this.#privateWrites(transaction, version);
  }

  #history(
    transaction: CheckedTransaction,
    namespace: string,
    write: ledger.rwset.kvrwset.KVWrite,
    version: Version,
  ): void {
    const change = new ledger.queryresult.KeyModification();
    change.setTxId(transaction.txId);
    change.setValue(write.getValue_asU8());
    change.setTimestamp(transaction.channelHeader.getTimestamp());
    change.setIsDelete(write.getIsDelete());
    this.operations.push({
      type: 'put',
      key: keys.historyKey(namespace, write.getKey(), version),
      value: Buffer.from(change.serializeBinary()),
    });
  }

  #hashes({ namespace, collections }: NamespaceChanges, version: Version): void {
    for (const { name, hashed } of collections)
      for (const write of hashed.getHashedWritesList()) {
        const keyHash = write.getKeyHash_asU8();
        const key = keys.hashKey(namespace, name, keyHash);
        if (write.getIsPurge()) {
          const purged = { namespace, collection: name, keyHash };
          this.#purged.push(purged);
          this.erases = true;
          for (const writesKey of this.#writeSets.keys()) this.#scrub(writesKey, purged);
        }
        this.operations.push(
          write.getIsDelete()
            ? { type: 'del', key }
            : { type: 'put', key, value: keys.encodeVersioned(version, write.getValueHash_asU8()) },
        );
      }
  }

  /** Takes the private writes that were kept with this result. Where they are missing, the hashes stand alone. */
  #privateWrites({ txId, action }: CheckedTransaction, version: Version): void {
    const set = this.#store.kept.read(txId, action.getResults_asU8());
    if (!set) return;
    this.#taken.add(txId);
    for (const namespace of set.getNsPvtRwsetList())
      for (const collection of namespace.getCollectionPvtRwsetList())
        this.#collection(namespace.getNamespace(), collection, version);
    this.#writeSets.set(keys.privateWritesKey(version).toString('latin1'), set);
  }

  #collection(namespace: string, set: ledger.rwset.CollectionPvtReadWriteSet, version: Version): void {
    const name = set.getCollectionName();
    const { blockToLive } = this.#policies.collection(namespace, name);
    for (const write of ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()).getWritesList()) {
      const key = keys.privateKey(namespace, name, write.getKey());
      const keyHash = sha256(write.getKey());
      if (write.getIsDelete()) {
        this.operations.push({ type: 'del', key });
        continue;
      }
      this.operations.push({ type: 'put', key, value: keys.encodeVersioned(version, write.getValue_asU8()) });
      this.operations.push({
        type: 'put',
        key: keys.mentionKey(namespace, name, keyHash, version),
        value: Buffer.alloc(0),
      });
      if (blockToLive > 0)
        this.operations.push({
          type: 'put',
          key: expiryKey(version, blockToLive, key),
          value: Buffer.from(
            JSON.stringify({ namespace, collection: name, key: write.getKey(), version } satisfies Expiry),
          ),
        });
    }
  }

  /** Removes what a purge or the end of its time to live takes out of private state and write sets. Call it last. */
  async remove(block: number): Promise<void> {
    for await (const [key, value] of this.#store.database.iterator({
      gte: keys.expiryPrefix(block),
      lt: keys.afterPrefix(keys.expiryPrefix(block)),
    })) {
      this.operations.push({ type: 'del', key });
      const expiry: Expiry = JSON.parse(value.toString());
      const { namespace, collection } = expiry;
      const keyHash = sha256(expiry.key);
      const current = this.#store.privateState(namespace, collection, expiry.key);
      if (keys.sameVersion(current?.version, expiry.version)) {
        this.operations.unshift({ type: 'del', key: keys.privateKey(namespace, collection, expiry.key) });
        this.operations.unshift({ type: 'del', key: keys.hashKey(namespace, collection, keyHash) });
      }
      const mention = keys.mentionKey(namespace, collection, keyHash, expiry.version);
      this.#forget(mention, { namespace, collection, keyHash });
      this.erases = true;
    }
    for (const purged of this.#purged) {
      const prefix = keys.mentionPrefix(purged.namespace, purged.collection, purged.keyHash);
      for await (const key of this.#store.database.keys({ gte: prefix, lt: keys.afterPrefix(prefix) }))
        if (key.length === prefix.length + 12) this.#forget(key, purged);
    }
    for (const [key, set] of this.#writeSets)
      this.operations.push({
        type: 'put',
        key: Buffer.from(key, 'latin1'),
        value: Buffer.from(set.serializeBinary()),
      });
  }

  /** Takes a private key out of the stored write set that a mention points to. */
  #forget(mention: Buffer, key: HashedKey): void {
    this.operations.push({ type: 'del', key: mention });
    const writesKey = keys.privateWritesKey(keys.trailingVersion(mention));
    const name = writesKey.toString('latin1');
    if (!this.#writeSets.has(name)) {
      const bytes = this.#store.database.getSync(writesKey);
      if (!bytes) return;
      this.#writeSets.set(name, ledger.rwset.TxPvtReadWriteSet.deserializeBinary(bytes));
    }
    this.#scrub(name, key);
  }

  /** Takes the writes of a key out of a private write set, and the notes of when they expire. */
  #scrub(writesKey: string, { namespace, collection: name, keyHash }: HashedKey): void {
    const version = keys.trailingVersion(Buffer.from(writesKey, 'latin1'));
    const collection = this.#writeSets
      .get(writesKey)
      ?.getNsPvtRwsetList()
      .find((set) => set.getNamespace() === namespace)
      ?.getCollectionPvtRwsetList()
      .find((set) => set.getCollectionName() === name);
    if (!collection) return;
    const content = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(collection.getRwset_asU8());
    const { blockToLive } = this.#policies.collection(namespace, name);
    const isIts = (write: ledger.rwset.kvrwset.KVWrite) => sha256(write.getKey()).equals(keyHash);
    for (const write of content.getWritesList().filter(isIts)) {
      const key = keys.privateKey(namespace, name, write.getKey());
      if (blockToLive > 0) this.operations.push({ type: 'del', key: expiryKey(version, blockToLive, key) });
    }
    content.setWritesList(content.getWritesList().filter((write) => !isIts(write)));
    collection.setRwset(content.serializeBinary());
  }
}

/** What falls due when a private value that was written at a version has lived its time. */
function expiryKey(version: Version, blockToLive: number, privateKey: Buffer): Buffer {
  const entry = Buffer.from(`${version.tx} ${privateKey.toString('hex')}`);
  return keys.expiryKey(version.block + blockToLive + 1, entry);
}

interface Expiry {
  namespace: string;
  collection: string;
  key: string;
  version: Version;
}
