import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import gateway from '@hyperledger/fabric-protos/lib/gateway/gateway_pb.js';
import identities from '@hyperledger/fabric-protos/lib/msp/identities_pb.js';
import chaincode from '@hyperledger/fabric-protos/lib/peer/chaincode_pb.js';
import proposals from '@hyperledger/fabric-protos/lib/peer/proposal_pb.js';
import { type Bytes, concat, copyBytes, equalBytes, fromUtf8, utf8 } from '../bytes.ts';
import { sha256, sha256Hex } from '../derive.ts';
import { CryptoError } from '../errors.ts';

/** The call that a person chose; the server's `LedgerCall` is one. */
export interface ExpectedCall {
  channel: string;
  contract: string;
  function: string;
  args: string[];
  transient: Record<string, Uint8Array>;
}

export interface OwnIdentity {
  /** The person's own certificate, PEM. */
  certificatePem: string;
  mspId: string;
}

export interface CheckedProposal {
  transactionId: string;
  channel: string;
  contract: string;
  /** The bytes that are signed; `signMessage` takes these and hashes them itself. */
  message: Bytes;
  /** SHA-256 of `message`, as fabric-gateway's `getDigest()` gives it with its default hash. */
  digest: Bytes;
  /** Parts that the transaction must carry again. */
  channelHeader: Bytes;
  signatureHeader: Bytes;
  /** The chaincode proposal payload without transient data, as it goes into a block. */
  payload: Bytes;
  creator: Bytes;
}

/** How far the proposal's time may be from this machine's clock: a proposal for later could be held back until then. */
const clockTolerance = 5 * 60_000;
const nonceLength = 24;

const refuse = (field: string): never => {
  throw new CryptoError('PROPOSAL_MISMATCH', field);
};

function demand(condition: boolean, field: string): asserts condition {
  if (!condition) refuse(field);
}

/**
 * Checks that serialized `gateway.ProposedTransaction` bytes are the very call that the person chose, and nothing
 * more. Field by field first, so that the error names what differs; then the one proposal that this call, nonce and
 * time make is built anew and compared byte by byte, so that nothing unknown is signed. Throws `PROPOSAL_MISMATCH`.
 */
export function checkProposal(
  bytes: Uint8Array,
  call: ExpectedCall,
  identity: OwnIdentity,
  now: number = Date.now(),
): CheckedProposal {
  const decoded = decodeProposal(bytes);
  const { proposed, channelHeader, signatureHeader, creator, timestamp } = decoded;

  demand(channelHeader.getType() === common.HeaderType.ENDORSER_TRANSACTION, 'type');
  demand(channelHeader.getChannelId() === call.channel, 'channel');
  checkChaincode(decoded, call);

  demand(creator.getMspid() === identity.mspId, 'organisation');
  demand(textOf(creator.getIdBytes_asU8()).trim() === identity.certificatePem.trim(), 'certificate');
  const nonce = signatureHeader.getNonce_asU8();
  demand(nonce.length === nonceLength, 'nonce');
  const transactionId = sha256Hex(concat(nonce, signatureHeader.getCreator_asU8()));
  demand(channelHeader.getTxId() === transactionId, 'transaction id');
  demand(proposed.getTransactionId() === transactionId, 'transaction id');

  const at = timestamp.getSeconds() * 1000 + timestamp.getNanos() / 1e6;
  demand(timestamp.getNanos() >= 0 && timestamp.getNanos() < 1e9, 'time');
  demand(Math.abs(at - now) <= clockTolerance, 'time');

  const rebuilt = buildProposal(call, decoded, transactionId);
  const message = copyBytes(proposed.getProposal()?.getProposalBytes_asU8() ?? []);
  demand(equalBytes(message, rebuilt.message), 'unknown content');
  demand(equalBytes(copyBytes(proposed.serializeBinary()), bytes), 'unknown content');
  return {
    transactionId,
    channel: call.channel,
    contract: call.contract,
    digest: sha256(message),
    creator: copyBytes(signatureHeader.getCreator_asU8()),
    ...rebuilt,
  };
}

