import { parseLedgerError } from '#chaincode/model/errors.ts';
import type { Identity } from '#chaincode/testing/identity.ts';
import type { Endorsed, Order, TestLedger } from '#chaincode/testing/ledger.ts';
import { AppError } from '#server/errors.ts';
import type { ContractCall } from '../gateways/ledger/ledger.ts';
import { decodeProposal } from '../gateways/ledger/offline.ts';
import { FakeLedger } from './fakeLedger.ts';

/**
 * The real contracts over state in memory, behind the portal's gateway. What they endorse is never committed, so that every call
 * finds the state as it was.
 */
export class ContractsLedger extends FakeLedger {
  /** What proposals claim as their time; the present where it is not set. */
  at: Date | undefined;
  readonly #contracts: TestLedger;
  readonly #prepared = new Map<string, ContractCall>();

  /** `people` by their certificates; `service` asks what everybody may ask. */
  constructor(contracts: TestLedger, people: readonly Identity[], service: Identity) {
    super();
    this.#contracts = contracts;
    const { prepare, endorse } = this;
    this.evaluate = async (call) => Buffer.from((await this.#ask(call, service)).result);
    this.prepare = (person, call, endorsers) => {
      const prepared = prepare(person, call, endorsers);
      this.#prepared.set(prepared.transactionId, call);
      return prepared;
    };
    const ask = (proposal: Uint8Array) => {
      const { transactionId, certificatePem } = decodeProposal(proposal);
      const call = this.#prepared.get(transactionId);
      const caller = people.find((person) => person.certificatePem === certificatePem);
      if (call === undefined || caller === undefined) throw new AppError('INTERNAL', 'was prepared for nobody here');
      return this.#ask(call, caller);
    };
    this.endorse = async (person, channel, proposal, signature) => {
      await ask(proposal);
      return endorse(person, channel, proposal, signature);
    };
    this.evaluateSigned = async (_person, _channel, proposal) => Buffer.from((await ask(proposal)).result);
  }

  async #ask({ channel, contract, function: name, args, transient = {} }: ContractCall, caller: Identity) {
    const order: Order = { channel, contract, function: name, args, transient, caller };
    return refusedAs(this.#contracts.endorse(this.at === undefined ? order : { ...order, at: this.at }));
  }
}

/** A contract's refusal as the gateway tells it. */
async function refusedAs(work: Promise<Endorsed>): Promise<Endorsed> {
  try {
    return await work;
  } catch (error) {
    const refusal = error instanceof Error ? parseLedgerError(error.message) : undefined;
    if (refusal === undefined) throw error;
    throw new AppError(refusal.code, refusal.detail, { cause: error });
  }
}
