import { peer } from '@hyperledger/fabric-protos';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import { compareUtf8 } from './order.ts';
import type { ChannelStore } from './store.ts';
import { TransactionError } from './transaction.ts';
import type { NamespaceChanges } from './validation.ts';

const codes = peer.TxValidationCode;

function versionOf(message: { getBlockNum(): number; getTxNum(): number } | undefined): Version | undefined {
  return message && { block: message.getBlockNum(), tx: message.getTxNum() };
}

/** What the valid transactions of the block under way have written so far. */
export class PendingWrites {
  readonly #namespaces = new Map<string, Map<string, boolean>>();
  readonly #hashes = new Set<string>();

  add(changes: readonly NamespaceChanges[]): void {
    for (const { namespace, content, collections } of changes) {
      let written = this.#namespaces.get(namespace);
      if (!written) {
        written = new Map();
        this.#namespaces.set(namespace, written);
      }
      for (const write of content.getWritesList()) written.set(write.getKey(), write.getIsDelete());
      for (const { name, hashed } of collections)
        for (const write of hashed.getHashedWritesList())
          this.#hashes.add(keys.hashKey(namespace, name, write.getKeyHash_asU8()).toString('latin1'));
    }
  }

  has(namespace: string, key: string): boolean {
    return this.#namespaces.get(namespace)?.has(key) ?? false;
  }

  hasHash(namespace: string, collection: string, keyHash: Uint8Array): boolean {
    return this.#hashes.has(keys.hashKey(namespace, collection, keyHash).toString('latin1'));
  }

  inNamespace(namespace: string): ReadonlyMap<string, boolean> | undefined {
    return this.#namespaces.get(namespace);
  }
}

/** Checks that what a transaction read is still so. Throws TransactionError with the kind of conflict. */
export async function checkConflicts(
  changes: readonly NamespaceChanges[],
  store: ChannelStore,
  pending: PendingWrites,
): Promise<void> {
  for (const change of changes) {
    const { namespace, content, collections } = change;
    for (const read of content.getReadsList()) {
      const key = read.getKey();
      if (
        pending.has(namespace, key) ||
        !keys.sameVersion(store.state(namespace, key)?.version, versionOf(read.getVersion()))
      )
        throw new TransactionError(codes.MVCC_READ_CONFLICT, `${namespace}/${key} has changed`);
    }
    for (const { name, hashed } of collections)
      for (const read of hashed.getHashedReadsList()) {
        const hash = read.getKeyHash_asU8();
        if (
          pending.hasHash(namespace, name, hash) ||
          !keys.sameVersion(store.privateHash(namespace, name, hash)?.version, versionOf(read.getVersion()))
        )
          throw new TransactionError(codes.MVCC_READ_CONFLICT, `a private key of ${namespace}/${name} has changed`);
      }
    await checkRanges(change, store, pending);
  }
}

async function checkRanges(change: NamespaceChanges, store: ChannelStore, pending: PendingWrites): Promise<void> {
  const { namespace, content } = change;
  for (const range of content.getRangeQueriesInfoList()) {
    const start = range.getStartKey();
    const end = range.getEndKey();
    const exhausted = range.getItrExhausted();
    const expected = range.getRawReads()?.getKvReadsList() ?? [];
    const phantom = () => new TransactionError(codes.PHANTOM_READ_CONFLICT, `${namespace}: a range has changed`);
    const prefix = keys.statePrefix(namespace);
    const first = keys.stateKey(namespace, start);
    // A range that was read to its end excludes its end key; one that was left early includes the last key seen.
    const last = keys.stateKey(namespace, end);
    const bounds =
      exhausted && end === '' ? { lt: keys.afterPrefix(prefix) } : exhausted ? { lt: last } : { lte: last };
    const found = new Set<string>();
    let index = 0;
    if (exhausted || expected.length > 0)
      for await (const [key, bytes] of store.database.iterator({ gte: first, ...bounds })) {
        const name = key.subarray(prefix.length).toString();
        const read = expected[index];
        index += 1;
        if (
          read?.getKey() !== name ||
          !keys.sameVersion(keys.decodeVersioned(bytes).version, versionOf(read.getVersion()))
        )
          throw phantom();
        found.add(name);
      }
    if (index !== expected.length) throw phantom();
    for (const [key, deleted] of pending.inNamespace(namespace) ?? []) {
      const before = end === '' || (exhausted ? compareUtf8(key, end) < 0 : compareUtf8(key, end) <= 0);
      if (compareUtf8(key, start) >= 0 && before && (!deleted || found.has(key))) throw phantom();
    }
  }
}
