import { verify } from 'node:crypto';
import { hash } from '@hyperledger/fabric-gateway';
import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import gatewayMessages from '@hyperledger/fabric-protos/lib/gateway/gateway_pb.js';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../bytes.ts';
import { signMessage } from '../signingKey.ts';
import { type Answer, assembleTransaction, call, identity, newPerson, newProposal, openGateway } from './fixture.ts';
import { checkProposal } from './proposal.ts';
import { buildStatusRequest, checkStatusRequest } from './status.ts';
import { checkTransaction } from './transaction.ts';

const { gateway } = openGateway();
const refusal = (detail: string) => expect.objectContaining({ code: 'TRANSACTION_MISMATCH', detail });
const propose = () => checkProposal(newProposal(gateway).getBytes(), call, identity);
const answered = (proposal: ReturnType<typeof propose>, answer?: Answer) =>
  assembleTransaction(proposal.message, proposal.transactionId, answer).prepared;

it('signs so that the unmodified client sends verifiable bytes at every stage', async () => {
  const { key, publicKey } = await newPerson();
  const prepared = checkProposal(newProposal(gateway).getBytes(), call, identity);
  const assembled = assembleTransaction(prepared.message, prepared.transactionId);
  const endorse = new gatewayMessages.EndorseResponse();
  endorse.setPreparedTransaction(assembled.envelope);
  const committed = new gatewayMessages.CommitStatusResponse();
  committed.setBlockNumber(7);
  const answers = [endorse.serializeBinary(), new Uint8Array(), committed.serializeBinary()];
  const server = openGateway(hash.none, () => answers.shift() ?? new Uint8Array());

  // The server holds no key: it gets bytes from the client, the page checks and signs them.
  const proposalBytes = newProposal(gateway).getBytes();
  const proposal = checkProposal(proposalBytes, call, identity);
  const signature = await signMessage(key.privateKey, proposal.message);
  const endorsed = await server.gateway.newSignedProposal(proposalBytes, signature).endorse();
  const endorseRequest = gatewayMessages.EndorseRequest.deserializeBinary(server.sent[0]?.request ?? new Uint8Array());
  const signedProposal = endorseRequest.getProposedTransaction();
  expect(
    verify(
      'sha256',
      signedProposal?.getProposalBytes_asU8() ?? utf8(''),
      publicKey,
      signedProposal?.getSignature_asU8() ?? utf8(''),
    ),
  ).toBe(true);

  // The stand-in answered for `prepared`, with the id of the client's own proposal: the page must see that.
  expect(() => checkTransaction(endorsed.getBytes(), proposal)).toThrow(refusal('header'));
  const transactionBytes = assembled.prepared;
  const transaction = checkTransaction(transactionBytes, prepared);
  expect(transaction.message).toEqual(new Uint8Array(server.gateway.newTransaction(transactionBytes).getDigest()));
  expect(transaction.result).toEqual(utf8('result'));
  expect(transaction.endorsements).toBe(2);
  const signedTransaction = server.gateway.newSignedTransaction(
    transactionBytes,
    await signMessage(key.privateKey, transaction.message),
  );
  const submitted = await signedTransaction.submit();
  const submitRequest = gatewayMessages.SubmitRequest.deserializeBinary(server.sent[1]?.request ?? new Uint8Array());
  const envelope = submitRequest.getPreparedTransaction();
  expect(
    verify('sha256', envelope?.getPayload_asU8() ?? utf8(''), publicKey, envelope?.getSignature_asU8() ?? utf8('')),
  ).toBe(true);

  const signedCommit = gatewayMessages.SignedCommitStatusRequest.deserializeBinary(submitted.getBytes());
  const status = checkStatusRequest(signedCommit.getRequest_asU8(), prepared);
  expect(status.message).toEqual(new Uint8Array(submitted.getDigest()));
  const commit = server.gateway.newSignedCommit(
    submitted.getBytes(),
    await signMessage(key.privateKey, status.message),
  );
  expect((await commit.getStatus()).blockNumber).toBe(7n);
  const statusRequest = gatewayMessages.SignedCommitStatusRequest.deserializeBinary(
    server.sent[2]?.request ?? new Uint8Array(),
  );
  expect(verify('sha256', statusRequest.getRequest_asU8(), publicKey, statusRequest.getSignature_asU8())).toBe(true);
});

