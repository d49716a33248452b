import { X509Certificate } from 'node:crypto';
import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';
import { AppError } from '#server/errors.ts';

/** What a proposal asks for and who asks, as read from its bytes. */
export interface DecodedProposal {
  transactionId: string;
  channel: string;
  mspId: string;
  certificatePem: string;
  contract: string;
  function: string;
  args: string[];
  /** The bytes that the caller's signature covers. */
  signedBytes: Uint8Array;
}

/** Reads a serialized gateway.ProposedTransaction. Throws PROPOSAL_MISMATCH for bytes that are none. */
export function decodeProposal(bytes: Uint8Array): DecodedProposal {
  try {
    const proposed = gateway.ProposedTransaction.deserializeBinary(bytes);
    const signedBytes = proposed.getProposal()?.getProposalBytes_asU8() ?? new Uint8Array();
    const proposal = peer.Proposal.deserializeBinary(signedBytes);
    const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    const creator = msp.SerializedIdentity.deserializeBinary(signatureHeader.getCreator_asU8());
    const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
    const spec = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8()).getChaincodeSpec();
    const input = (spec?.getInput()?.getArgsList_asU8() ?? []).map((argument) => Buffer.from(argument).toString());
    return {
      transactionId: channelHeader.getTxId(),
      channel: channelHeader.getChannelId(),
      mspId: creator.getMspid(),
      certificatePem: Buffer.from(creator.getIdBytes_asU8()).toString(),
      contract: spec?.getChaincodeId()?.getName() ?? '',
      function: input[0] ?? '',
      args: input.slice(1),
      signedBytes,
    };
  } catch (cause) {
    throw new AppError('PROPOSAL_MISMATCH', 'not a proposal', { cause });
  }
}

/** Transaction id and channel of a serialized gateway.PreparedTransaction and the bytes that the caller signs. */
export function decodeTransaction(bytes: Uint8Array): {
  transactionId: string;
  channel: string;
  signedBytes: Uint8Array;
} {
  try {
    const prepared = gateway.PreparedTransaction.deserializeBinary(bytes);
    const signedBytes = prepared.getEnvelope()?.getPayload_asU8() ?? new Uint8Array();
    const payload = common.Payload.deserializeBinary(signedBytes);
    const header = common.ChannelHeader.deserializeBinary(
      payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
    );
    return { transactionId: header.getTxId(), channel: header.getChannelId(), signedBytes };
  } catch (cause) {
    throw new AppError('PROPOSAL_MISMATCH', 'not a transaction', { cause });
  }
}

/** Serialized gateway.CommitStatusRequest: what a person signs in advance to let the portal ask for the outcome. */
export function commitStatusRequest(
  person: { mspId: string; certificatePem: string },
  channel: string,
  transactionId: string,
): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(person.mspId);
  identity.setIdBytes(Buffer.from(person.certificatePem));
  const request = new gateway.CommitStatusRequest();
  request.setChannelId(channel);
  request.setTransactionId(transactionId);
  request.setIdentity(identity.serializeBinary());
  return request.serializeBinary();
}

/** Wraps a commit-status request as the client library wants it back. */
export function signedCommitStatusRequest(request: Uint8Array, signature: Uint8Array): Uint8Array {
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(request);
  signed.setSignature(signature);
  return signed.serializeBinary();
}

/** True when two PEM texts hold the same certificate. */
export function isSameCertificate(one: string, other: string): boolean {
  try {
    return new X509Certificate(one).raw.equals(new X509Certificate(other).raw);
  } catch {
    return false;
  }
}
