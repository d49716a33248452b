import { ledger } from '@hyperledger/fabric-protos';
import type { ChannelPolicies } from '../channel/policies.ts';
import type { Operation } from './database.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import { sha256 } from './rwset.ts';
import type { ChannelStore } from './store.ts';
import type { CheckedTransaction, NamespaceChanges } from './validation.ts';

/** As Fabric's transientstoreMaxBlockRetention. */
const abandonedAfterBlocks = 1000;

/** The database operations that follow from the valid transactions of one block. */
export class BlockEffects {
  readonly operations: Operation[] = [];
  /** Whether private values were purged or have expired, so that the database has to be compacted. */
  erases = false;
  readonly #purged: { prefix: Buffer; keyHash: Uint8Array }[] = [];
  /** Private write sets of this block by their database key (latin1), and earlier ones that a purge changes. */
  readonly #writeSets = new Map<string, ledger.rwset.TxPvtReadWriteSet>();
  readonly #store: ChannelStore;
  readonly #policies: ChannelPolicies;

  constructor(store: ChannelStore, policies: ChannelPolicies) {
    this.#store = store;
    this.#policies = policies;
  }

  /** Notes the outcome of a transaction under its id. */
  status(txId: string, version: Version, code: number): void {
    this.operations.push({
      type: 'put',
      key: keys.transactionKey(txId),
      value: keys.encodeVersioned(version, Uint8Array.of(code)),
    });
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
          this.#purged.push({ prefix: keys.mentionPrefix(namespace, name, keyHash), keyHash });
          this.erases = true;
          for (const set of this.#writeSets.values()) scrub(set, keyHash);
        }
        this.operations.push(
          write.getIsDelete()
            ? { type: 'del', key }
            : { type: 'put', key, value: keys.encodeVersioned(version, write.getValueHash_asU8()) },
        );
      }
  }

  /** Takes the kept private writes whose hashes stand in the transaction. */
  #privateWrites(transaction: CheckedTransaction, version: Version): void {
    const kept = this.#store.keptPrivateWrites(transaction.txId);
    if (!kept) return;
    this.operations.push({ type: 'del', key: keys.transientKey(transaction.txId) });
    const set = ledger.rwset.TxPvtReadWriteSet.deserializeBinary(kept);
    for (const namespaceSet of set.getNsPvtRwsetList()) {
      const namespace = namespaceSet.getNamespace();
      const changes = transaction.changes.find((change) => change.namespace === namespace);
      const accepted = namespaceSet.getCollectionPvtRwsetList().filter((collection) => {
        const declared = changes?.collections.find(({ name }) => name === collection.getCollectionName());
        return declared && sha256(collection.getRwset_asU8()).equals(declared.privateHash);
      });
      namespaceSet.setCollectionPvtRwsetList(accepted);
      for (const collection of accepted) this.#collection(namespace, collection, version);
    }
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
          key: keys.expiryKey(version.block + blockToLive + 1, Buffer.from(`${version.tx} ${key.toString('hex')}`)),
          value: Buffer.from(
            JSON.stringify({ namespace, collection: name, key: write.getKey(), version } satisfies Expiry),
          ),
        });
    }
  }

  /** Forgets the private writes of transactions that were endorsed long ago and never submitted. */
  async forgetAbandoned(block: number): Promise<void> {
    if (block % abandonedAfterBlocks !== 0) return;
    for (const key of await this.#store.abandonedPrivateWrites(block - abandonedAfterBlocks))
      this.operations.push({ type: 'del', key });
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
      this.#forget(keys.mentionKey(namespace, collection, keyHash, expiry.version), keyHash);
      this.erases = true;
    }
    for (const { prefix, keyHash } of this.#purged)
      for await (const key of this.#store.database.keys({ gte: prefix, lt: keys.afterPrefix(prefix) }))
        if (key.length === prefix.length + 12) this.#forget(key, keyHash);
    for (const [key, set] of this.#writeSets)
      this.operations.push({
        type: 'put',
        key: Buffer.from(key, 'latin1'),
        value: Buffer.from(set.serializeBinary()),
      });
  }

  /** Takes a private key out of the stored write set that a mention points to. */
  #forget(mention: Buffer, keyHash: Uint8Array): void {
    this.operations.push({ type: 'del', key: mention });
    const writesKey = keys.privateWritesKey(keys.trailingVersion(mention));
    const name = writesKey.toString('latin1');
    const bytes = this.#writeSets.has(name) ? undefined : this.#store.database.getSync(writesKey);
    const set = this.#writeSets.get(name) ?? (bytes && ledger.rwset.TxPvtReadWriteSet.deserializeBinary(bytes));
    if (!set) return;
    scrub(set, keyHash);
    this.#writeSets.set(name, set);
  }
}

/** Takes the writes of a key out of a private write set. */
function scrub(set: ledger.rwset.TxPvtReadWriteSet, keyHash: Uint8Array): void {
  for (const collection of set.getNsPvtRwsetList().flatMap((item) => item.getCollectionPvtRwsetList())) {
    const content = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(collection.getRwset_asU8());
    content.setWritesList(content.getWritesList().filter((write) => !sha256(write.getKey()).equals(keyHash)));
    collection.setRwset(content.serializeBinary());
  }
}

interface Expiry {
  namespace: string;
  collection: string;
  key: string;
  version: Version;
}
