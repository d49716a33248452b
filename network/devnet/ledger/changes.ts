import { ledger, peer } from '@hyperledger/fabric-protos';
import { sha256 } from './hash.ts';
import { TransactionError } from './transaction.ts';

const { kvrwset } = ledger.rwset;

/** The writes and reads of one namespace, decoded. */
export interface NamespaceChanges {
  namespace: string;
  content: ledger.rwset.kvrwset.KVRWSet;
  collections: { name: string; hashed: ledger.rwset.kvrwset.HashedRWSet; privateHash: Uint8Array }[];
}

/** Decodes a TxReadWriteSet. Throws TransactionError. */
export function readChanges(results: Uint8Array): NamespaceChanges[] {
  try {
    return ledger.rwset.TxReadWriteSet.deserializeBinary(results)
      .getNsRwsetList()
      .map((set) => ({
        namespace: set.getNamespace(),
        content: kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()),
        collections: set.getCollectionHashedRwsetList().map((collection) => ({
          name: collection.getCollectionName(),
          hashed: kvrwset.HashedRWSet.deserializeBinary(collection.getHashedRwset_asU8()),
          privateHash: collection.getPvtRwsetHash_asU8(),
        })),
      }));
  } catch {
    throw new TransactionError(peer.TxValidationCode.BAD_RWSET, 'the read-write set cannot be read');
  }
}

/** An empty value is a delete, whatever the flag says. */
export function isDelete(write: ledger.rwset.kvrwset.KVWrite): boolean {
  return write.getIsDelete() || write.getValue_asU8().length === 0;
}

const hashOfNothing = sha256('');

export function isHashDelete(write: ledger.rwset.kvrwset.KVWriteHash): boolean {
  const hash = write.getValueHash_asU8();
  return write.getIsDelete() || hash.length === 0 || hashOfNothing.equals(hash);
}
