import { ledger } from '@hyperledger/fabric-protos';

const { kvrwset } = ledger.rwset;

/** What a transaction did in one chaincode's namespace, as text; what is empty is left out. */
interface NamespaceSets {
  /** `key@block.index` of the write that was read, `key@-` where nothing was there. */
  reads?: string[];
  /** `key=value`, `key deleted`. */
  writes?: string[];
  /** `key: name=value`, values in hex. */
  metadata?: string[];
  ranges?: RangeSets[];
  collections?: Record<string, CollectionSets>;
}

interface RangeSets {
  from: string;
  to: string;
  exhausted: boolean;
  reads?: string[];
  /** Instead of the reads, where there are many. */
  summary?: { degree: number; level: number; hashes: string[] };
}

/** Keys and values of a collection are SHA-256 in hex. */
interface CollectionSets {
  reads?: string[];
  writes?: string[];
  metadata?: string[];
  /** Whether the values themselves are announced. */
  values: boolean;
}

/** By namespace. */
export type Sets = Record<string, NamespaceSets>;

/**
 * Decodes a TxReadWriteSet into a form that is the same on every ledger that ran the same transactions. Of the chaincode
 * definition that was read (`_lifecycle`) only the key is told: when it was committed differs from network to network.
 */
export function readSets(bytes: Uint8Array): Sets {
  const sets: Sets = {};
  for (const namespace of ledger.rwset.TxReadWriteSet.deserializeBinary(bytes).getNsRwsetList()) {
    const content = kvrwset.KVRWSet.deserializeBinary(namespace.getRwset_asU8());
    const name = namespace.getNamespace();
    const reads = content.getReadsList();
    const collections = namespace.getCollectionHashedRwsetList();
    sets[name] = {
      ...listed(
        'reads',
        reads.map((read) => (name === '_lifecycle' ? read.getKey() : readText(read))),
      ),
      ...listed('writes', content.getWritesList().map(writeText)),
      ...listed(
        'metadata',
        content.getMetadataWritesList().map((write) => `${write.getKey()}: ${entriesText(write.getEntriesList())}`),
      ),
      ...listed('ranges', content.getRangeQueriesInfoList().map(rangeSets)),
      ...(collections.length > 0 && {
        collections: Object.fromEntries(collections.map((set) => [set.getCollectionName(), collectionSets(set)])),
      }),
    };
  }
  return sets;
}

function listed<Name extends string, Item>(name: Name, items: Item[]): Partial<Record<Name, Item[]>> {
  const part: Partial<Record<Name, Item[]>> = {};
  if (items.length > 0) part[name] = items;
  return part;
}

function versionText(version: ledger.rwset.kvrwset.Version | undefined): string {
  return version ? `${version.getBlockNum()}.${version.getTxNum()}` : '-';
}

function readText(read: ledger.rwset.kvrwset.KVRead): string {
  return `${read.getKey()}@${versionText(read.getVersion())}`;
}

function writeText(write: ledger.rwset.kvrwset.KVWrite): string {
  if (write.getIsDelete()) return `${write.getKey()} deleted`;
  return `${write.getKey()}=${Buffer.from(write.getValue_asU8()).toString()}`;
}

function entriesText(entries: ledger.rwset.kvrwset.KVMetadataEntry[]): string {
  return entries.map((entry) => `${entry.getName()}=${hex(entry.getValue_asU8())}`).join(' ');
}

function rangeSets(range: ledger.rwset.kvrwset.RangeQueryInfo): RangeSets {
  const summary = range.getReadsMerkleHashes();
  return {
    from: range.getStartKey(),
    to: range.getEndKey(),
    exhausted: range.getItrExhausted(),
    ...(summary
      ? {
          summary: {
            degree: summary.getMaxDegree(),
            level: summary.getMaxLevel(),
            hashes: summary.getMaxLevelHashesList_asU8().map(hex),
          },
        }
      : { reads: (range.getRawReads()?.getKvReadsList() ?? []).map(readText) }),
  };
}

function collectionSets(set: ledger.rwset.CollectionHashedReadWriteSet): CollectionSets {
  const content = kvrwset.HashedRWSet.deserializeBinary(set.getHashedRwset_asU8());
  return {
    ...listed(
      'reads',
      content.getHashedReadsList().map((read) => `${hex(read.getKeyHash_asU8())}@${versionText(read.getVersion())}`),
    ),
    ...listed(
      'writes',
      content.getHashedWritesList().map((write) => {
        const key = hex(write.getKeyHash_asU8());
        if (write.getIsPurge()) return `${key} purged`;
        return write.getIsDelete() ? `${key} deleted` : `${key}=${hex(write.getValueHash_asU8())}`;
      }),
    ),
    ...listed(
      'metadata',
      content
        .getMetadataWritesList()
        .map((write) => `${hex(write.getKeyHash_asU8())}: ${entriesText(write.getEntriesList())}`),
    ),
    values: set.getPvtRwsetHash().length > 0,
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
