import { isDeepStrictEqual } from 'node:util';
import { parseLedgerError } from '../../model/errors.ts';
import type { Prescription, PrescriptionHistoryEntry } from '../../model/prescription.ts';
import type { Identity } from '../identity.ts';
import type { Care } from '../world.ts';
import { type RaceCall, RaceCalls, transferWrapOf } from './calls.ts';
import { type Draw, drawsOf } from './draw.ts';
import { faultsOf } from './faults.ts';
import type { Pharmacist } from './pharmacies.ts';

/** Pharmacies, a doctor and a patient who all want the same prescriptions, on any ledger that can bring calls at once. */

export type Raced =
  | { outcome: 'valid'; transactionId: string }
  /** `disagreed`: the peers did not answer alike, so that nothing was ordered. */
  | { outcome: 'conflict' | 'refused' | 'disagreed' };

export interface Heat {
  /** In the order of the calls. */
  raced: Raced[];
  /** Whether every call was endorsed before any was committed. */
  onOneState: boolean;
}

/** Endorses and commits calls at once; all peers have what it tells. Throws where one ends otherwise than `Raced` says. */
export type RunHeat = (calls: RaceCall[], next: Draw) => Promise<Heat>;

export interface Told {
  /** How often calls met at a prescription. */
  interleavings: number;
  committed: number;
  conflicts: number;
  refused: number;
  disagreed: number;
  dispenses: number;
  /** Each time that something stood on the ledger which never may. */
  violations: number;
  /** Those that were found first, by prescription. */
  faults: string[];
}

export interface RaceOptions {
  seed: number;
  staff: Pharmacist[];
  heat: RunHeat;
  /** Prescriptions that are raced for at a time. */
  atOnce: number;
  /** Asked before each heat. */
  goesOn: (told: Told) => boolean;
  /** Who read everything again in the end, each at the peer of the own organisation. */
  witnesses: Identity[];
}

const toldFaults = 20;
const heatsOfOne = 12;

/** A prescription that is raced for. */
interface Wanted {
  state: Prescription;
  versions: number;
  heats: number;
}

class Race {
  readonly told: Told = {
    ...{ interleavings: 0, committed: 0, conflicts: 0, refused: 0, disagreed: 0, dispenses: 0 },
    ...{ violations: 0, faults: [] },
  };
  readonly #care: Care;
  readonly #options: RaceOptions;
  readonly #next: Draw;
  readonly #calls: RaceCalls;
  #wanted: Wanted[] = [];
  readonly #left: Prescription[] = [];
  #issued = 0;

  constructor(care: Care, options: RaceOptions) {
    this.#care = care;
    this.#options = options;
    this.#next = drawsOf(options.seed);
    this.#calls = new RaceCalls(this.#next, care.world, options.staff);
  }

