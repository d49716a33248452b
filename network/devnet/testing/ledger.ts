import { randomBytes } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { Channel } from '../channel/channel.ts';
import { ChannelPolicies } from '../channel/policies.ts';
import type { CollectionConfig } from '../config.ts';
import { Membership, type SigningIdentity } from '../identity/membership.ts';
import { buildBlock, setValidationCodes, validationCodes } from '../ledger/block.ts';
import { ReadWriteSet } from '../ledger/rwset.ts';
import { ChannelStore } from '../ledger/store.ts';
import { computeTxId, proposalHash } from '../ledger/transaction.ts';
import { createOrganisation, enrol } from './organisations.ts';

const chaincode = { name: 'probe', version: '1.0' };

function collection(name: string, blockToLive: number): CollectionConfig {
  const policy = "OR('AlphaMSP.member', 'BetaMSP.member')";
  return {
    name,
    policy,
    requiredPeerCount: 0,
    maxPeerCount: 1,
    blockToLive,
    memberOnlyRead: true,
    memberOnlyWrite: true,
  };
}

/** A transaction as a client would submit it, with what its endorsers have made of it. */
export interface TestTransaction {
  txId: string;
  envelope: Uint8Array;
  /** TxReadWriteSet bytes. */
  results: Uint8Array;
  /** TxPvtReadWriteSet bytes. */
  privateWrites: Uint8Array;
}

/** One channel and its store, without chaincode: a test writes the read-write sets itself, and may endorse them badly. */
export class TestLedger {
  readonly channel: Channel;
  readonly membership: Membership;
  readonly client: SigningIdentity;
  readonly peers: readonly SigningIdentity[];
  /** Root certificate of the orderer of a ledger that `open` made. */
  readonly ordererRootPem: string;

  private constructor(parts: Omit<TestLedger, 'transaction' | 'keep' | 'commit'>) {
    this.channel = parts.channel;
    this.membership = parts.membership;
    this.client = parts.client;
    this.peers = parts.peers;
    this.ordererRootPem = parts.ordererRootPem;
  }

  /** Writes to a channel of a node in this process, with the keys of its peers and of a client. */
  static over(channel: Channel, membership: Membership, client: SigningIdentity, peers: SigningIdentity[]): TestLedger {
    return new TestLedger({ channel, membership, client, peers, ordererRootPem: '' });
  }

  static async open(folder: string): Promise<TestLedger> {
    const alpha = await createOrganisation('AlphaMSP', false);
    const beta = await createOrganisation('BetaMSP', false);
    const organisations = [alpha, beta];
    const membership = new Membership(organisations.map(({ mspId, ca }) => ({ mspId, rootCertPem: ca.certPem })));
    const signing = async (organisation: typeof alpha, unit: 'client' | 'peer' | 'orderer') => {
      const { mspId, certPem, keyPem } = await enrol(organisation, unit);
      return membership.signingIdentity(mspId, certPem, keyPem);
    };
    const orderer = await signing(alpha, 'orderer');
    const mspIds = organisations.map(({ mspId }) => mspId);
    const policies = new ChannelPolicies(
      {
        name: 'one',
        organisations: mspIds,
        chaincodes: [
          {
            ...chaincode,
            endorsementPolicy: "AND('AlphaMSP.peer', 'BetaMSP.peer')",
            collections: [collection('secrets', 0), collection('others', 0), collection('fleeting', 1)],
            addresses: Object.fromEntries(mspIds.map((mspId) => [mspId, '127.0.0.1:1'])),
          },
        ],
      },
      organisations,
    );
    const store = await ChannelStore.open(folder, policies.name, () => {
      const envelopes = [Buffer.from('genesis')];
      const block = buildBlock({ number: 0, previousHash: new Uint8Array(), envelopes, orderer, lastConfig: 0 });
      setValidationCodes(block, [0]);
      return { block, state: [] };
    });
    const batching = { timeoutMs: 5, maxMessageCount: 500 };
    const channel = new Channel({ policies, store, membership, orderer, batching });
    const peers = [await signing(alpha, 'peer'), await signing(beta, 'peer')];
    const client = await signing(alpha, 'client');
    return new TestLedger({ channel, membership, client, peers, ordererRootPem: alpha.ca.certPem });
  }

