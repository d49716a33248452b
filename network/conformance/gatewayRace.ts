import { StatusCode, type Transaction } from '@hyperledger/fabric-gateway';
import { parseLedgerError } from '#chaincode/model/errors.ts';
import type { RaceCall } from '#chaincode/testing/races/calls.ts';
import type { Draw } from '#chaincode/testing/races/draw.ts';
import { openPharmacies } from '#chaincode/testing/races/pharmacies.ts';
import { type Heat, type Raced, race, type Told } from '#chaincode/testing/races/race.ts';
import { Care, populate } from '#chaincode/testing/world.ts';
import type { Consortium } from './consortium.ts';
import { GatewayLedger } from './gatewayLedger.ts';

/** Ten pharmacies that want the same prescriptions at the same time, each through its own client of a running network. */

const pharmacies = 10;
const atOnce = 4;
const conflicts: number[] = [StatusCode.MVCC_READ_CONFLICT, StatusCode.PHANTOM_READ_CONFLICT];

class GatewayRace {
  readonly #ledger: GatewayLedger;
  readonly #care: Care;

  constructor(ledger: GatewayLedger, care: Care) {
    this.#ledger = ledger;
    this.#care = care;
  }

  /** Half of the heats endorse everything before anything is submitted; in the others each goes its way. */
  run(calls: RaceCall[], next: Draw): Promise<Heat> {
    return next(2) > 0 ? this.#together(calls) : this.#eachForItself(calls);
  }

  async #together(calls: RaceCall[]): Promise<Heat> {
    const endorsed = await Promise.all(calls.map((call) => this.#endorse(call)));
    const raced = await Promise.all(
      endorsed.map((each, at) => ('outcome' in each ? each : this.#settle(calls[at], each))),
    );
    return { raced, onOneState: true };
  }

  /** Two lanes for each prescription: what comes second in a lane may meet a block that the others have made. */
  async #eachForItself(calls: RaceCall[]): Promise<Heat> {
    const raced: Raced[] = [];
    const lanes = Map.groupBy(calls.entries(), ([at, { id }]) => `${id} ${at % 2}`);
    await Promise.all(
      [...lanes.values()].map(async (lane) => {
        for (const [at, call] of lane) {
          const endorsed = await this.#endorse(call);
          raced[at] = 'outcome' in endorsed ? endorsed : await this.#settle(call, endorsed);
        }
      }),
    );
    return { raced, onOneState: false };
  }

  async #endorse({ who, name, args, transient }: RaceCall): Promise<Transaction | Raced> {
    try {
      return await this.#ledger.propose(this.#care.order(who, name, args, transient));
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      if (parseLedgerError(message)) return { outcome: 'refused' };
      // A peer had a block that another did not have yet.
      if (message.includes('ProposalResponsePayloads do not match')) return { outcome: 'disagreed' };
      throw error;
    }
  }

  async #settle(call: RaceCall | undefined, transaction: Transaction): Promise<Raced> {
    if (!call) throw new Error('no call');
    const code = await this.#ledger.settle(call.who, transaction);
    if (code === StatusCode.VALID) return { outcome: 'valid', transactionId: transaction.getTransactionId() };
    if (conflicts.includes(code)) return { outcome: 'conflict' };
    throw new Error(`${call.name} of ${call.id}: validation code ${code}`);
  }
}

/** Registers everybody on a fresh network, and races for four prescriptions at a time for as long as `goesOn` says. */
export async function raceOn(
  consortium: Consortium,
  options: { seed: number; goesOn: (told: Told) => boolean },
): Promise<Told> {
  const ledger = new GatewayLedger(consortium);
  const enrol = (mspId: string, attributes: Record<string, string>) => ledger.enrol(mspId, attributes);
  const world = await populate(ledger, enrol);
  const care = new Care(world);
  const heats = new GatewayRace(ledger, care);
  const { HospitalMSP, PharmacyMSP, RegulatorMSP } = world.registrars;
  return race(care, {
    ...{ ...options, atOnce, staff: await openPharmacies(world, pharmacies, enrol) },
    heat: (calls, next) => heats.run(calls, next),
    witnesses: [HospitalMSP, PharmacyMSP, RegulatorMSP],
  });
}
