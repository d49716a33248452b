import type { ServerDuplexStream } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import type { Identity } from '../identity/membership.ts';
import { validationCodes } from '../ledger/block.ts';
import { readEndorserTransaction, readHeaders } from '../ledger/transaction.ts';
import { Failure } from './failure.ts';
import type { GatewayNode } from './node.ts';
import { privateDataOf } from './privateData.ts';
import { send } from './stream.ts';

type Call = ServerDuplexStream<common.Envelope, peer.DeliverResponse>;
type DeliverStatus = common.StatusMap[keyof common.StatusMap];

/** Renders a block for one of the three calls. */
export type Render = (
  node: GatewayNode,
  channel: Channel,
  block: common.Block,
  client: Identity,
) => Promise<peer.DeliverResponse>;

function statusResponse(value: DeliverStatus): peer.DeliverResponse {
  const response = new peer.DeliverResponse();
  response.setStatus(value);
  return response;
}

/** protos.Deliver: answers each request for blocks with those blocks and a closing status. */
export async function deliver(node: GatewayNode, call: Call, signal: AbortSignal, render: Render): Promise<void> {
  for await (const envelope of call as AsyncIterable<common.Envelope>) {
    const outcome = await answer(node, call, envelope, signal, render);
    if (signal.aborted) return;
    await send(call, statusResponse(outcome), signal);
    if (outcome !== common.Status.SUCCESS) return;
  }
}

function position(seek: orderer.SeekPosition | undefined, height: number): number | undefined {
  const { TypeCase } = orderer.SeekPosition;
  switch (seek?.getTypeCase()) {
    case TypeCase.OLDEST:
      return 0;
    case TypeCase.NEWEST:
      return height - 1;
    case TypeCase.NEXT_COMMIT:
      return height;
    case TypeCase.SPECIFIED:
      return seek.getSpecified()?.getNumber() ?? 0;
    default:
      return undefined;
  }
}

async function answer(
  node: GatewayNode,
  call: Call,
  envelope: common.Envelope,
  signal: AbortSignal,
  render: Render,
): Promise<DeliverStatus> {
  let channel: Channel;
  let client: Identity;
  let seek: orderer.SeekInfo;
  try {
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const { channelHeader, signatureHeader } = readHeaders(payload);
    seek = orderer.SeekInfo.deserializeBinary(payload.getData_asU8());
    channel = node.channel(channelHeader.getChannelId(), 5);
    client = node.client(
      channel,
      signatureHeader.getCreator_asU8(),
      envelope.getPayload_asU8(),
      envelope.getSignature_asU8(),
    );
  } catch (error) {
    if (!(error instanceof Failure)) return common.Status.BAD_REQUEST;
    return error.code === 5 ? common.Status.NOT_FOUND : common.Status.FORBIDDEN;
  }
  const { height } = channel.store;
  const start = position(seek.getStart(), height);
  const stop = seek.getStop()?.hasNextCommit() ? undefined : position(seek.getStop(), height);
  if (start === undefined || stop === undefined || stop < start) return common.Status.BAD_REQUEST;
  const failsEarly = seek.getBehavior() === orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY;
  if (failsEarly && start >= height) return common.Status.NOT_FOUND;
  for await (const block of channel.blocks(start, signal)) {
    await send(call, await render(node, channel, block, client), signal);
    const number = block.getHeader()?.getNumber() ?? 0;
    if (number >= stop) return common.Status.SUCCESS;
    if (failsEarly && number + 1 >= channel.store.height) return common.Status.NOT_FOUND;
  }
  return common.Status.SERVICE_UNAVAILABLE;
}

export const renderBlock: Render = async (_node, _channel, block) => {
  const response = new peer.DeliverResponse();
  response.setBlock(block);
  return response;
};

export const renderFiltered: Render = async (_node, channel, block) => {
  const codes = validationCodes(block);
  const filtered = new peer.FilteredBlock();
  filtered.setChannelId(channel.name);
  filtered.setNumber(block.getHeader()?.getNumber() ?? 0);
  filtered.setFilteredTransactionsList(
    (block.getData()?.getDataList_asU8() ?? []).flatMap((bytes, index) => {
      try {
        return [filterTransaction(bytes, codes[index] ?? peer.TxValidationCode.NOT_VALIDATED)];
      } catch {
        return []; // an envelope that cannot be read has no id to report
      }
    }),
  );
  const response = new peer.DeliverResponse();
  response.setFilteredBlock(filtered);
  return response;
};

function filterTransaction(bytes: Uint8Array, code: number): peer.FilteredTransaction {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  const { channelHeader } = readHeaders(payload);
  const transaction = new peer.FilteredTransaction();
  transaction.setTxid(channelHeader.getTxId());
  transaction.setType(channelHeader.getType() as ReturnType<peer.FilteredTransaction['getType']>);
  transaction.setTxValidationCode(code as ReturnType<peer.FilteredTransaction['getTxValidationCode']>);
  if (channelHeader.getType() === common.HeaderType.ENDORSER_TRANSACTION) {
    const { event } = readEndorserTransaction(payload);
    const actions = new peer.FilteredTransactionActions();
    if (event) {
      event.setPayload(''); // a filtered event does not carry its payload
      const action = new peer.FilteredChaincodeAction();
      action.setChaincodeEvent(event);
      actions.setChaincodeActionsList([action]);
    }
    transaction.setTransactionActions(actions);
  }
  return transaction;
}

export const renderWithPrivateData: Render = async (node, channel, block, client) => {
  const content = new peer.BlockAndPrivateData();
  content.setBlock(block);
  const own = node.peers.get(node.mspId)?.identity;
  if (own)
    for (const [tx, set] of await privateDataOf(channel, block.getHeader()?.getNumber() ?? 0, [own, client]))
      content.getPrivateDataMapMap().set(tx, set);
  const response = new peer.DeliverResponse();
  response.setBlockAndPrivateData(content);
  return response;
};
