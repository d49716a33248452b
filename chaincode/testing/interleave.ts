import { parseLedgerError } from '../model/errors.ts';
import type { Endorsed } from './ledger.ts';
import type { RaceCall } from './races/calls.ts';
import type { Draw } from './races/draw.ts';
import { openPharmacies } from './races/pharmacies.ts';
import { type Heat, type Raced, race, type Told } from './races/race.ts';
import { Care, createWorld, type World } from './world.ts';

/** Ten pharmacies that all want the same prescription, on the contract with simulation, MVCC and commit. */

const pharmacies = 10;

/** A block: every call is endorsed on the state before it, and committed in an order of its own. */
async function runBlock(care: Care, calls: RaceCall[], next: Draw): Promise<Heat> {
  const { ledger } = care.world;
  const raced: Raced[] = [];
  const endorsed: { each: Endorsed; at: number; place: number }[] = [];
  for (const [place, { who, name, args, transient }] of calls.entries()) {
    try {
      endorsed.push({ each: await ledger.endorse(care.order(who, name, args, transient)), at: next(1 << 30), place });
    } catch (error) {
      // Whatever the interleaving, a refusal has a code.
      if (!(error instanceof Error) || !parseLedgerError(error.message)) throw error;
      raced[place] = { outcome: 'refused' };
    }
  }
  for (const { each, place } of endorsed.sort((a, b) => a.at - b.at)) {
    const isValid = ledger.commit(each) === 'VALID';
    raced[place] = isValid ? { outcome: 'valid', transactionId: each.call.txId } : { outcome: 'conflict' };
  }
  return { raced, onOneState: true };
}

/** So many blocks of two to four calls each of ten pharmacies, the doctor and the patient on one prescription after the other. */
export async function interleave(seed: number, rounds: number, world?: World): Promise<Told> {
  const on = world ?? (await createWorld());
  const care = new Care(on);
  return race(care, {
    ...{ seed, atOnce: 1, staff: await openPharmacies(on, pharmacies) },
    heat: (calls, next) => runBlock(care, calls, next),
    goesOn: ({ interleavings }) => interleavings < rounds,
    witnesses: [on.people.service],
  });
}
