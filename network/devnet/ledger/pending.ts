import { isDelete, isHashDelete, type NamespaceChanges } from './changes.ts';
import type { Operation } from './database.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import { encodeMetadata } from './metadata.ts';
import type { ChannelStore } from './store.ts';

/** A value, and its metadata as they are stored. Without a value it is deleted. */
export interface PendingValue {
  version: Version;
  value: Uint8Array | undefined;
  metadata: Uint8Array | undefined;
}

/** What one transaction does to a key: null deletes, what is left out stays as it is. */
interface Change {
  value?: Uint8Array | null;
  metadata?: Uint8Array | null;
}

/** The public state and the hashes of private values as the valid transactions of the block under way leave them. */
export class PendingState {
  readonly #store: ChannelStore;
  /** By database key (latin1, which sorts as the bytes do). */
  readonly #values = new Map<string, PendingValue>();

  constructor(store: ChannelStore) {
    this.#store = store;
  }

  has(key: Buffer): boolean {
    return this.#values.has(key.toString('latin1'));
  }

  get(key: Buffer): PendingValue | undefined {
    return this.#values.get(key.toString('latin1'));
  }

  /** The keys from one on and before another that have changed, in order. */
  between(from: Buffer, before: Buffer): [string, PendingValue][] {
    const first = from.toString('latin1');
    const end = before.toString('latin1');
    return [...this.#values].filter(([key]) => key >= first && key < end).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Takes over the writes of a valid transaction (Fabric's validation/tx_ops.go). */
  apply(changes: readonly NamespaceChanges[], version: Version): void {
    const merged = new Map<string, { key: Buffer; change: Change }>();
    const note = (key: Buffer, change: Change) => {
      const name = key.toString('latin1');
      const entry = merged.get(name);
      if (entry) Object.assign(entry.change, change);
      else merged.set(name, { key, change });
    };
    for (const { namespace, content, collections } of changes) {
      for (const write of content.getWritesList())
        note(keys.stateKey(namespace, write.getKey()), { value: isDelete(write) ? null : write.getValue_asU8() });
      for (const write of content.getMetadataWritesList())
        note(keys.stateKey(namespace, write.getKey()), { metadata: encodeMetadata(write.getEntriesList()) });
      for (const { name, hashed } of collections) {
        for (const write of hashed.getHashedWritesList())
          note(keys.hashKey(namespace, name, write.getKeyHash_asU8()), {
            value: isHashDelete(write) ? null : write.getValueHash_asU8(),
          });
        for (const write of hashed.getMetadataWritesList())
          note(keys.hashKey(namespace, name, write.getKeyHash_asU8()), {
            metadata: encodeMetadata(write.getEntriesList()),
          });
      }
    }
    for (const { key, change } of merged.values()) this.#settle(key, change, version);
  }

  #settle(key: Buffer, change: Change, version: Version): void {
    if (change.value === null) {
      this.delete(key, version);
      return;
    }
    const before = this.get(key);
    const value = change.value ?? (before ? before.value : this.#store.versioned(key)?.value);
    if (value === undefined) return; // metadata of a key that is not there come to nothing
    const metadata =
      change.metadata === undefined
        ? before
          ? before.metadata
          : this.#store.metadata(key)
        : (change.metadata ?? undefined);
    this.#values.set(key.toString('latin1'), { version, value, metadata });
  }

  delete(key: Buffer, version: Version): void {
    this.#values.set(key.toString('latin1'), { version, value: undefined, metadata: undefined });
  }

  operations(): Operation[] {
    return [...this.#values].flatMap(([name, { version, value, metadata }]): Operation[] => {
      const key = Buffer.from(name, 'latin1');
      const metadataKey = keys.metadataKey(key);
      const written: Operation =
        value === undefined ? { type: 'del', key } : { type: 'put', key, value: keys.encodeVersioned(version, value) };
      if (metadata !== undefined) return [written, { type: 'put', key: metadataKey, value: Buffer.from(metadata) }];
      return this.#store.metadata(key) ? [written, { type: 'del', key: metadataKey }] : [written];
    });
  }
}
