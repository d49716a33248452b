import { common, msp, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { readBlock } from './blocks.ts';

const garbage = Buffer.from('ff'.repeat(40), 'hex');
const { VALID, BAD_PAYLOAD, INVALID_ENDORSER_TRANSACTION } = peer.TxValidationCode;

/** Field 3 of a channel header by its bytes: the bindings bring no timestamp that they take. */
function timestampField(seconds: number): Uint8Array {
  const time = [0x08];
  for (let rest = BigInt(seconds); ; rest >>= 7n) {
    const last = rest < 128n;
    time.push(Number(rest & 127n) | (last ? 0 : 128));
    if (last) break;
  }
  return Uint8Array.from([0x1a, time.length, ...time]);
}

function envelopeOf({ txId, seconds, action }: { txId: string; seconds: number; action: Uint8Array }): Uint8Array {
  const header = new common.ChannelHeader();
  header.setType(common.HeaderType.ENDORSER_TRANSACTION);
  header.setTxId(txId);
  const outer = new common.Header();
  outer.setChannelHeader(Buffer.concat([header.serializeBinary(), timestampField(seconds)]));
  const payload = new common.Payload();
  payload.setHeader(outer);
  payload.setData(action);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}

function endorsementBy(endorser: Uint8Array): peer.Endorsement {
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(endorser);
  return endorsement;
}

function identityOf(mspId: string): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  return identity.serializeBinary();
}

function proposalOf(...args: string[]): Uint8Array {
  const input = new peer.ChaincodeInput();
  input.setArgsList(args.map((arg) => Buffer.from(arg)));
  const chaincode = new peer.ChaincodeSpec();
  chaincode.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(chaincode);
  const proposal = new peer.ChaincodeProposalPayload();
  proposal.setInput(invocation.serializeBinary());
  return proposal.serializeBinary();
}

function actionOf(contract: string, name: string, payload: string, endorsers: Uint8Array[] = []): Uint8Array {
  const event = new peer.ChaincodeEvent();
  event.setEventName(name);
  event.setPayload(Buffer.from(payload));
  const id = new peer.ChaincodeID();
  id.setName(contract);
  const result = new peer.ChaincodeAction();
  result.setChaincodeId(id);
  result.setEvents(event.serializeBinary());
  const response = new peer.ProposalResponsePayload();
  response.setExtension$(result.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(response.serializeBinary());
  endorsed.setEndorsementsList(endorsers.map(endorsementBy));
  const action = new peer.ChaincodeActionPayload();
  action.setAction(endorsed);
  action.setChaincodeProposalPayload(proposalOf('issue', '{}'));
  const one = new peer.TransactionAction();
  one.setPayload(action.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([one]);
  return transaction.serializeBinary();
}

function blockOf(...entries: [envelope: Uint8Array, code: number][]): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(7);
  const data = new common.BlockData();
  data.setDataList(entries.map(([envelope]) => envelope));
  const metadata = new common.BlockMetadata();
  const list: Uint8Array[] = [];
  list[common.BlockMetadataIndex.SIGNATURES] = new Uint8Array();
  list[common.BlockMetadataIndex.LAST_CONFIG] = new Uint8Array();
  list[common.BlockMetadataIndex.TRANSACTIONS_FILTER] = Uint8Array.from(entries.map(([, code]) => code));
  metadata.setMetadataList(list);
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

const endorsers = [identityOf('HospitalMSP'), garbage, identityOf('RegulatorMSP')];
const action = actionOf('care', 'PrescriptionChanged', '{}', endorsers);
const good: [Uint8Array, number] = [envelopeOf({ txId: 'good', seconds: 1_700_000_000, action }), VALID];

describe('a block', () => {
  it('is read as far as its transactions are valid', () => {
    const { number, transactions, unreadable } = readBlock(blockOf(good));
    expect({ number, unreadable }).toEqual({ number: 7n, unreadable: 0 });
    expect(transactions).toEqual([
      {
        ...{ transactionId: 'good', at: new Date(1_700_000_000_000), valid: true, contract: 'care' },
        endorsers: ['HospitalMSP', 'RegulatorMSP'],
        args: ['issue', '{}'].map((arg) => new Uint8Array(Buffer.from(arg))),
        event: { name: 'PrescriptionChanged', payload: new Uint8Array(Buffer.from('{}')) },
      },
    ]);
  });

  it('counts what nobody can read, and reads on', () => {
    const { transactions, unreadable } = readBlock(blockOf([garbage, BAD_PAYLOAD], good));
    expect(unreadable).toBe(1);
    expect(transactions.map(({ transactionId }) => transactionId)).toEqual(['good']);
  });

  it('reads nothing of what an invalid transaction says', () => {
    const bad = envelopeOf({ txId: 'bad', seconds: 1_700_000_000, action: garbage });
    const { transactions, unreadable } = readBlock(blockOf([bad, INVALID_ENDORSER_TRANSACTION], good));
    expect(unreadable).toBe(0);
    expect(transactions[0]).toMatchObject({ transactionId: 'bad', valid: false, contract: '' });
    expect(transactions[0]?.event).toBeUndefined();
  });

  it('has no time where the transaction names none that there is', () => {
    const bad = envelopeOf({ txId: 'bad', seconds: 9e15, action });
    expect(readBlock(blockOf([bad, BAD_PAYLOAD])).transactions).toEqual([
      { transactionId: 'bad', at: undefined, valid: false, contract: '', endorsers: [] },
    ]);
  });
});
