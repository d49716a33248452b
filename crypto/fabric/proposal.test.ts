import { hash } from '@hyperledger/fabric-gateway';
import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import gatewayMessages from '@hyperledger/fabric-protos/lib/gateway/gateway_pb.js';
import chaincode from '@hyperledger/fabric-protos/lib/peer/chaincode_pb.js';
import proposals from '@hyperledger/fabric-protos/lib/peer/proposal_pb.js';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../bytes.ts';
import { sha256Hex } from '../derive.ts';
import { call, identity, newProposal, openGateway } from './fixture.ts';
import { checkProposal, type ExpectedCall } from './proposal.ts';

const { gateway } = openGateway();
const refusal = (detail: string) => expect.objectContaining({ code: 'PROPOSAL_MISMATCH', detail });

/** Takes a proposal apart, lets `change` alter its parts, and joins them again with a matching transaction id. */
function altered(change: (parts: ReturnType<typeof takeApart>) => void, keepTransactionId = false): Uint8Array {
  const parts = takeApart(newProposal(gateway).getBytes());
  change(parts);
  const { proposed, channelHeader, signatureHeader, payload, invocation } = parts;
  if (!keepTransactionId) {
    const id = sha256Hex(concat(signatureHeader.getNonce_asU8(), signatureHeader.getCreator_asU8()));
    channelHeader.setTxId(id);
    proposed.setTransactionId(id);
  }
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(signatureHeader.serializeBinary());
  payload.setInput(invocation.serializeBinary());
  const proposal = new proposals.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  proposal.setExtension$(parts.extra);
  proposed.getProposal()?.setProposalBytes(concat(proposal.serializeBinary(), parts.unknown));
  return proposed.serializeBinary();
}

function takeApart(bytes: Uint8Array) {
  const proposed = gatewayMessages.ProposedTransaction.deserializeBinary(bytes);
  const proposal = proposals.Proposal.deserializeBinary(proposed.getProposal()?.getProposalBytes_asU8() ?? bytes);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const payload = proposals.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
  const invocation = chaincode.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
  const spec = invocation.getChaincodeSpec();
  if (spec === undefined) throw new Error('no spec');
  return {
    proposed,
    channelHeader: common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()),
    signatureHeader: common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()),
    payload,
    invocation,
    spec,
    extra: new Uint8Array(),
    unknown: new Uint8Array(),
  };
}

describe('a proposal of the unmodified client', () => {
  it('passes, and is the bytes that the client has signed', () => {
    const proposal = newProposal(gateway);
    const checked = checkProposal(proposal.getBytes(), call, identity);
    expect(checked.transactionId).toBe(proposal.getTransactionId());
    expect(checked.message).toEqual(new Uint8Array(proposal.getDigest()));
  });

  it("has the digest that the client's own SHA-256 gives", () => {
    const hashing = openGateway(hash.sha256).gateway;
    const proposal = newProposal(hashing);
    expect(checkProposal(proposal.getBytes(), call, identity).digest).toEqual(new Uint8Array(proposal.getDigest()));
  });

  it('passes without arguments and transient data, and with endorsing organisations', () => {
    const plain = { ...call, function: 'listInstitutions', args: [], transient: {} };
    expect(checkProposal(newProposal(gateway, plain).getBytes(), plain, identity).channel).toBe('care-0');
    const chosen = gateway
      .getNetwork(call.channel)
      .getContract(call.contract)
      .newProposal(call.function, {
        arguments: call.args,
        transientData: call.transient,
        endorsingOrganizations: ['HospitalMSP', 'PharmacyMSP'],
      });
    expect(checkProposal(chosen.getBytes(), call, identity).transactionId).toBe(chosen.getTransactionId());
  });
});

