import { ledger } from '@hyperledger/fabric-protos';
import { z } from 'zod';
import type { ChannelPolicies } from '../channel/policies.ts';
import { isDelete } from './changes.ts';
import type { Operation } from './database.ts';
import { sha256 } from './hash.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import type { PendingState } from './pending.ts';
import { type HashedKey, PrivateWriteSets } from './privateWriteSets.ts';
import type { ChannelStore } from './store.ts';
import type { CheckedTransaction } from './validation.ts';

/** What falls due when a private value has lived its time. */
const expirySchema = z.strictObject({
  namespace: z.string(),
  collection: z.string(),
  keyHash: z.hex().transform((hex) => Buffer.from(hex, 'hex')),
  version: z.strictObject({ block: z.number(), tx: z.number() }),
});

interface PrivateValue {
  version: Version;
  value: Uint8Array | undefined;
}

/** What one block does to private values: their state, the write sets that are delivered, purges and ends of time. */
export class PrivateEffects {
  /** The transactions whose kept private writes became state. */
  readonly taken = new Set<string>();
  /** Whether private values must leave the disk. */
  erases = false;
  readonly #store: ChannelStore;
  readonly #policies: ChannelPolicies;
  readonly #pending: PendingState;
  readonly #writeSets: PrivateWriteSets;
  readonly #operations: Operation[] = [];
  /** Private state as the block leaves it, by database key (latin1). */
  readonly #values = new Map<string, PrivateValue>();
  readonly #purges: { key: HashedKey; version: Version }[] = [];
  /** Keys whose metadata were written: by database key, with the key of their hash. */
  readonly #renewed = new Map<string, Buffer>();

  constructor(store: ChannelStore, policies: ChannelPolicies, pending: PendingState) {
    this.#store = store;
    this.#policies = policies;
    this.#pending = pending;
    this.#writeSets = new PrivateWriteSets(store);
  }

  apply({ txId, action, changes }: CheckedTransaction, version: Version): void {
    // The private writes that were kept with this result. Where they are missing, the hashes stand alone.
    const set = this.#store.kept.read(txId, action.getResults_asU8());
    if (set) {
      this.taken.add(txId);
      this.#writeSets.add(version, set);
      for (const namespace of set.getNsPvtRwsetList())
        for (const collection of namespace.getCollectionPvtRwsetList())
          this.#collection(namespace.getNamespace(), collection, version);
    }
    for (const { namespace, collections } of changes)
      for (const { name, hashed } of collections) {
        const keyOf = (write: { getKeyHash_asU8(): Uint8Array }): HashedKey => ({
          namespace,
          collection: name,
          keyHash: write.getKeyHash_asU8(),
        });
        for (const write of hashed.getHashedWritesList()) if (write.getIsPurge()) this.#purge(keyOf(write), version);
        const writes = [...hashed.getHashedWritesList(), ...hashed.getMetadataWritesList()];
        const { blockToLive } = writes.length > 0 ? this.#policies.collection(namespace, name) : { blockToLive: 0 };
        if (blockToLive > 0) for (const write of writes) this.#schedule(keyOf(write), version, blockToLive);
      }
  }

