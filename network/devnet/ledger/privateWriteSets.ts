import { ledger } from '@hyperledger/fabric-protos';
import type { Operation } from './database.ts';
import { sha256 } from './hash.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import type { ChannelStore } from './store.ts';

/** A private key as the other members of the channel know it. */
export interface HashedKey {
  namespace: string;
  collection: string;
  keyHash: Uint8Array;
}

/** The private write sets that a block adds, and those of earlier blocks that it takes something out of. */
export class PrivateWriteSets {
  readonly #store: ChannelStore;
  /** By database key (latin1). */
  readonly #sets = new Map<string, ledger.rwset.TxPvtReadWriteSet>();

  constructor(store: ChannelStore) {
    this.#store = store;
  }

  add(version: Version, set: ledger.rwset.TxPvtReadWriteSet): void {
    this.#sets.set(keys.privateWritesKey(version).toString('latin1'), set);
  }

  /** Takes a key out of the write set of a transaction; answers with its names, if it stood there. */
  forget(version: Version, key: HashedKey): string[] {
    const writesKey = keys.privateWritesKey(version);
    const name = writesKey.toString('latin1');
    let set = this.#sets.get(name);
    if (!set) {
      const bytes = this.#store.database.getSync(writesKey);
      if (!bytes) return [];
      set = ledger.rwset.TxPvtReadWriteSet.deserializeBinary(bytes);
      this.#sets.set(name, set);
    }
    return scrub(set, key);
  }

  /** Takes a key out of all write sets that have been added so far. */
  forgetUntilNow(key: HashedKey): string[] {
    return [...this.#sets.values()].flatMap((set) => scrub(set, key));
  }

  operations(): Operation[] {
    return [...this.#sets].map(([name, set]) => ({
      type: 'put',
      key: Buffer.from(name, 'latin1'),
      value: Buffer.from(set.serializeBinary()),
    }));
  }
}

function scrub(set: ledger.rwset.TxPvtReadWriteSet, { namespace, collection: name, keyHash }: HashedKey): string[] {
  const collection = set
    .getNsPvtRwsetList()
    .find((candidate) => candidate.getNamespace() === namespace)
    ?.getCollectionPvtRwsetList()
    .find((candidate) => candidate.getCollectionName() === name);
  if (!collection) return [];
  const content = ledger.rwset.kvrwset.KVRWSet.deserializeBinary(collection.getRwset_asU8());
  const names = new Set<string>();
  const stays = (write: { getKey(): string }) => {
    const isIt = sha256(write.getKey()).equals(keyHash);
    if (isIt) names.add(write.getKey());
    return !isIt;
  };
  content.setWritesList(content.getWritesList().filter(stays));
  content.setMetadataWritesList(content.getMetadataWritesList().filter(stays));
  collection.setRwset(content.serializeBinary());
  return [...names];
}
