import { ledger } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import * as keys from '../ledger/keys.ts';
import type { Signer } from '../policy/policy.ts';

/** The private writes of a block by transaction that a peer has, and that a client may read there. */
export async function privateDataOf(
  channel: Channel,
  block: number,
  holder: Signer,
  reader: Signer,
): Promise<Map<number, ledger.rwset.TxPvtReadWriteSet>> {
  const result = new Map<number, ledger.rwset.TxPvtReadWriteSet>();
  const prefix = keys.privateWritesPrefix(block);
  for await (const [key, bytes] of channel.store.database.iterator({ gte: prefix, lt: keys.afterPrefix(prefix) })) {
    const set = ledger.rwset.TxPvtReadWriteSet.deserializeBinary(bytes);
    for (const namespace of set.getNsPvtRwsetList())
      namespace.setCollectionPvtRwsetList(
        namespace.getCollectionPvtRwsetList().filter((collection) => {
          const place = [namespace.getNamespace(), collection.getCollectionName()] as const;
          const { policies } = channel;
          if (!policies.isCollectionMember(...place, holder)) return false;
          return !policies.collection(...place).memberOnlyRead || policies.isCollectionMember(...place, reader);
        }),
      );
    set.setNsPvtRwsetList(
      set.getNsPvtRwsetList().filter((namespace) => namespace.getCollectionPvtRwsetList().length > 0),
    );
    if (set.getNsPvtRwsetList().length > 0) result.set(keys.trailingVersion(key).tx, set);
  }
  return result;
}