  #collection(namespace: string, set: ledger.rwset.CollectionPvtReadWriteSet, version: Version): void {
    const name = set.getCollectionName();
    const content = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8());
    for (const write of content.getWritesList()) {
      const value = isDelete(write) ? undefined : write.getValue_asU8();
      this.#set(keys.privateKey(namespace, name, write.getKey()), { version, value });
    }
    for (const write of content.getMetadataWritesList()) {
      const hash = keys.hashKey(namespace, name, sha256(write.getKey()));
      this.#renewed.set(keys.privateKey(namespace, name, write.getKey()).toString('latin1'), hash);
    }
    for (const write of [...content.getWritesList(), ...content.getMetadataWritesList()])
      this.#operations.push({
        type: 'put',
        key: keys.mentionKey(namespace, name, sha256(write.getKey()), version),
        value: Buffer.alloc(0),
      });
  }

  #set(key: Buffer, value: PrivateValue): void {
    this.#values.set(key.toString('latin1'), value);
  }

  #schedule({ namespace, collection, keyHash }: HashedKey, version: Version, blockToLive: number): void {
    const entry = Buffer.concat([Buffer.from(`${version.tx} `), keys.hashKey(namespace, collection, keyHash)]);
    const expiry = { namespace, collection, keyHash: Buffer.from(keyHash).toString('hex'), version };
    this.#operations.push({
      type: 'put',
      key: keys.expiryKey(version.block + blockToLive + 1, entry),
      value: Buffer.from(JSON.stringify(expiry satisfies z.input<typeof expirySchema>)),
    });
  }

  #purge(key: HashedKey, version: Version): void {
    this.#purges.push({ key, version });
    this.erases = true;
    for (const name of this.#writeSets.forgetUntilNow(key)) this.#purgeValue(key, name, version);
  }

  /** Deletes a purged value, unless a later transaction of the block has written it anew. */
  #purgeValue({ namespace, collection }: HashedKey, name: string, version: Version): void {
    const key = keys.privateKey(namespace, collection, name);
    const written = this.#values.get(key.toString('latin1'));
    if (!written || written.version.tx <= version.tx) this.#set(key, { version, value: undefined });
  }

  /** All that the block does to private data. Call it once, when every transaction has been applied. */
  async operations(block: number): Promise<Operation[]> {
    for (const { key, version } of this.#purges)
      for (const mention of await this.#mentions(key))
        for (const name of this.#forget(mention, key)) this.#purgeValue(key, name, version);
    await this.#expire(block);
    for (const [name, hash] of this.#renewed) this.#renew(name, this.#pending.get(hash));
    for (const [name, { version, value }] of this.#values) {
      const key = Buffer.from(name, 'latin1');
      this.#operations.push(
        value === undefined ? { type: 'del', key } : { type: 'put', key, value: keys.encodeVersioned(version, value) },
      );
    }
    return [...this.#operations, ...this.#writeSets.operations()];
  }

  async #mentions({ namespace, collection, keyHash }: HashedKey): Promise<Buffer[]> {
    const prefix = keys.mentionPrefix(namespace, collection, keyHash);
    const found = await this.#store.database.keys({ gte: prefix, lt: keys.afterPrefix(prefix) }).all();
    return found.filter((mention) => mention.length === prefix.length + 12);
  }

  /** Takes a key out of the write set that a mention points to; answers with the key's names that stood there. */
  #forget(mention: Buffer, key: HashedKey): string[] {
    this.#operations.push({ type: 'del', key: mention });
    return this.#writeSets.forget(keys.trailingVersion(mention), key);
  }

  /** Ends what has lived its time, unless it was written again since. */
  async #expire(block: number): Promise<void> {
    const prefix = keys.expiryPrefix(block);
    for await (const [entry, value] of this.#store.database.iterator({ gte: prefix, lt: keys.afterPrefix(prefix) })) {
      this.#operations.push({ type: 'del', key: entry });
      this.erases = true;
      const { version, ...key } = expirySchema.parse(JSON.parse(value.toString()));
      const { namespace, collection, keyHash } = key;
      const end = { block, tx: Number.MAX_SAFE_INTEGER };
      const hash = keys.hashKey(namespace, collection, keyHash);
      if (this.#store.versioned(hash)?.version.block === version.block && !this.#pending.has(hash))
        this.#pending.delete(hash, end);
      for (const name of this.#forget(keys.mentionKey(namespace, collection, keyHash, version), key)) {
        const privateKey = keys.privateKey(namespace, collection, name);
        const isOld = this.#store.versioned(privateKey)?.version.block === version.block;
        if (isOld && !this.#values.has(privateKey.toString('latin1')))
          this.#set(privateKey, { version: end, value: undefined });
      }
    }
  }

  /** Metadata alone give the hash a new version; the value follows it, where it is the one that the hash is of. */
  #renew(name: string, hashed: { version: Version; value: Uint8Array | undefined } | undefined): void {
    const latest = this.#values.get(name) ?? this.#store.versioned(Buffer.from(name, 'latin1'));
    if (!hashed?.value || !latest?.value || keys.sameVersion(latest.version, hashed.version)) return;
    if (sha256(latest.value).equals(hashed.value))
      this.#values.set(name, { version: hashed.version, value: latest.value });
  }
}
