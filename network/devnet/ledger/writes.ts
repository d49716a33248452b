import { common } from '@hyperledger/fabric-protos';
import { isDelete, readChanges } from './changes.ts';
import { readEndorserTransaction, readHeaders } from './transaction.ts';

/** What an endorser transaction writes to the public state. */
export interface EnvelopeWrites {
  txId: string;
  writes: { namespace: string; key: string; value: Buffer; isDelete: boolean }[];
}

/** Reads the writes of a valid transaction's envelope; undefined for a configuration. Throws for bytes that are neither. */
export function readWrites(envelope: Uint8Array): EnvelopeWrites | undefined {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  if (readHeaders(payload).channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  const { channelHeader, action } = readEndorserTransaction(payload);
  const writes = readChanges(action.getResults_asU8()).flatMap(({ namespace, content }) =>
    content.getWritesList().map((write) => ({
      namespace,
      key: write.getKey(),
      value: Buffer.from(write.getValue_asU8()),
      isDelete: isDelete(write),
    })),
  );
  return { txId: channelHeader.getTxId(), writes };
}
