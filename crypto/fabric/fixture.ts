/** A person, an unmodified fabric-gateway client and a stand-in for the peer, for the tests of this folder. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { connect, type Gateway, type Hash, hash } from '@hyperledger/fabric-gateway';
import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import gatewayMessages from '@hyperledger/fabric-protos/lib/gateway/gateway_pb.js';
import chaincode from '@hyperledger/fabric-protos/lib/peer/chaincode_pb.js';
import proposals from '@hyperledger/fabric-protos/lib/peer/proposal_pb.js';
import responses from '@hyperledger/fabric-protos/lib/peer/proposal_response_pb.js';
import transactions from '@hyperledger/fabric-protos/lib/peer/transaction_pb.js';
import { concat, utf8 } from '../bytes.ts';
import { sha256 } from '../derive.ts';
import { generateSigningKey, importSigningKey, type SigningKey } from '../signingKey.ts';
import type { ExpectedCall } from './proposal.ts';

export const mspId = 'HospitalMSP';
export const certificatePem =
  '-----BEGIN CERTIFICATE-----\nVGhlIGdhdGV3YXkgbmV2ZXIgcmVhZHMgaXQ=\n-----END CERTIFICATE-----\n';
export const identity = { mspId, certificatePem };

export const call: ExpectedCall = {
  channel: 'care-0',
  contract: 'care',
  function: 'issue',
  args: ['{"id":"rx-0-x"}', 'ä'],
  transient: { secrets: utf8('{"codeWrap":"x"}'), another: Uint8Array.of(0, 1, 255) },
};

/** gRPC calls that the client made: method and serialized request. */
export type Sent = { method: string; request: Uint8Array }[];

type Callback = (error: Error | null, response?: unknown) => void;

/** An unmodified client, offline: `answer` stands for the peer. */
export function openGateway(chosenHash: Hash = hash.none, answer?: (sent: Uint8Array) => Uint8Array) {
  const sent: Sent = [];
  const client = {
    makeUnaryRequest(
      method: string,
      serialize: (message: unknown) => Buffer,
      deserialize: (bytes: Buffer) => unknown,
      message: unknown,
      _options: unknown,
      callback: Callback,
    ) {
      const request = new Uint8Array(serialize(message));
      sent.push({ method, request });
      callback(null, deserialize(Buffer.from(answer?.(request) ?? [])));
    },
  };
  // The client is typed as grpc-js's class; the gateway uses this method of it.
  const options = { client: client as never, identity: { mspId, credentials: utf8(certificatePem) }, hash: chosenHash };
  return { gateway: connect(options), sent };
}

export const newProposal = (gateway: Gateway, made: ExpectedCall = call) =>
  gateway
    .getNetwork(made.channel)
    .getContract(made.contract)
    .newProposal(made.function, { arguments: made.args, transientData: made.transient });

export async function newPerson(): Promise<{ key: SigningKey; publicKey: KeyObject }> {
  const key = await importSigningKey(await generateSigningKey());
  const der = Buffer.from(await crypto.subtle.exportKey('spki', key.publicKey));
  return { key, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

export interface Answer {
  status?: number;
  hash?: Uint8Array;
  contract?: string;
  endorsements?: number;
  signature?: Uint8Array;
  keepTransient?: boolean;
  actions?: number;
}

/** What a peer's gateway assembles from a proposal and its endorsement (Fabric's protoutil.CreateTx). */
export function assembleTransaction(proposalBytes: Uint8Array, transactionId: string, answer: Answer = {}) {
  const proposal = proposals.Proposal.deserializeBinary(proposalBytes);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const payload = proposals.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
  if (!answer.keepTransient) payload.clearTransientmapMap();
  const payloadBytes = payload.serializeBinary();

  const response = new responses.Response();
  response.setStatus(answer.status ?? 200);
  response.setPayload(utf8('result'));
  const contract = new chaincode.ChaincodeID();
  contract.setName(answer.contract ?? call.contract);
  const action = new proposals.ChaincodeAction();
  action.setResults(Uint8Array.of(1, 2, 3));
  action.setResponse(response);
  action.setChaincodeId(contract);
  const responsePayload = new responses.ProposalResponsePayload();
  const hash = sha256(concat(header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), payloadBytes));
  responsePayload.setProposalHash(answer.hash ?? hash);
  responsePayload.setExtension$(action.serializeBinary());

  const endorsed = new transactions.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(responsePayload.serializeBinary());
  endorsed.setEndorsementsList(
    Array.from({ length: answer.endorsements ?? 2 }, (_, index) => {
      const endorsement = new responses.Endorsement();
      endorsement.setEndorser(utf8(`peer ${index}`));
      endorsement.setSignature(Uint8Array.of(index + 1));
      return endorsement;
    }),
  );
  const actionPayload = new transactions.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(payloadBytes);
  actionPayload.setAction(endorsed);
  const transactionAction = new transactions.TransactionAction();
  transactionAction.setHeader(header.getSignatureHeader_asU8());
  transactionAction.setPayload(actionPayload.serializeBinary());
  const transaction = new transactions.Transaction();
  transaction.setActionsList(Array.from({ length: answer.actions ?? 1 }, () => transactionAction));

  const envelopePayload = new common.Payload();
  envelopePayload.setHeader(header);
  envelopePayload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(envelopePayload.serializeBinary());
  if (answer.signature !== undefined) envelope.setSignature(answer.signature);
  const prepared = new gatewayMessages.PreparedTransaction();
  prepared.setTransactionId(transactionId);
  prepared.setEnvelope(envelope);
  return { prepared: prepared.serializeBinary(), envelope };
}