type Decoded = ReturnType<typeof decodeProposal>;

function decodeProposal(bytes: Uint8Array) {
  try {
    const proposed = gateway.ProposedTransaction.deserializeBinary(bytes);
    const proposal = proposals.Proposal.deserializeBinary(proposed.getProposal()?.getProposalBytes_asU8() ?? bytes);
    const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    const signatureHeader = common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8());
    const creator = identities.SerializedIdentity.deserializeBinary(signatureHeader.getCreator_asU8());
    const extension = proposals.ChaincodeHeaderExtension.deserializeBinary(channelHeader.getExtension_asU8());
    const payload = proposals.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
    const invocation = chaincode.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
    const timestamp = channelHeader.getTimestamp();
    const spec = invocation.getChaincodeSpec();
    if (timestamp === undefined || spec === undefined) throw new RangeError('incomplete');
    return { proposed, channelHeader, signatureHeader, creator, extension, payload, spec, timestamp };
  } catch (cause) {
    throw new CryptoError('PROPOSAL_MISMATCH', 'not a proposal', { cause });
  }
}

function checkChaincode({ extension, spec, payload }: Decoded, call: ExpectedCall): void {
  demand(extension.getChaincodeId()?.getName() === call.contract, 'contract');
  demand(spec.getChaincodeId()?.getName() === call.contract, 'contract');
  const [name, ...args] = spec.getInput()?.getArgsList_asU8() ?? [];
  demand(name !== undefined && equalBytes(name, utf8(call.function)), 'function');
  demand(args.length === call.args.length, 'arguments');
  args.forEach((arg, index) => {
    demand(equalBytes(arg, utf8(call.args[index] ?? '')), `argument ${index + 1}`);
  });
  const transient = payload.getTransientmapMap();
  const names = Object.keys(call.transient);
  demand(transient.getLength() === names.length, 'transient data');
  for (const field of names) {
    const value = transient.get(field);
    const expected = call.transient[field];
    demand(value !== undefined && expected !== undefined, 'transient data');
    demand(equalBytes(typeof value === 'string' ? utf8(value) : value, expected), 'transient data');
  }
}

/** Builds the proposal as fabric-gateway does, from the call and the free parts (nonce, time, creator) of `decoded`. */
function buildProposal(call: ExpectedCall, decoded: Decoded, transactionId: string) {
  const chaincodeId = new chaincode.ChaincodeID();
  chaincodeId.setName(call.contract);
  const extension = new proposals.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setTxId(transactionId);
  channelHeader.setTimestamp(decoded.timestamp);
  channelHeader.setChannelId(call.channel);
  channelHeader.setExtension$(extension.serializeBinary());
  channelHeader.setEpoch(0);
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(decoded.creator.serializeBinary());
  signatureHeader.setNonce(decoded.signatureHeader.getNonce_asU8());

  const input = new chaincode.ChaincodeInput();
  input.setArgsList([call.function, ...call.args].map(utf8));
  const spec = new chaincode.ChaincodeSpec();
  spec.setType(chaincode.ChaincodeSpec.Type.NODE);
  spec.setChaincodeId(chaincodeId);
  spec.setInput(input);
  const invocation = new chaincode.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new proposals.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  const withoutTransient = copyBytes(payload.serializeBinary());
  for (const [field, value] of Object.entries(call.transient)) payload.getTransientmapMap().set(field, value);

  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  const proposal = new proposals.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  return {
    message: copyBytes(proposal.serializeBinary()),
    channelHeader: copyBytes(header.getChannelHeader_asU8()),
    signatureHeader: copyBytes(header.getSignatureHeader_asU8()),
    payload: withoutTransient,
  };
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    return refuse('certificate');
  }
}
