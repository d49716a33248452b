import { status } from '@grpc/grpc-js';
import { common, gateway } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import { ordererMspId } from '../channel/configuration.ts';
import { absoluteMaxBytes } from '../channel/limits.ts';
import { ReceivedEnvelope } from '../ledger/received.ts';
import { TransactionError } from '../ledger/transaction.ts';
import { Failure } from './failure.ts';
import type { GatewayNode } from './node.ts';

function refused(reply: 'BAD_REQUEST' | 'FORBIDDEN', info: string): Failure {
  return new Failure(status.ABORTED, `received unsuccessful response from orderer: status=${reply}, info=${info}`);
}

/**
 * Whether a transaction would commit the hashes of private values that are nowhere. A peer of Fabric could still get
 * them from another one; this node keeps them for all.
 */
function lacksPrivateValues(channel: Channel, received: ReceivedEnvelope): boolean {
  try {
    const announced = received.changes.some(({ collections }) =>
      collections.some(({ privateHash }) => privateHash.length > 0),
    );
    if (!announced) return false;
    const { channelHeader, action } = received.transaction;
    const txId = channelHeader.getTxId();
    return !channel.store.kept.holds(txId, action.getResults_asU8()) && !channel.store.transaction(txId);
  } catch (error) {
    if (error instanceof TransactionError) return false; // the commit says what is wrong with it
    throw error;
  }
}

/** gateway.Gateway/Submit: hands a signed transaction to the orderer. An answer does not mean that it is committed. */
export function submit(node: GatewayNode, request: gateway.SubmitRequest): gateway.SubmitResponse {
  const envelope = request.getPreparedTransaction();
  if (!envelope) throw new Failure(status.INVALID_ARGUMENT, 'a prepared transaction is required');
  if (envelope.getSignature().length === 0)
    throw new Failure(status.INVALID_ARGUMENT, 'prepared transaction must be signed');
  node.configuredChannel(request.getChannelId(), status.FAILED_PRECONDITION);
  const received = new ReceivedEnvelope(envelope.serializeBinary(), envelope);
  const channel = accept(node, received);
  if (lacksPrivateValues(channel, received))
    throw new Failure(
      status.FAILED_PRECONDITION,
      'the private values of the transaction are not kept here, or no longer; it has to be endorsed again',
    );
  try {
    channel.order(received);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(status.UNAVAILABLE, 'no orderers could successfully process transaction', [
      { address: '', mspId: ordererMspId, message },
    ]);
  }
  return new gateway.SubmitResponse();
}

/** What an orderer checks (orderer/common/msgprocessor), in its order and words. The envelope says which channel it is for. */
function accept(node: GatewayNode, received: ReceivedEnvelope): Channel {
  const { envelope } = received;
  const payload = decode('Payload', () => received.payload);
  const header = payload.getHeader();
  if (!header) throw refused('BAD_REQUEST', 'could not determine channel ID: header not set');
  const channelHeader = decode('ChannelHeader', () =>
    common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()),
  );
  const channel = node.ordered(channelHeader.getChannelId());
  if (!channel) throw refused('BAD_REQUEST', 'channel does not exist');
  const type = channelHeader.getType();
  if (type === common.HeaderType.CONFIG)
    throw refused('BAD_REQUEST', 'message is of type that cannot be processed directly');
  if (type === common.HeaderType.ORDERER_TRANSACTION)
    throw refused('BAD_REQUEST', 'message is of type that is no longer supported');
  const size = envelope.getPayload_asU8().length + envelope.getSignature_asU8().length;
  if (size > absoluteMaxBytes)
    throw refused(
      'BAD_REQUEST',
      `message payload is ${size} bytes and exceeds maximum allowed ${absoluteMaxBytes} bytes`,
    );
  const signatureHeader = decode('SignatureHeader', () =>
    common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()),
  );
  const creator = signatureHeader.getCreator_asU8();
  if (node.membership.hasExpired(creator)) throw refused('BAD_REQUEST', 'broadcast client identity expired');
  const caller = node.caller(channel, creator, envelope.getPayload_asU8(), envelope.getSignature_asU8());
  const denied = channel.policies.refusal('/Channel/Writers', caller);
  if (denied !== undefined) throw refused('FORBIDDEN', `${denied}: permission denied`);
  if (type === common.HeaderType.CONFIG_UPDATE)
    throw refused('BAD_REQUEST', 'the devnet does not take updates of a channel configuration');
  return channel;
}

function decode<Message>(what: string, read: () => Message): Message {
  try {
    return read();
  } catch {
    const cause = `error unmarshalling ${what}: proto: cannot parse invalid wire-format data`;
    throw refused('BAD_REQUEST', `could not determine channel ID: ${cause}`);
  }
}
