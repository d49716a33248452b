import { status } from '@grpc/grpc-js';
import { gateway } from '@hyperledger/fabric-protos';
import type { TransactionStatus } from '../ledger/store.ts';
import { Failure } from './failure.ts';
import type { GatewayNode } from './node.ts';

/** gateway.Gateway/CommitStatus: the outcome of a transaction, as soon as it is committed. */
export async function commitStatus(
  node: GatewayNode,
  signed: gateway.SignedCommitStatusRequest,
  signal: AbortSignal,
): Promise<gateway.CommitStatusResponse> {
  const bytes = signed.getRequest_asU8();
  if (bytes.length === 0) throw new Failure(status.INVALID_ARGUMENT, 'a commit status request is required');
  let request: gateway.CommitStatusRequest;
  try {
    request = gateway.CommitStatusRequest.deserializeBinary(bytes);
  } catch {
    throw new Failure(status.INVALID_ARGUMENT, 'invalid status request');
  }
  if (request.getIdentity().length === 0) throw new Failure(status.INVALID_ARGUMENT, 'no identity provided');
  if (!request.getChannelId()) throw new Failure(status.INVALID_ARGUMENT, 'no channel ID provided');
  if (!request.getTransactionId()) throw new Failure(status.INVALID_ARGUMENT, 'transaction ID should not be empty');
  const channel = node.channel(request.getChannelId(), status.PERMISSION_DENIED);
  node.client(channel, request.getIdentity_asU8(), bytes, signed.getSignature_asU8());
  let outcome: TransactionStatus;
  try {
    outcome = await channel.status(request.getTransactionId(), signal);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(status.CANCELLED, 'the call ended before the transaction was committed');
  }
  const response = new gateway.CommitStatusResponse();
  response.setResult(outcome.code as ReturnType<gateway.CommitStatusResponse['getResult']>);
  response.setBlockNumber(outcome.block);
  return response;
}
