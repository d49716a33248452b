import { common, peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import type { Identity, Membership } from '../identity/membership.ts';
import { IdentityError } from '../identity/msp.ts';
import { computeTxId, proposalHash } from '../ledger/transaction.ts';

/** A proposal taken apart. */
export interface Proposal {
  signed: peer.SignedProposal;
  /** Empty where the header names none. */
  channel: string;
  txId: string;
  /** Empty where the proposal names none. */
  chaincode: string;
  header: common.Header;
  channelHeader: common.ChannelHeader;
  signatureHeader: common.SignatureHeader;
  input: peer.ChaincodeInput;
  /** ChaincodeProposalPayload bytes without transient data: what goes into the transaction. */
  payloadBytes: Uint8Array;
  hash: Buffer;
  hasTransientData: boolean;
  /** What a peer misses in it, in the words of Fabric's endorser. */
  missing: string | undefined;
}

/** A proposal whose parts cannot be read. */
export class ProposalError extends Error {
  override name = 'ProposalError';
}

/** A proposal that a peer refuses before any chaincode runs. */
export class ProposalRefusal extends Error {
  override name = 'ProposalRefusal';
  /** Refused because the creator's certificate has expired, which Fabric's peers tell in a way of its own. */
  readonly expired: boolean;

  constructor(message: string, expired = false) {
    super(message);
    this.expired = expired;
  }
}

function decode<Message>(what: string, bytes: Uint8Array, read: (bytes: Uint8Array) => Message): Message {
  try {
    return read(bytes);
  } catch {
    throw new ProposalError(`error unmarshalling ${what}: proto: cannot parse invalid wire-format data`);
  }
}

/** Takes a signed proposal apart. Throws ProposalError. */
export function readProposal(signed: peer.SignedProposal): Proposal {
  const proposal = decode('Proposal', signed.getProposalBytes_asU8(), peer.Proposal.deserializeBinary);
  const header = decode('Header', proposal.getHeader_asU8(), common.Header.deserializeBinary);
  const channelHeader = decode('ChannelHeader', header.getChannelHeader_asU8(), common.ChannelHeader.deserializeBinary);
  const payload = decode(
    'ChaincodeProposalPayload',
    proposal.getPayload_asU8(),
    peer.ChaincodeProposalPayload.deserializeBinary,
  );
  const spec = decode(
    'ChaincodeInvocationSpec',
    payload.getInput_asU8(),
    peer.ChaincodeInvocationSpec.deserializeBinary,
  ).getChaincodeSpec();
  const { signatureHeader, missing } = readForPeer(header, channelHeader, spec);
  const open = new peer.ChaincodeProposalPayload();
  open.setInput(payload.getInput_asU8());
  const payloadBytes = open.serializeBinary();
  return {
    signed,
    channel: channelHeader.getChannelId(),
    txId: channelHeader.getTxId(),
    chaincode: spec?.getChaincodeId()?.getName() ?? '',
    header,
    channelHeader,
    signatureHeader,
    input: spec?.getInput() ?? new peer.ChaincodeInput(),
    payloadBytes,
    hash: proposalHash(header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), payloadBytes),
    hasTransientData: payload.getTransientmapMap().getLength() > 0,
    missing,
  };
}

/** What only peers look at; the gateway passes a proposal on without it. */
function readForPeer(
  header: common.Header,
  channelHeader: common.ChannelHeader,
  spec: peer.ChaincodeSpec | undefined,
): { signatureHeader: common.SignatureHeader; missing: string | undefined } {
  let signatureHeader = new common.SignatureHeader();
  try {
    const bytes = header.getSignatureHeader_asU8();
    signatureHeader = decode('SignatureHeader', bytes, common.SignatureHeader.deserializeBinary);
    const extension = decode(
      'ChaincodeHeaderExtension',
      channelHeader.getExtension_asU8(),
      peer.ChaincodeHeaderExtension.deserializeBinary,
    );
    const id = extension.getChaincodeId();
    if (!id) throw new ProposalError('ChaincodeHeaderExtension.ChaincodeId is nil');
    if (!id.getName()) throw new ProposalError('ChaincodeHeaderExtension.ChaincodeId.Name is empty');
    if (!spec) throw new ProposalError('chaincode invocation spec did not contain chaincode spec');
    if (!spec.getInput()) throw new ProposalError('chaincode input did not contain any input');
    if (id.getName() !== spec.getChaincodeId()?.getName())
      throw new ProposalError('the header and the payload of the proposal name different chaincodes');
    return { signatureHeader, missing: undefined };
  } catch (error) {
    if (error instanceof ProposalError) return { signatureHeader, missing: error.message };
    throw error;
  }
}

/**
 * What a peer checks before it runs a chaincode, in Fabric's order and words: header, creator, signature, transaction id,
 * uniqueness, and whether the creator may write to the channel, which `isSystem` chaincodes check themselves. Answers with
 * the creator. Throws ProposalRefusal.
 */
export function checkProposal(
  proposal: Proposal,
  channel: Channel,
  membership: Membership,
  isSystem = false,
): Identity {
  const { channelHeader, signatureHeader, signed, missing } = proposal;
  if (membership.hasExpired(signatureHeader.getCreator_asU8()))
    throw new ProposalRefusal('proposal client identity expired', true);
  if (missing !== undefined) throw new ProposalRefusal(missing);
  const refuse = (message: string): never => {
    throw new ProposalRefusal(`error validating proposal: ${message}`);
  };
  const type = channelHeader.getType();
  // Fabric lets CONFIG pass here, and refuses the transaction later.
  if (type !== common.HeaderType.ENDORSER_TRANSACTION && type !== common.HeaderType.CONFIG)
    refuse(`invalid header type ${headerTypeName(type)}`);
  if (channelHeader.getEpoch() !== 0) refuse('epoch is non-zero');
  if (signatureHeader.getNonce().length === 0) refuse('nonce is empty');
  if (signatureHeader.getCreator().length === 0) refuse('creator is empty');
  const expected = computeTxId(signatureHeader);
  if (proposal.txId !== expected) refuse(`incorrectly computed txid '${proposal.txId}' -- expected '${expected}'`);
  if (signed.getSignature().length === 0) refuse('empty signature bytes');
  const creator = authenticate(proposal, channel, membership, refuse);
  if (channel.store.transaction(proposal.txId))
    throw new ProposalRefusal(
      `duplicate transaction found [${proposal.txId}]. Creator [${Buffer.from(creator.bytes).toString('hex')}]`,
    );
  const denied = isSystem ? undefined : channel.policies.accessRefusal('/Channel/Application/Writers', creator);
  if (denied !== undefined) throw new ProposalRefusal(denied);
  return creator;
}

function authenticate(
  proposal: Proposal,
  channel: Channel,
  membership: Membership,
  refuse: (message: string) => never,
): Identity {
  const bytes = proposal.signatureHeader.getCreator_asU8();
  const denied = `access denied: channel [${proposal.channel}] creator org`;
  const mspId = membership.mspOf(bytes);
  if (mspId === undefined || !channel.policies.knows(mspId)) return refuse(`${denied} unknown, creator is malformed`);
  try {
    const creator = membership.identity(bytes);
    const { signed } = proposal;
    if (membership.verify(creator, signed.getProposalBytes_asU8(), signed.getSignature_asU8())) return creator;
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
  }
  return refuse(`${denied} [${mspId}]`);
}

function headerTypeName(type: number): string {
  return Object.entries(common.HeaderType).find(([, value]) => value === type)?.[0] ?? String(type);
}
