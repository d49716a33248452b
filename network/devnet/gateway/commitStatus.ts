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
  const invalid = (message: string) => new Failure(status.INVALID_ARGUMENT, message);
  if (bytes.length === 0) throw invalid('a commit status request is required');
  let request: gateway.CommitStatusRequest;
  try {
    request = gateway.CommitStatusRequest.deserializeBinary(bytes);
  } catch {
    throw invalid('invalid status request: proto: cannot parse invalid wire-format data');
  }
  const identity = request.getIdentity_asU8();
  if (identity.length === 0) throw invalid('no identity provided');
  if (!request.getChannelId()) throw invalid('no channel ID provided');
  if (!request.getTransactionId()) throw invalid('transaction ID should not be empty');
  const signature = signed.getSignature_asU8();
  const channel = node.readable(request.getChannelId(), { identity, bytes, signature });
  let outcome: TransactionStatus;
  try {
    outcome = await channel.status(request.getTransactionId(), signal);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(status.CANCELLED, 'context canceled');
  }
  const response = new gateway.CommitStatusResponse();
  response.setResult(outcome.code as ReturnType<gateway.CommitStatusResponse['getResult']>);
  response.setBlockNumber(outcome.block);
  return response;
}
