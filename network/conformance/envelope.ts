import { Metadata, type requestCallback } from '@grpc/grpc-js';
import type { Transaction } from '@hyperledger/fabric-gateway';
import { common, gateway, msp, peer } from '@hyperledger/fabric-protos';
import { signerOf } from '../devnet/testing/client.ts';
import type { Ledger, Member } from './ledger.ts';
import type { Credential } from './profile.ts';

/** An endorsed transaction taken apart, to be changed and put together again. */
export interface TransactionParts {
  channelHeader: common.ChannelHeader;
  signatureHeader: common.SignatureHeader;
  /** ChaincodeProposalPayload bytes, without transient data. */
  input: Uint8Array;
  response: peer.ProposalResponsePayload;
  endorsements: peer.Endorsement[];
  /** The header of the action, a copy of the signature header; null for no action at all. */
  actionHeader: Uint8Array | null;
}

/** The payload of an endorsed transaction after a change that its endorsers did not see. */
export function altered(endorsed: Transaction, change: (parts: TransactionParts) => void): Uint8Array {
  const prepared = gateway.PreparedTransaction.deserializeBinary(endorsed.getBytes());
  const payload = common.Payload.deserializeBinary(prepared.getEnvelope()?.getPayload_asU8() ?? new Uint8Array());
  const header = payload.getHeader() ?? new common.Header();
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array());
  const endorsedAction = actionPayload.getAction() ?? new peer.ChaincodeEndorsedAction();
  const parts: TransactionParts = {
    channelHeader: common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()),
    signatureHeader: common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()),
    input: actionPayload.getChaincodeProposalPayload_asU8(),
    response: peer.ProposalResponsePayload.deserializeBinary(endorsedAction.getProposalResponsePayload_asU8()),
    endorsements: endorsedAction.getEndorsementsList(),
    actionHeader: action?.getHeader_asU8() ?? null,
  };
  change(parts);
  header.setChannelHeader(parts.channelHeader.serializeBinary());
  header.setSignatureHeader(parts.signatureHeader.serializeBinary());
  endorsedAction.setProposalResponsePayload(parts.response.serializeBinary());
  endorsedAction.setEndorsementsList(parts.endorsements);
  actionPayload.setChaincodeProposalPayload(parts.input);
  actionPayload.setAction(endorsedAction);
  const transaction = new peer.Transaction();
  if (parts.actionHeader !== null) {
    const changed = new peer.TransactionAction();
    changed.setHeader(parts.actionHeader);
    changed.setPayload(actionPayload.serializeBinary());
    transaction.setActionsList([changed]);
  }
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  return payload.serializeBinary();
}

/** Signs a payload as the credential does and hands it to the orderer through Alpha's gateway, unseen by fabric-gateway. */
export async function submitPayload(
  ledger: Ledger,
  payload: Uint8Array,
  credential: Credential = ledger.identity('alpha'),
  sign = signerOf(credential),
): Promise<void> {
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(await sign(payload));
  const request = new gateway.SubmitRequest();
  request.setChannelId('one');
  request.setPreparedTransaction(envelope);
  const { grpc } = ledger.client('alpha');
  await new Promise<void>((resolve, reject) => {
    const answer: requestCallback<unknown> = (error) => (error ? reject(error) : resolve());
    const bytes = (message: gateway.SubmitRequest) => Buffer.from(message.serializeBinary());
    grpc.makeUnaryRequest('/gateway.Gateway/Submit', bytes, (answered) => answered, request, new Metadata(), answer);
  });
}

/** What became of a transaction by its id, asked by a client of the channel. */
export async function statusOf(
  ledger: Ledger,
  txId: string,
  options: { member?: Member; channel?: string; deadline?: number } = {},
) {
  const { member = 'alpha', channel = 'one', deadline } = options;
  const { mspId, certPem } = ledger.identity(member);
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certPem));
  const request = new gateway.CommitStatusRequest();
  request.setTransactionId(txId);
  request.setChannelId(channel);
  request.setIdentity(identity.serializeBinary());
  const signed = new gateway.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  const commit = ledger.client(member).gateway.newCommit(signed.serializeBinary());
  return commit.getStatus(deadline === undefined ? {} : { deadline });
}