  /** A transaction that writes what `write` puts into its set. One nonce gives one id, whatever is written. */
  transaction(
    write: (set: ReadWriteSet) => void,
    options: {
      nonce?: Uint8Array;
      endorsers?: readonly SigningIdentity[];
      alter?: (header: common.ChannelHeader) => void;
    } = {},
  ): TestTransaction {
    const { nonce = randomBytes(24), endorsers = this.peers, alter = () => {} } = options;
    const set = new ReadWriteSet();
    write(set);
    const results = set.publicBytes();
    const header = this.#header(nonce, alter);
    const input = new peer.ChaincodeProposalPayload().serializeBinary();
    const response = new peer.ProposalResponsePayload();
    response.setProposalHash(proposalHash(header.getChannelHeader_asU8(), header.getSignatureHeader_asU8(), input));
    response.setExtension$(action(results));
    const endorsed = new peer.ChaincodeEndorsedAction();
    endorsed.setProposalResponsePayload(response.serializeBinary());
    endorsed.setEndorsementsList(endorsers.map((endorser) => endorsement(endorser, response.serializeBinary())));
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
    const envelope = new common.Envelope();
    envelope.setPayload(payload.serializeBinary());
    envelope.setSignature(this.client.sign(payload.serializeBinary()));
    return {
      txId: common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()).getTxId(),
      envelope: envelope.serializeBinary(),
      results,
      privateWrites: set.privateBytes() ?? new Uint8Array(),
    };
  }

  #header(nonce: Uint8Array, alter: (header: common.ChannelHeader) => void): common.Header {
    const signatureHeader = new common.SignatureHeader();
    signatureHeader.setCreator(this.client.bytes);
    signatureHeader.setNonce(nonce);
    const id = new peer.ChaincodeID();
    id.setName(chaincode.name);
    const extension = new peer.ChaincodeHeaderExtension();
    extension.setChaincodeId(id);
    const channelHeader = new common.ChannelHeader();
    channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
    channelHeader.setChannelId(this.channel.name);
    channelHeader.setTxId(computeTxId(signatureHeader));
    channelHeader.setExtension$(extension.serializeBinary());
    alter(channelHeader);
    const header = new common.Header();
    header.setChannelHeader(channelHeader.serializeBinary());
    header.setSignatureHeader(signatureHeader.serializeBinary());
    return header;
  }

  /** As the gateway does it when it has the endorsements. */
  keep({ txId, results, privateWrites }: TestTransaction): Promise<void> {
    return this.channel.store.kept.keep(txId, results, privateWrites);
  }

  /** Orders transactions into one block and answers with their validation codes. */
  async commit(...transactions: readonly TestTransaction[]): Promise<number[]> {
    const number = this.channel.store.height;
    for (const { envelope } of transactions) this.channel.order(envelope);
    await new Promise<void>((resolve, reject) => {
      this.channel.events.once('block', resolve).once('failure', reject);
    });
    const block = this.channel.store.block(number);
    if (!block) throw new Error(`no block ${number}`);
    return [...validationCodes(block)];
  }
}

function action(results: Uint8Array): Uint8Array {
  const id = new peer.ChaincodeID();
  id.setName(chaincode.name);
  id.setVersion(chaincode.version);
  const message = new peer.ChaincodeAction();
  message.setResults(results);
  message.setChaincodeId(id);
  return message.serializeBinary();
}

function endorsement(endorser: SigningIdentity, payload: Uint8Array): peer.Endorsement {
  const message = new peer.Endorsement();
  message.setEndorser(endorser.bytes);
  message.setSignature(endorser.sign(Buffer.concat([payload, endorser.bytes])));
  return message;
}
