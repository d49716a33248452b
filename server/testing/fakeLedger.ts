import { Client, credentials } from '@grpc/grpc-js';
import { StatusCode } from '@hyperledger/fabric-gateway';
import { common, gateway } from '@hyperledger/fabric-protos';
import type { Prescription, PrescriptionIssue } from '#chaincode/model/prescription.ts';
import { AppError, type ErrorCode } from '#server/errors.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { gatewayFor } from '../gateways/ledger/connections.ts';
import type { ContractCall, LedgerGateway } from '../gateways/ledger/ledger.ts';
import { commitStatusRequest, decodeProposal } from '../gateways/ledger/offline.ts';
import { newPseudonymOn, topologyOf } from '../gateways/ledger/topology.ts';
import { FakeRegistry } from './fakeRegistry.ts';

const care = ['care-0', 'care-1'];

/** The shape of the ledgers that tests run on. */
export const testProfile = {
  ledger: 'devnet' as const,
  channels: [
    {
      name: 'registry',
      kind: 'registry' as const,
      contracts: ['registry'],
      organisations: ['HospitalMSP', 'PharmacyMSP'],
    },
    ...care.map((name) => ({
      name,
      kind: 'care' as const,
      contracts: ['care'],
      organisations: ['HospitalMSP', 'PharmacyMSP'],
    })),
  ],
  withoutPeers: ['PatientMSP'],
  organisations: {},
};

/**
 * The ledgers, in memory: real proposals and real bytes, while what contracts do is the least that services can notice.
 * `fail` makes the next call of a stage fail with a code; `lose` lets a submission happen and its answer be lost.
 */
export class FakeLedger implements LedgerGateway {
  readonly prescriptions = new Map<string, Prescription>();
  readonly registry = new FakeRegistry();
  readonly standings = this.registry.standings;
  /** What the contracts of a care channel answer about an id, besides prescriptions. */
  readonly entries = new Map<string, object>();
  readonly evaluated: ContractCall[] = [];
  readonly endorsedBy: (string[] | undefined)[] = [];
  readonly failures = new Map<'evaluate' | 'endorse' | 'submit' | 'commitStatus', ErrorCode>();
  readonly redeemHashes = new Map<string, string>();
  loseAnswer = false;
  /** What is submitted while this is set stands in a block as invalid: another change came first. */
  conflict = false;
  /** Whom the ledger takes for the caller of `issue`. */
  author = `prac-${'d'.repeat(26)}`;
  blocks: Block[] = [];
  careChannels: LedgerGateway['careChannels'];
  channels: LedgerGateway['channels'];
  kindOf: LedgerGateway['kindOf'];
  contractsOf: LedgerGateway['contractsOf'];
  organisationsOf: LedgerGateway['organisationsOf'];
  careChannelOf: LedgerGateway['careChannelOf'];
  secretHolders: LedgerGateway['secretHolders'];
  readonly #client = new Client('127.0.0.1:1', credentials.createInsecure());
  readonly #committed = new Map<string, { blockNumber: bigint; valid: boolean }>();
  readonly #pending = new Map<string, { call: ContractCall; caller: string }>();

  constructor() {
    const topology = topologyOf(() => testProfile);
    this.careChannels = topology.careChannels;
    this.channels = topology.channels;
    this.kindOf = topology.kindOf;
    this.contractsOf = topology.contractsOf;
    this.organisationsOf = topology.organisationsOf;
    this.careChannelOf = topology.careChannelOf;
    this.secretHolders = topology.secretHolders;
  }

  async newPseudonym(): Promise<string> {
    return newPseudonymOn(this.careChannels());
  }

  async supplyChannelOf(gtin: string): Promise<string> {
    throw new AppError('NOT_FOUND', gtin);
  }

  servedBy(): string {
    return 'HospitalMSP';
  }

