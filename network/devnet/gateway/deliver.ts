import type { ServerDuplexStream } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import type { Identity } from '../identity/membership.ts';
import { validationCodes } from '../ledger/block.ts';
import { configIn } from '../ledger/configBlock.ts';
import { readEndorserTransaction, readHeaders } from '../ledger/transaction.ts';
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
  // Leaving the loop must not destroy the call, on which the last answers may still be under way.
  const requests: AsyncIterable<common.Envelope> = call.iterator({ destroyOnReturn: false });
  for await (const envelope of requests) {
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
  const { BAD_REQUEST, NOT_FOUND, FORBIDDEN, SERVICE_UNAVAILABLE, SUCCESS } = common.Status;
  const request = readRequest(envelope);
  if (!request) return BAD_REQUEST;
  const channel = node.channel(request.channel);
  if (!channel) return NOT_FOUND;
  let seek: orderer.SeekInfo;
  try {
    seek = orderer.SeekInfo.deserializeBinary(request.data);
  } catch {
    return BAD_REQUEST;
  }
  const { creator } = request;
  const client = node.caller(channel, creator, envelope.getPayload_asU8(), envelope.getSignature_asU8());
  const forbidden = () => node.membership.hasExpired(creator);
  if (forbidden() || !client || channel.policies.refusal('/Channel/Application/Readers', client)) return FORBIDDEN;
  const { height } = channel.store;
  if (!seek.getStart() || !seek.getStop()) return BAD_REQUEST;
  const start = position(seek.getStart(), height);
  if (start === undefined || start > height) return NOT_FOUND;
  const stop = stopOf(seek, start, height);
  if (seek.getStop()?.hasSpecified() && stop < start) return BAD_REQUEST;
  const failsEarly = seek.getBehavior() === orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY;
  if (failsEarly && start >= height) return NOT_FOUND;
  for await (const block of channel.blocks(start, signal)) {
    if (forbidden()) return FORBIDDEN;
    const number = block.getHeader()?.getNumber() ?? 0;
    // Whoever attests blocks needs no transactions; a configuration is always whole.
    if (seek.getContentType() === orderer.SeekInfo.SeekContentType.HEADER_WITH_SIG && !configIn(block))
      block.clearData();
    await send(call, await render(node, channel, block, client), signal);
    if (number === stop) return SUCCESS;
    if (failsEarly && number + 1 >= channel.store.height) return NOT_FOUND;
  }
  return SERVICE_UNAVAILABLE;
}

/** The number of the last block that is asked for; without an end where the client asks for each that will come. */
function stopOf(seek: orderer.SeekInfo, start: number, height: number): number {
  const stop = seek.getStop();
  if (stop?.hasOldest()) return start;
  if (stop?.hasNewest()) return seek.getStart()?.hasNewest() ? start : height - 1;
  if (stop?.hasSpecified()) return stop.getSpecified()?.getNumber() ?? 0;
  return Number.POSITIVE_INFINITY;
}

/** How far a request's clock may be from the node's (peer.authentication.timewindow). */
const timeWindowMs = 15 * 60 * 1000;

/** What a request for blocks says of itself; undefined where Fabric takes it for a bad one. */
function readRequest(
  envelope: common.Envelope,
): { channel: string; creator: Uint8Array; data: Uint8Array } | undefined {
  try {
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const { channelHeader, signatureHeader } = readHeaders(payload);
    const time = channelHeader.getTimestamp()?.toDate().getTime();
    if (time === undefined || Math.abs(Date.now() - time) > timeWindowMs) return undefined;
    const creator = signatureHeader.getCreator_asU8();
    return { channel: channelHeader.getChannelId(), creator, data: payload.getData_asU8() };
  } catch {
    return undefined;
  }
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
    for (const [tx, set] of await privateDataOf(channel, block.getHeader()?.getNumber() ?? 0, own, client))
      content.getPrivateDataMapMap().set(tx, set);
  const response = new peer.DeliverResponse();
  response.setBlockAndPrivateData(content);
  return response;
};
