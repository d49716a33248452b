import { type ServerWritableStream, status } from '@grpc/grpc-js';
import { gateway, orderer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import { validationCodes } from '../ledger/block.ts';
import { blockEvents } from '../ledger/transaction.ts';
import { Failure } from './failure.ts';
import type { GatewayNode } from './node.ts';
import { send } from './stream.ts';

type Call = ServerWritableStream<gateway.SignedChaincodeEventsRequest, gateway.ChaincodeEventsResponse>;

function startBlock(channel: Channel, request: gateway.ChaincodeEventsRequest): number {
  const after = request.getAfterTransactionId();
  const known = after ? channel.store.transaction(after) : undefined;
  if (known) return known.block;
  const position = request.getStartPosition();
  switch (position?.getTypeCase() ?? orderer.SeekPosition.TypeCase.TYPE_NOT_SET) {
    case orderer.SeekPosition.TypeCase.TYPE_NOT_SET:
    case orderer.SeekPosition.TypeCase.NEXT_COMMIT:
      return channel.store.height;
    case orderer.SeekPosition.TypeCase.SPECIFIED:
      return position?.getSpecified()?.getNumber() ?? 0;
    default:
      throw new Failure(
        status.INVALID_ARGUMENT,
        `invalid start position type: *orderer.SeekPosition_${position?.hasOldest() ? 'Oldest' : 'Newest'}`,
      );
  }
}

/** gateway.Gateway/ChaincodeEvents: events of valid transactions, block by block, from a position or checkpoint on. */
export async function chaincodeEvents(node: GatewayNode, call: Call, signal: AbortSignal): Promise<void> {
  const bytes = call.request.getRequest_asU8();
  if (bytes.length === 0) throw new Failure(status.INVALID_ARGUMENT, 'a chaincode events request is required');
  let request: gateway.ChaincodeEventsRequest;
  try {
    request = gateway.ChaincodeEventsRequest.deserializeBinary(bytes);
  } catch {
    throw new Failure(
      status.INVALID_ARGUMENT,
      'invalid chaincode events request: proto: cannot parse invalid wire-format data',
    );
  }
  const channel = node.readable(request.getChannelId(), {
    identity: request.getIdentity_asU8(),
    bytes,
    signature: call.request.getSignature_asU8(),
  });
  const after = request.getAfterTransactionId();
  let passed = after === '';
  for await (const block of channel.blocks(startBlock(channel, request), signal)) {
    const events = blockEvents(block, validationCodes(block)).filter((event) => {
      if (passed) return event.getChaincodeId() === request.getChaincodeId();
      passed = event.getTxId() === after;
      return false;
    });
    if (events.length === 0) continue;
    const response = new gateway.ChaincodeEventsResponse();
    response.setBlockNumber(block.getHeader()?.getNumber() ?? 0);
    response.setEventsList(events);
    await send(call, response, signal);
  }
}
