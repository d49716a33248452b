import { randomBytes } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import type { ChaincodeConfig } from '../config.ts';
import type { SigningIdentity } from '../identity/membership.ts';
import { ReadWriteSet } from '../ledger/rwset.ts';
import type { ChannelStore } from '../ledger/store.ts';
import { computeTxId, proposalHash } from '../ledger/transaction.ts';
import { applicationPolicy, collectionPackage, committedSequence, definitionState, lifecycle } from './definition.ts';

/**
 * The transaction that commits a chaincode's definition with the next sequence, signed and endorsed as CommitChaincodeDefinition
 * of Fabric's lifecycle would be. `endorsers` are peers of the channel's organisations; the first signs as the creator.
 */
export function definitionTransaction(options: {
  store: ChannelStore;
  definition: ChaincodeConfig;
  endorsers: readonly SigningIdentity[];
}): { txId: string; sequence: number; envelope: Uint8Array } {
  const { store, definition, endorsers } = options;
  const [creator] = endorsers;
  if (!creator) throw new Error(`channel ${store.channel} has no peer that could endorse a definition`);
  const sequence = (committedSequence(store, definition.name) ?? 0) + 1;
  const results = new ReadWriteSet();
  for (const [key, value] of definitionState(definition, sequence)) {
    const present = store.state(lifecycle.namespace, key);
    results.read(lifecycle.namespace, key, present?.version);
    if (!present?.value.equals(value)) results.write(lifecycle.namespace, key, value);
  }
  const { header, txId } = transactionHeader(store.channel, creator);
  const input = proposalInput(definition, sequence);
  const action = new peer.ChaincodeAction();
  action.setResults(results.publicBytes());
  action.setChaincodeId(chaincodeId(lifecycle.version));
  const response = new peer.Response();
  response.setStatus(200);
  action.setResponse(response);
  const answer = new peer.ProposalResponsePayload();
  answer.setProposalHash(proposalHash(header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), input));
  answer.setExtension$(action.serializeBinary());
  const answerBytes = answer.serializeBinary();
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(answerBytes);
  endorsed.setEndorsementsList(endorsers.map((endorser) => endorsement(endorser, answerBytes)));
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(input);
  actionPayload.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setHeader(header.getSignatureHeader_asU8());
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([transactionAction]);
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(transaction.serializeBinary());
  const payloadBytes = payload.serializeBinary();
  const envelope = new common.Envelope();
  envelope.setPayload(payloadBytes);
  envelope.setSignature(creator.sign(payloadBytes));
  return { txId, sequence, envelope: envelope.serializeBinary() };
}

function chaincodeId(version = ''): peer.ChaincodeID {
  const id = new peer.ChaincodeID();
  id.setName(lifecycle.namespace);
  id.setVersion(version);
  return id;
}

/** A channel header with a timestamp in it, whose class the protos have of a library of their own. */
const emptyTimestamp = Uint8Array.of((3 << 3) | 2, 0);

function transactionHeader(channel: string, creator: SigningIdentity): { header: common.Header; txId: string } {
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(creator.bytes);
  signatureHeader.setNonce(randomBytes(24));
  const txId = computeTxId(signatureHeader);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId());
  const channelHeader = common.ChannelHeader.deserializeBinary(emptyTimestamp);
  channelHeader.getTimestamp()?.fromDate(new Date());
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setChannelId(channel);
  channelHeader.setTxId(txId);
  channelHeader.setExtension$(extension.serializeBinary());
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  return { header, txId };
}

/** ChaincodeProposalPayload bytes of the call that a client of Fabric would make. */
function proposalInput(definition: ChaincodeConfig, sequence: number): Uint8Array {
  const args = new peer.lifecycle.CommitChaincodeDefinitionArgs();
  args.setSequence(sequence);
  args.setName(definition.name);
  args.setVersion(definition.version);
  args.setEndorsementPlugin('escc');
  args.setValidationPlugin('vscc');
  args.setValidationParameter(applicationPolicy(definition.endorsementPolicy).serializeBinary());
  args.setCollections(collectionPackage(definition));
  const input = new peer.ChaincodeInput();
  input.setArgsList([Buffer.from('CommitChaincodeDefinition'), args.serializeBinary()]);
  const spec = new peer.ChaincodeSpec();
  spec.setType(peer.ChaincodeSpec.Type.GOLANG);
  spec.setChaincodeId(chaincodeId());
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  return payload.serializeBinary();
}

function endorsement(endorser: SigningIdentity, payload: Uint8Array): peer.Endorsement {
  const message = new peer.Endorsement();
  message.setEndorser(endorser.bytes);
  message.setSignature(endorser.sign(Buffer.concat([payload, endorser.bytes])));
  return message;
}
