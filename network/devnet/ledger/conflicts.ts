import { type ledger, peer } from '@hyperledger/fabric-protos';
import type { NamespaceChanges } from './changes.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import type { PendingState } from './pending.ts';
import { RangeResults } from './ranges.ts';
import { readMessage } from './rwset.ts';
import type { ChannelStore } from './store.ts';
import { TransactionError } from './transaction.ts';

const codes = peer.TxValidationCode;
type KVRead = ledger.rwset.kvrwset.KVRead;

function versionOf(message: { getBlockNum(): number; getTxNum(): number } | undefined): Version | undefined {
  return message && { block: message.getBlockNum(), tx: message.getTxNum() };
}

/** Checks that what a transaction read is still so. Throws TransactionError with the kind of conflict. */
export async function checkConflicts(
  changes: readonly NamespaceChanges[],
  store: ChannelStore,
  pending: PendingState,
): Promise<void> {
  const isCurrent = (key: Buffer, read: Version | undefined) =>
    !pending.has(key) && keys.sameVersion(store.versioned(key)?.version, read);
  for (const { namespace, content, collections } of changes) {
    for (const read of content.getReadsList())
      if (!isCurrent(keys.stateKey(namespace, read.getKey()), versionOf(read.getVersion())))
        throw new TransactionError(codes.MVCC_READ_CONFLICT, `${namespace}/${read.getKey()} has changed`);
    for (const range of content.getRangeQueriesInfoList())
      if (!(await isRangeCurrent(range, currentRange(range, namespace, store, pending))))
        throw new TransactionError(codes.PHANTOM_READ_CONFLICT, `${namespace}: a range has changed`);
    for (const { name, hashed } of collections)
      for (const read of hashed.getHashedReadsList())
        if (!isCurrent(keys.hashKey(namespace, name, read.getKeyHash_asU8()), versionOf(read.getVersion())))
          throw new TransactionError(codes.MVCC_READ_CONFLICT, `a private key of ${namespace}/${name} has changed`);
  }
}

/** The keys of a range as the stored state and the transactions before in the block leave it. */
async function* currentRange(
  range: ledger.rwset.kvrwset.RangeQueryInfo,
  namespace: string,
  store: ChannelStore,
  pending: PendingState,
): AsyncGenerator<KVRead> {
  const prefix = keys.statePrefix(namespace);
  const from = keys.stateKey(namespace, range.getStartKey());
  const end = keys.stateKey(namespace, range.getEndKey());
  // A range that was read to its end excludes its end key; one that was left early includes the last key seen.
  const before =
    range.getEndKey() === ''
      ? keys.afterPrefix(prefix)
      : range.getItrExhausted()
        ? end
        : Buffer.concat([end, Buffer.of(0)]);
  const read = (key: string, version: Version) =>
    readMessage(Buffer.from(key.slice(prefix.length), 'latin1').toString(), version);
  const changed = pending.between(from, before);
  for await (const [rawKey, bytes] of store.database.iterator({ gte: from, lt: before })) {
    const key = rawKey.toString('latin1');
    let isChanged = false;
    for (let next = changed[0]; next && next[0] <= key; next = changed[0]) {
      changed.shift();
      isChanged = next[0] === key;
      if (next[1].value) yield read(next[0], next[1].version);
    }
    if (!isChanged) yield read(key, keys.decodeVersioned(bytes).version);
  }
  for (const [key, { value, version }] of changed) if (value) yield read(key, version);
}

async function isRangeCurrent(
  range: ledger.rwset.kvrwset.RangeQueryInfo,
  current: AsyncIterable<KVRead>,
): Promise<boolean> {
  const summary = range.getReadsMerkleHashes();
  if (summary) {
    if (summary.getMaxDegree() < 2) return false;
    const results = new RangeResults(summary.getMaxDegree());
    for await (const read of current) results.add(read);
    const found = results.finish();
    return 'summary' in found && Buffer.compare(found.summary.serializeBinary(), summary.serializeBinary()) === 0;
  }
  const expected = range.getRawReads()?.getKvReadsList() ?? [];
  let index = 0;
  for await (const read of current) {
    const before = expected[index];
    if (before?.getKey() !== read.getKey()) return false;
    if (!keys.sameVersion(versionOf(before.getVersion()), versionOf(read.getVersion()))) return false;
    index += 1;
  }
  return index === expected.length;
}