  async run(): Promise<Told> {
    while (this.#options.goesOn(this.told)) await this.#heat();
    await this.#lookAgain();
    return this.told;
  }

  async #heat(): Promise<void> {
    await this.#refill();
    const calls = this.#wanted.flatMap(({ state }) =>
      Array.from({ length: 2 + this.#next(3) }, () => this.#calls.on(state)),
    );
    const { raced, onOneState } = await this.#options.heat(calls, this.#next);
    if (raced.length !== calls.length) throw new Error('not every call was answered');
    for (const { outcome } of raced) {
      if (outcome === 'valid') this.told.committed += 1;
      else if (outcome === 'conflict') this.told.conflicts += 1;
      else this.told[outcome] += 1;
    }
    await Promise.all(
      this.#wanted.map((wanted) => {
        const valid = calls.flatMap((call, at) => {
          const one = raced[at];
          return call.id === wanted.state.id && one?.outcome === 'valid' ? [[one.transactionId, call] as const] : [];
        });
        return this.#look(wanted, new Map(valid), onOneState);
      }),
    );
  }

  /** Lets go of what has ended or was raced for long enough, and issues others in its place. */
  async #refill(): Promise<void> {
    const goesOn = ({ state, heats }: Wanted) =>
      state.state !== 'completed' && state.state !== 'cancelled' && heats < heatsOfOne;
    this.#left.push(...this.#wanted.filter((each) => !goesOn(each)).map(({ state }) => state));
    this.#wanted = this.#wanted.filter(goesOn);
    while (this.#wanted.length < this.#options.atOnce) {
      this.#issued += 1;
      const number = 10_000 + this.#issued;
      const terms = { quantity: 1 + this.#next(12), fills: 1 + this.#next(3) };
      const id = await this.#care.issue(number, terms);
      this.#calls.issued(id, number);
      this.#wanted.push({ state: await this.#care.read(id), versions: 1, heats: 0 });
    }
  }

  async #look(wanted: Wanted, valid: ReadonlyMap<string, RaceCall>, onOneState: boolean): Promise<void> {
    const { id, dispenses } = wanted.state;
    const { service } = this.#care.world.people;
    const state = await this.#care.read(id);
    const history = await this.#care.evaluate<PrescriptionHistoryEntry[]>(service, 'history', id);
    this.#blame(id, faultsOf({ state, history, known: wanted.versions, valid, onOneState }));
    this.#blame(id, await this.#lookAtKeys(state));
    this.told.interleavings += 1;
    this.told.dispenses += state.dispenses.length - dispenses.length;
    Object.assign(wanted, { state, versions: history.length, heats: wanted.heats + 1 });
  }

  /** The holder reads the keys of the code that counts, or what was wrapped for it; another pharmacy reads none. */
  async #lookAtKeys(state: Prescription): Promise<string[]> {
    const { staff } = this.#options;
    const other = staff[state.version % staff.length];
    const holder = staff.find(({ institution }) => institution === state.holder?.institutionId);
    const read = (who: Pharmacist, name: string) => this.#care.evaluate<unknown>(who.identity, name, state.id);
    const faults: string[] = [];
    if (holder) {
      const isTransferred = state.holder?.from !== undefined;
      const [release, transfer] = [this.#calls.releaseOf(state), { wrap: transferWrapOf(holder.institution) }];
      if (!isDeepStrictEqual(await read(holder, 'readRelease'), release)) faults.push('the holder reads the release');
      if (isTransferred && !isDeepStrictEqual(await read(holder, 'readTransfer'), transfer))
        faults.push('the holder reads what was wrapped for it');
    }
    if (other && other !== holder && !(await isRefused(read(other, 'readRelease'))))
      faults.push('nobody reads the release but the holder');
    return faults;
  }

  /** What was left is as it was left, at every witness, and no dispense counts for two prescriptions. */
  async #lookAgain(): Promise<void> {
    const all = [...this.#left, ...this.#wanted.map(({ state }) => state)];
    for (const state of all)
      for (const witness of this.#options.witnesses) {
        const seen = await this.#care.evaluate<Prescription>(witness, 'read', state.id);
        if (JSON.stringify(seen) !== JSON.stringify(state))
          this.#blame(state.id, [`as it was left, at ${witness.mspId}`]);
      }
    const dispenses = all.flatMap((state) => state.dispenses.map(({ id }) => id));
    if (new Set(dispenses).size < dispenses.length) this.#blame('all', ['each dispense on one prescription']);
  }

  #blame(id: string, faults: string[]): void {
    this.told.violations += faults.length;
    const room = Math.max(0, toldFaults - this.told.faults.length);
    this.told.faults.push(...faults.slice(0, room).map((fault) => `${id}: ${fault}`));
  }
}

/** Whether the contract refuses a call, with a code. */
async function isRefused(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (error) {
    if (error instanceof Error && parseLedgerError(error.message)) return true;
    throw error;
  }
}

/**
 * Heats of two to four calls on each of some prescriptions, a new prescription whenever one has ended, and after twelve heats.
 * What is called follows from the seed, and from how the heats before ended.
 */
export const race = (care: Care, options: RaceOptions): Promise<Told> => new Race(care, options).run();
