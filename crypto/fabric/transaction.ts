import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import gateway from '@hyperledger/fabric-protos/lib/gateway/gateway_pb.js';
import proposals from '@hyperledger/fabric-protos/lib/peer/proposal_pb.js';
import responses from '@hyperledger/fabric-protos/lib/peer/proposal_response_pb.js';
import transactions from '@hyperledger/fabric-protos/lib/peer/transaction_pb.js';
import { type Bytes, concat, copyBytes, equalBytes } from '../bytes.ts';
import { sha256 } from '../derive.ts';
import { CryptoError } from '../errors.ts';
import type { CheckedProposal } from './proposal.ts';

export interface CheckedTransaction {
  /** The envelope's payload: the bytes that are signed; `signMessage` hashes them itself. */
  message: Bytes;
  digest: Bytes;
  /** What the chaincode returned. */
  result: Bytes;
  /** How many organisations' peers endorsed it. */
  endorsements: number;
}

function demand(condition: boolean, field: string): asserts condition {
  if (!condition) throw new CryptoError('TRANSACTION_MISMATCH', field);
}

/**
 * Checks that serialized `gateway.PreparedTransaction` bytes carry the signed proposal (header, payload without
 * transient data) and an endorsed, successful answer to that very proposal, and nothing unknown.
 * Throws `TRANSACTION_MISMATCH`. Whether the endorsers satisfy the policy is for the peers to judge.
 */
export function checkTransaction(bytes: Uint8Array, proposal: CheckedProposal): CheckedTransaction {
  const { prepared, envelope, payload, header, transaction } = decodeEnvelope(bytes);
  demand(prepared.getTransactionId() === proposal.transactionId, 'transaction id');
  demand(envelope.getSignature_asU8().length === 0, 'signature');
  demand(equalBytes(header.getChannelHeader_asU8(), proposal.channelHeader), 'header');
  demand(equalBytes(header.getSignatureHeader_asU8(), proposal.signatureHeader), 'header');

  const [action, ...others] = transaction.getActionsList();
  demand(action !== undefined && others.length === 0, 'actions');
  demand(equalBytes(action.getHeader_asU8(), proposal.signatureHeader), 'header');
  const { actionPayload, endorsed, response, chaincodeAction } = decodeAction(action.getPayload_asU8());
  demand(equalBytes(actionPayload.getChaincodeProposalPayload_asU8(), proposal.payload), 'proposal');
  const endorsements = endorsed.getEndorsementsList();
  demand(endorsements.length > 0, 'endorsements');
  demand(
    endorsements.every((each) => each.getEndorser_asU8().length > 0 && each.getSignature_asU8().length > 0),
    'endorsements',
  );

  const hash = sha256(concat(proposal.channelHeader, proposal.signatureHeader, proposal.payload));
  demand(equalBytes(response.getProposalHash_asU8(), hash), 'proposal hash');
  demand(chaincodeAction.getChaincodeId()?.getName() === proposal.contract, 'contract');
  const answer = chaincodeAction.getResponse();
  demand(answer !== undefined && answer.getStatus() === 200, 'status');

  const message = copyBytes(envelope.getPayload_asU8());
  actionPayload.setAction(endorsed);
  action.setPayload(actionPayload.serializeBinary());
  transaction.setActionsList([action]);
  payload.setData(transaction.serializeBinary());
  demand(equalBytes(copyBytes(payload.serializeBinary()), message), 'unknown content');
  demand(equalBytes(copyBytes(prepared.serializeBinary()), bytes), 'unknown content');
  return {
    message,
    digest: sha256(message),
    result: copyBytes(answer.getPayload_asU8()),
    endorsements: endorsements.length,
  };
}

function decodeEnvelope(bytes: Uint8Array) {
  try {
    const prepared = gateway.PreparedTransaction.deserializeBinary(bytes);
    const envelope = prepared.getEnvelope();
    if (envelope === undefined) throw new RangeError('no envelope');
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const header = payload.getHeader();
    if (header === undefined) throw new RangeError('no header');
    const transaction = transactions.Transaction.deserializeBinary(payload.getData_asU8());
    return { prepared, envelope, payload, header, transaction };
  } catch (cause) {
    throw new CryptoError('TRANSACTION_MISMATCH', 'not a transaction', { cause });
  }
}

function decodeAction(bytes: Uint8Array) {
  try {
    const actionPayload = transactions.ChaincodeActionPayload.deserializeBinary(bytes);
    const endorsed = actionPayload.getAction();
    if (endorsed === undefined) throw new RangeError('no action');
    const response = responses.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
    const chaincodeAction = proposals.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
    return { actionPayload, endorsed, response, chaincodeAction };
  } catch (cause) {
    throw new CryptoError('TRANSACTION_MISMATCH', 'not a transaction', { cause });
  }
}