  #failing(stage: 'evaluate' | 'endorse' | 'submit' | 'commitStatus'): void {
    const code = this.failures.get(stage);
    if (code !== undefined) throw new AppError(code, `${stage} fails in this test`);
  }

  async evaluate(call: ContractCall): Promise<Uint8Array> {
    this.evaluated.push(call);
    this.#failing('evaluate');
    const [argument = ''] = call.args;
    const here = (state: Prescription | undefined) =>
      state !== undefined && this.careChannelOf(state.id) === call.channel;
    const answer = (value: unknown) => Buffer.from(JSON.stringify(value));
    if (call.function === 'read') {
      const state = this.prescriptions.get(argument);
      if (!here(state)) throw new AppError('NOT_FOUND', argument);
      return answer(state);
    }
    if (call.function === 'readMany') {
      const ids: string[] = JSON.parse(argument);
      return answer(ids.flatMap((id) => this.prescriptions.get(id) ?? []));
    }
    if (call.function === 'findByRedeemHash') {
      const state = [...this.prescriptions.values()].find(({ redeemHash }) => redeemHash === argument);
      if (!here(state)) throw new AppError('WRONG_CODE', 'unknown');
      return answer(state);
    }
    const told = this.registry.evaluate(call);
    if (told !== undefined) return answer(told);
    if (call.function.includes(':')) {
      const entry = this.entries.get(argument);
      if (entry === undefined) throw new AppError('NOT_FOUND', argument);
      return answer(entry);
    }
    throw new AppError('INTERNAL', `${call.function} is not faked`);
  }

  prepare: LedgerGateway['prepare'] = (person, call, endorsers) => {
    this.endorsedBy.push(endorsers);
    const proposal = gatewayFor(this.#client, person)
      .getNetwork(call.channel)
      .getContract(call.contract)
      .newProposal(call.function, { arguments: call.args, transientData: call.transient ?? {} });
    const transactionId = proposal.getTransactionId();
    const status = commitStatusRequest(person, call.channel, transactionId);
    return { transactionId, proposal: proposal.getBytes(), status };
  };

  endorse: LedgerGateway['endorse'] = async (person, channel, proposal) => {
    this.#failing('endorse');
    const { transactionId, contract, function: name, args } = decodeProposal(proposal);
    this.#pending.set(transactionId, { call: { channel, contract, function: name, args }, caller: person.mspId });
    const header = new common.ChannelHeader();
    header.setTxId(transactionId);
    header.setChannelId(channel);
    const outer = new common.Header();
    outer.setChannelHeader(header.serializeBinary());
    const payload = new common.Payload();
    payload.setHeader(outer);
    const envelope = new common.Envelope();
    envelope.setPayload(payload.serializeBinary());
    const prepared = new gateway.PreparedTransaction();
    prepared.setTransactionId(transactionId);
    prepared.setEnvelope(envelope);
    return prepared.serializeBinary();
  };

  submit: LedgerGateway['submit'] = async (_person, _channel, transaction) => {
    this.#failing('submit');
    const id = gateway.PreparedTransaction.deserializeBinary(transaction).getTransactionId();
    const pending = this.#pending.get(id);
    if (pending === undefined) throw new AppError('INTERNAL', 'was never endorsed');
    if (!this.conflict) this.#apply(pending.call);
    this.#committed.set(id, { blockNumber: BigInt(this.#committed.size + 1), valid: !this.conflict });
  };

  commitStatus: LedgerGateway['commitStatus'] = async (_person, _channel, status) => {
    this.#failing('commitStatus');
    const id = gateway.CommitStatusRequest.deserializeBinary(status).getTransactionId();
    const outcome = this.#committed.get(id);
    if (outcome === undefined || this.loseAnswer) throw new AppError('LEDGER_UNDECIDED', id);
    return { code: outcome.valid ? StatusCode.VALID : StatusCode.MVCC_READ_CONFLICT, ...outcome };
  };

  evaluateSigned: LedgerGateway['evaluateSigned'] = async () => Buffer.from('wrapped');

  async *followBlocks(_channel: string, next: bigint): AsyncIterable<Block> {
    for (const block of this.blocks) if (block.number >= next) yield block;
  }

  async height(): Promise<number> {
    this.#failing('evaluate');
    return this.blocks.length;
  }

  async answers(): Promise<boolean> {
    return !this.failures.has('evaluate');
  }

  close(): void {
    this.#client.close();
  }

  #apply({ function: name, args }: ContractCall): void {
    const [first = '', second = ''] = args;
    if (name === 'issue') {
      const issue: PrescriptionIssue = JSON.parse(first);
      this.prescriptions.set(issue.id, issuedState(issue, this.author));
      return;
    }
    if (this.registry.apply({ channel: 'registry', contract: 'registry', function: name, args })) return;
    const keys = this.standings.get(first)?.practitioner.keys;
    if (keys !== undefined && (name === 'linkWallet' || name === 'unlinkWallet')) {
      const others = (keys.linkedWallets ?? []).filter((address) => address !== second);
      keys.linkedWallets = name === 'linkWallet' ? [...others, second] : others;
      return;
    }
    const state = this.prescriptions.get(first);
    if (state === undefined) throw new AppError('NOT_FOUND', first);
    state.version += 1;
    if (name === 'cancel') Object.assign(state, { state: 'cancelled', reason: second });
    if (name === 'voidCode') state.codeValid = false;
    if (name === 'return') Object.assign(state, { state: 'active', holder: undefined });
    if (name === 'close') Object.assign(state, { state: 'completed', holder: undefined, reason: second });
    if (name === 'reserve') {
      const { practitionerId, institutionId } = state.holder ?? { practitionerId: '', institutionId: '' };
      state.reservation = { ...JSON.parse(second), practitionerId, institutionId, at: new Date().toISOString() };
    }
    if (name === 'releaseReservation') delete state.reservation;
    if (name === 'dispense') {
      const dispense: { id: string; quantity: number; cid: string; contentHash: string } = JSON.parse(second);
      const { practitionerId, institutionId } = state.holder ?? { practitionerId: '', institutionId: '' };
      state.dispenses.push({ ...dispense, practitionerId, institutionId, at: new Date().toISOString() });
      if (state.reservation?.dispenseId === dispense.id) delete state.reservation;
      state.left -= dispense.quantity;
      state.state = state.left === 0 ? 'completed' : 'partial';
    }
  }
}

/** What the contract keeps of an issue; its author is the tests' one doctor. */
export function issuedState(issue: PrescriptionIssue, author = `prac-${'d'.repeat(26)}`): Prescription {
  return {
    ...issue,
    author,
    authorInstitution: 'inst-north-hospital',
    authoredOn: new Date().toISOString(),
    state: 'active',
    left: issue.quantity * issue.fills,
    dispenses: [],
    codeValid: true,
    version: 1,
  };
}