describe('a transaction is refused', () => {
  const answers: [string, Answer][] = [
    ['status', { status: 500 }],
    ['proposal hash', { hash: new Uint8Array(32) }],
    ['contract', { contract: 'registry' }],
    ['endorsements', { endorsements: 0 }],
    ['signature', { signature: Uint8Array.of(1) }],
    ['proposal', { keepTransient: true }],
    ['actions', { actions: 0 }],
    ['actions', { actions: 2 }],
  ];
  it.each(answers)('for its %s: %j', (detail, answer) => {
    const proposal = propose();
    expect(() => checkTransaction(answered(proposal, answer), proposal)).toThrow(refusal(detail));
  });

  it('when it answers another proposal', () => {
    const proposal = propose();
    const other = propose();
    expect(() => checkTransaction(answered(other), proposal)).toThrow(refusal('transaction id'));
    const disguised = assembleTransaction(other.message, proposal.transactionId).prepared;
    expect(() => checkTransaction(disguised, proposal)).toThrow(refusal('header'));
  });

  it('when it is none, or more than one', () => {
    const proposal = propose();
    const whole = answered(proposal);
    expect(() => checkTransaction(new Uint8Array(), proposal)).toThrow(refusal('not a transaction'));
    expect(() => checkTransaction(utf8('not protobuf'), proposal)).toThrow(refusal('not a transaction'));
    expect(() => checkTransaction(concat(whole, Uint8Array.of(0x7a, 1, 1)), proposal)).toThrow(
      refusal('unknown content'),
    );
  });

  it('when its payload hides an unknown field', () => {
    const proposal = propose();
    const { envelope } = assembleTransaction(proposal.message, proposal.transactionId);
    const hiding = new common.Envelope();
    hiding.setPayload(concat(envelope.getPayload_asU8(), Uint8Array.of(0x7a, 1, 1)));
    const prepared = new gatewayMessages.PreparedTransaction();
    prepared.setTransactionId(proposal.transactionId);
    prepared.setEnvelope(hiding);
    expect(() => checkTransaction(prepared.serializeBinary(), proposal)).toThrow(refusal('unknown content'));
  });

  it('whichever byte of the person’s own parts is changed', () => {
    const proposal = propose();
    const whole = answered(proposal);
    const found = Buffer.from(whole);
    for (const part of [proposal.channelHeader, proposal.signatureHeader, proposal.payload]) {
      const start = found.indexOf(part);
      expect(start).toBeGreaterThan(0);
      for (let offset = 0; offset < part.length; offset += 1) {
        const changed = whole.slice();
        changed[start + offset] = (changed[start + offset] ?? 0) ^ 1;
        expect(() => checkTransaction(changed, proposal), `byte ${offset}`).toThrow(
          expect.objectContaining({ code: 'TRANSACTION_MISMATCH' }),
        );
      }
    }
  });
});

describe('a status request', () => {
  it('is the one of the proposal, and no other', () => {
    const proposal = propose();
    const bytes = buildStatusRequest(proposal);
    expect(checkStatusRequest(bytes, proposal).message).toEqual(bytes);
    const mismatch = expect.objectContaining({ code: 'STATUS_MISMATCH' });
    expect(() => checkStatusRequest(buildStatusRequest(propose()), proposal)).toThrow(mismatch);
    expect(() => checkStatusRequest(concat(bytes, Uint8Array.of(0x7a, 1, 1)), proposal)).toThrow(mismatch);
    expect(() => checkStatusRequest(new Uint8Array(), proposal)).toThrow(mismatch);
  });
});
