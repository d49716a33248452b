import gateway from '@hyperledger/fabric-protos/lib/gateway/gateway_pb.js';
import { type Bytes, copyBytes, equalBytes } from '../bytes.ts';
import { sha256 } from '../derive.ts';
import { CryptoError } from '../errors.ts';
import type { CheckedProposal } from './proposal.ts';

/** The request for a transaction's commit status, as fabric-gateway makes it; it can be signed before submission. */
export function buildStatusRequest(proposal: Pick<CheckedProposal, 'channel' | 'transactionId' | 'creator'>): Bytes {
  const request = new gateway.CommitStatusRequest();
  request.setTransactionId(proposal.transactionId);
  request.setChannelId(proposal.channel);
  request.setIdentity(proposal.creator);
  return copyBytes(request.serializeBinary());
}

/** Checks that serialized `gateway.CommitStatusRequest` bytes ask about the proposal's transaction. Throws `STATUS_MISMATCH`. */
export function checkStatusRequest(bytes: Uint8Array, proposal: CheckedProposal): { message: Bytes; digest: Bytes } {
  const message = buildStatusRequest(proposal);
  if (!equalBytes(bytes, message)) throw new CryptoError('STATUS_MISMATCH');
  return { message, digest: sha256(message) };
}
