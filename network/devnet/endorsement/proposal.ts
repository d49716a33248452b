import { common, peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import { type Identity, IdentityError, type Membership } from '../identity/membership.ts';
import { computeTxId, proposalHash } from '../ledger/transaction.ts';

/** A proposal taken apart. */
export interface Proposal {
  signed: peer.SignedProposal;
  channel: string;
  txId: string;
  chaincode: string;
  header: common.Header;
  channelHeader: common.ChannelHeader;
  signatureHeader: common.SignatureHeader;
  input: peer.ChaincodeInput;
  /** ChaincodeProposalPayload bytes without transient data: what goes into the transaction. */
  payloadBytes: Uint8Array;
  hash: Buffer;
  hasTransientData: boolean;
}

/** A proposal that is refused before any chaincode runs. */
export class ProposalError extends Error {
  override name = 'ProposalError';
}

function required<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new ProposalError(`the proposal has no ${what}`);
  return value;
}

/** Takes a signed proposal apart. Throws ProposalError when something is missing. */
export function readProposal(signed: peer.SignedProposal | undefined): Proposal {
  const bytes = signed?.getProposalBytes_asU8();
  if (!signed || !bytes?.length) throw new ProposalError('a signed proposal is required');
  try {
    const proposal = peer.Proposal.deserializeBinary(bytes);
    const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
    const spec = required(
      peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8()).getChaincodeSpec(),
      'chaincode specification',
    );
    const extension = peer.ChaincodeHeaderExtension.deserializeBinary(channelHeader.getExtension_asU8());
    const chaincode = required(spec.getChaincodeId()?.getName() || undefined, 'chaincode name');
    if (extension.getChaincodeId()?.getName() !== chaincode)
      throw new ProposalError('the header and the payload of the proposal name different chaincodes');
    const open = new peer.ChaincodeProposalPayload();
    open.setInput(payload.getInput_asU8());
    const payloadBytes = open.serializeBinary();
    return {
      signed,
      channel: required(channelHeader.getChannelId() || undefined, 'channel'),
      txId: channelHeader.getTxId(),
      chaincode,
      header,
      channelHeader,
      signatureHeader,
      input: required(spec.getInput(), 'input'),
      payloadBytes,
      hash: proposalHash(header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), payloadBytes),
      hasTransientData: payload.getTransientmapMap().getLength() > 0,
    };
  } catch (error) {
    if (error instanceof ProposalError) throw error;
    throw new ProposalError(`the proposal cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Checks header, creator, signature, transaction id and uniqueness. Answers with the creator. Throws ProposalError. */
export function checkProposal(proposal: Proposal, channel: Channel, membership: Membership): Identity {
  const { channelHeader, signatureHeader, signed } = proposal;
  const refuse = (message: string): never => {
    throw new ProposalError(`error validating proposal: ${message}`);
  };
  if (channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION)
    refuse(`invalid header type ${channelHeader.getType()}`);
  if (channelHeader.getEpoch() !== 0) refuse('epoch is non-zero');
  if (signatureHeader.getNonce().length === 0) refuse('nonce is empty');
  if (signatureHeader.getCreator().length === 0) refuse('creator is empty');
  const expected = computeTxId(signatureHeader);
  if (proposal.txId !== expected) refuse(`incorrectly computed txid '${proposal.txId}' -- expected '${expected}'`);
  let creator: Identity;
  try {
    creator = membership.identity(signatureHeader.getCreator_asU8());
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    return refuse(`access denied: channel [${proposal.channel}] creator is not valid: ${error.message}`);
  }
  const denied = `access denied: channel [${proposal.channel}] creator org [${creator.mspId}]`;
  if (!channel.policies.acceptsClient(creator.mspId)) refuse(`${denied} is not a client of the channel`);
  if (!membership.verify(creator, signed.getProposalBytes_asU8(), signed.getSignature_asU8())) refuse(denied);
  if (channel.store.transaction(proposal.txId))
    throw new ProposalError(`duplicate transaction found [${proposal.txId}]`);
  return creator;
}
