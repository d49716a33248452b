import { common } from '@hyperledger/fabric-protos';
import type { TestClient } from '../devnet/testing/client.ts';

/** A block as a peer takes it in. */
export interface DeliveredBlock {
  /** When its first transaction was made by its client, in milliseconds since 1970. */
  at: number;
  transactions: number;
  /** The whole block, and the private values in it that the asking organisation's peer receives. */
  blockBytes: number;
  privateBytes: number;
}

/**
 * All blocks of a channel, as the client's own peer has them, by Fabric's delivery of blocks with private data. Ends at the block
 * that holds the transaction `last`; configuration blocks are left out.
 */
export async function deliveredBlocks(client: TestClient, channel: string, last: string): Promise<DeliveredBlock[]> {
  const events = await client.gateway.getNetwork(channel).getBlockAndPrivateDataEvents({ startBlock: 0n });
  const blocks: DeliveredBlock[] = [];
  try {
    for await (const event of events) {
      const block = event.getBlock();
      if (!block) throw new Error(`${channel} delivered an event without a block.`);
      const headers = (block.getData()?.getDataList_asU8() ?? []).map(channelHeaderOf);
      const first = headers[0];
      if (first?.getType() === common.HeaderType.ENDORSER_TRANSACTION) {
        const blockBytes = block.serializeBinary().length;
        blocks.push({
          at: first.getTimestamp()?.toDate().getTime() ?? 0,
          ...{ transactions: headers.length, blockBytes },
          privateBytes: event.serializeBinary().length - blockBytes,
        });
      }
      if (headers.some((header) => header.getTxId() === last)) return blocks;
    }
    throw new Error(`${channel} ended before the transaction ${last}.`);
  } finally {
    events.close();
  }
}

function channelHeaderOf(envelope: Uint8Array): common.ChannelHeader {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  return common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array());
}
