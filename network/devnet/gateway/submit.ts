import { status } from '@grpc/grpc-js';
import { common, gateway } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import { IdentityError } from '../identity/membership.ts';
import { readChanges } from '../ledger/changes.ts';
import {
  type EndorserTransaction,
  readEndorserTransaction,
  readHeaders,
  TransactionError,
} from '../ledger/transaction.ts';
import { Failure } from './failure.ts';
import type { GatewayNode } from './node.ts';

const maxEnvelopeBytes = 10 * 1024 * 1024;

function refused(reply: 'BAD_REQUEST' | 'FORBIDDEN' | 'REQUEST_ENTITY_TOO_LARGE', info: string): Failure {
  return new Failure(status.ABORTED, `received unsuccessful response from orderer: status=${reply}, info=${info}`);
}

/**
 * Whether a transaction would commit the hashes of private values that are nowhere. A peer of Fabric could still get
 * them from another one; this node keeps them for all.
 */
function lacksPrivateValues(channel: Channel, payload: common.Payload): boolean {
  let transaction: EndorserTransaction;
  let announced: boolean;
  try {
    transaction = readEndorserTransaction(payload);
    announced = readChanges(transaction.action.getResults_asU8()).some(({ collections }) =>
      collections.some(({ privateHash }) => privateHash.length > 0),
    );
  } catch (error) {
    if (error instanceof TransactionError) return false; // the commit says what is wrong with it
    throw error;
  }
  const txId = transaction.channelHeader.getTxId();
  const { kept } = channel.store;
  return announced && !kept.holds(txId, transaction.action.getResults_asU8()) && !channel.store.transaction(txId);
}

/** gateway.Gateway/Submit: hands a signed transaction to the orderer. An answer does not mean that it is committed. */
export function submit(node: GatewayNode, request: gateway.SubmitRequest): gateway.SubmitResponse {
  const envelope = request.getPreparedTransaction();
  if (!envelope) throw new Failure(status.INVALID_ARGUMENT, 'a prepared transaction is required');
  if (envelope.getSignature().length === 0)
    throw new Failure(status.INVALID_ARGUMENT, 'prepared transaction must be signed');
  const channel = node.channel(request.getChannelId(), status.FAILED_PRECONDITION);
  const bytes = envelope.serializeBinary();
  if (bytes.length > maxEnvelopeBytes)
    throw refused('REQUEST_ENTITY_TOO_LARGE', `message payload is ${bytes.length} bytes and exceeds maximum allowed`);
  let payload: common.Payload;
  try {
    payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const { channelHeader, signatureHeader } = readHeaders(payload);
    if (channelHeader.getChannelId() !== channel.name)
      throw refused('BAD_REQUEST', `the transaction is for channel ${channelHeader.getChannelId()}`);
    const creator = node.membership.identity(signatureHeader.getCreator_asU8());
    if (!channel.policies.acceptsClient(creator.mspId)) throw refused('FORBIDDEN', `${creator.mspId} is not a client`);
    if (!node.membership.verify(creator, envelope.getPayload_asU8(), envelope.getSignature_asU8()))
      throw refused('FORBIDDEN', "the creator's signature is wrong");
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof IdentityError) throw refused('FORBIDDEN', error.message);
    throw refused('BAD_REQUEST', 'the envelope cannot be read');
  }
  if (lacksPrivateValues(channel, payload))
    throw new Failure(
      status.FAILED_PRECONDITION,
      'the private values of the transaction are not kept here, or no longer; it has to be endorsed again',
    );
  try {
    channel.order(bytes);
  } catch (error) {
    throw new Failure(status.UNAVAILABLE, error instanceof Error ? error.message : String(error));
  }
  return new gateway.SubmitResponse();
}