describe('a proposal is refused', () => {
  const others: [string, Partial<ExpectedCall>][] = [
    ['channel', { channel: 'care-1' }],
    ['contract', { contract: 'registry' }],
    ['function', { function: 'cancel' }],
    ['arguments', { args: [call.args[0] ?? ''] }],
    ['arguments', { args: [...call.args, ''] }],
    ['argument 1', { args: ['{"id":"rx-0-y"}', 'ä'] }],
    ['argument 2', { args: [call.args[0] ?? '', 'a'] }],
    ['transient data', { transient: {} }],
    ['transient data', { transient: { ...call.transient, secrets: utf8('{"codeWrap":"y"}') } }],
    ['transient data', { transient: { ...call.transient, extra: utf8('x') } }],
    ['transient data', { transient: { secrets: call.transient.secrets ?? utf8(''), other: Uint8Array.of(0, 1, 255) } }],
  ];
  it.each(others)('for another %s than chosen: %j', (detail, change) => {
    const made = newProposal(gateway, { ...call, ...change }).getBytes();
    expect(() => checkProposal(made, call, identity)).toThrow(refusal(detail));
  });

  it('for another person or organisation', () => {
    const bytes = newProposal(gateway).getBytes();
    expect(() => checkProposal(bytes, call, { ...identity, mspId: 'PharmacyMSP' })).toThrow(refusal('organisation'));
    expect(() => checkProposal(bytes, call, { ...identity, certificatePem: 'other' })).toThrow(refusal('certificate'));
  });

  it('for another time', () => {
    const bytes = newProposal(gateway).getBytes();
    const tenMinutes = 10 * 60_000;
    expect(() => checkProposal(bytes, call, identity, Date.now() + tenMinutes)).toThrow(refusal('time'));
    expect(() => checkProposal(bytes, call, identity, Date.now() - tenMinutes)).toThrow(refusal('time'));
  });

  const hidden: [string, string, Parameters<typeof altered>[0]][] = [
    ['type', 'a configuration update', (parts) => parts.channelHeader.setType(common.HeaderType.CONFIG_UPDATE)],
    ['unknown content', 'an epoch', (parts) => parts.channelHeader.setEpoch(1)],
    ['unknown content', 'a version', (parts) => parts.channelHeader.setVersion(1)],
    ['unknown content', 'a TLS hash', (parts) => parts.channelHeader.setTlsCertHash(Uint8Array.of(1))],
    ['unknown content', 'an extension', (parts) => Object.assign(parts, { extra: Uint8Array.of(1) })],
    ['unknown content', 'an unknown field', (parts) => Object.assign(parts, { unknown: Uint8Array.of(0x7a, 1, 1) })],
    ['unknown content', 'another chaincode type', (parts) => parts.spec.setType(chaincode.ChaincodeSpec.Type.GOLANG)],
    ['unknown content', 'an initialising call', (parts) => parts.spec.getInput()?.setIsInit(true)],
    ['unknown content', 'decorations', (parts) => parts.spec.getInput()?.getDecorationsMap().set('a', 'b')],
    ['unknown content', 'a chaincode version', (parts) => parts.spec.getChaincodeId()?.setVersion('2')],
    ['nonce', 'a short nonce', (parts) => parts.signatureHeader.setNonce(Uint8Array.of(1))],
    ['contract', 'a chaincode other than the header says', (parts) => parts.spec.getChaincodeId()?.setName('registry')],
  ];
  it.each(hidden)('for %s: %s', (detail, _, change) => {
    expect(() => checkProposal(altered(change), call, identity)).toThrow(refusal(detail));
  });

  it('for a transaction id that is not that of nonce and creator', () => {
    const other = 'a'.repeat(64);
    const inHeader = altered((parts) => parts.channelHeader.setTxId(other), true);
    const outside = altered((parts) => parts.proposed.setTransactionId(other), true);
    expect(() => checkProposal(inHeader, call, identity)).toThrow(refusal('transaction id'));
    expect(() => checkProposal(outside, call, identity)).toThrow(refusal('transaction id'));
  });

  it('for bytes that are none, or more than one', () => {
    const bytes = newProposal(gateway).getBytes();
    expect(() => checkProposal(new Uint8Array(), call, identity)).toThrow(refusal('not a proposal'));
    expect(() => checkProposal(utf8('not protobuf'), call, identity)).toThrow(refusal('not a proposal'));
    expect(() => checkProposal(concat(bytes, Uint8Array.of(0x7a, 1, 1)), call, identity)).toThrow(
      refusal('unknown content'),
    );
  });

  it('whichever byte of what would be signed is changed, unless it is only nonce or time', () => {
    const proposal = newProposal(gateway);
    const whole = proposal.getBytes();
    const checked = checkProposal(whole, call, identity);
    const start = Buffer.from(whole).indexOf(checked.message);
    for (let position = start; position < start + checked.message.length; position += 1) {
      const changed = whole.slice();
      changed[position] = (changed[position] ?? 0) ^ 1;
      let passed = false;
      try {
        checkProposal(changed, call, identity);
        passed = true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'PROPOSAL_MISMATCH' });
      }
      // With the transaction id fixed, the one free part is the time, within the tolerance.
      if (passed) {
        const parts = takeApart(changed).channelHeader;
        parts.setTimestamp(takeApart(whole).channelHeader.getTimestamp());
        expect(parts.serializeBinary(), `byte ${position}`).toEqual(takeApart(whole).channelHeader.serializeBinary());
      }
    }
  });
});
