import { parseLedgerError } from '../model/errors.ts';
import type { Prescription } from '../model/prescription.ts';
import { createIdentity, type Identity } from './identity.ts';
import type { Endorsed } from './ledger.ts';
import { dispenseOf, packedDispenseOf, redeemKeyOf, reservationOf, serial, validLicence } from './samples.ts';
import { Care, createWorld, submitToRegistry, type World } from './world.ts';

/** Ten pharmacies that all want the same prescriptions, on the contract with simulation, MVCC and commit. */

const pharmacies = 10;

export interface Interleaved {
  /** Blocks of which the transactions were endorsed on the same state and committed in another order. */
  interleavings: number;
  committed: number;
  conflicts: number;
  refused: number;
  /** Each time that something stood on the ledger which never may. */
  violations: number;
}

/** The same numbers from the same seed (mulberry32). */
function numbersOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Pharmacist {
  institution: string;
  identity: Identity;
}

async function openPharmacy(world: World, number: number): Promise<Pharmacist> {
  const institution = `inst-racing-pharmacy-${number}`;
  const { PharmacyMSP, RegulatorMSP } = world.registrars;
  const proposal = { id: institution, kind: 'pharmacy', mspId: 'PharmacyMSP', name: `Pharmacy ${number}` };
  await submitToRegistry(world, PharmacyMSP, 'proposeInstitution', JSON.stringify(proposal));
  await submitToRegistry(world, RegulatorMSP, 'admitInstitution', institution);
  const id = `prac-${serial(5_000 + number)}`;
  const identity = await createIdentity('PharmacyMSP', { role: 'pharmacist', subject: id });
  const registration = { id, institutionId: institution, role: 'pharmacist', licence: validLicence() };
  await submitToRegistry(world, PharmacyMSP, 'registerPractitioner', JSON.stringify(registration));
  await submitToRegistry(world, PharmacyMSP, 'enrolKeys', id, JSON.stringify(identity.keys));
  return { institution, identity };
}

/** One call of somebody, of what may be tried in any state. */
function stepOf(next: (below: number) => number, world: World, staff: Pharmacist[], { id, ...state }: Prescription) {
  const any = staff[next(staff.length)] ?? staff[0];
  const held = staff.find(({ institution }) => institution === state.holder?.institutionId);
  const offered = staff.find(({ institution }) => institution === state.transfer?.to);
  const acting = (next(4) > 0 ? held : undefined) ?? any;
  if (!any || !acting) throw new Error('there is no pharmacy');
  const quantity = 1 + next(6);
  const seed = 1 + next(60);
  const own = state.reservation;
  const call = (who: Identity, name: string, args: string[], transient: Record<string, Uint8Array> = {}) => ({
    ...{ who, name, args: [id, ...args], transient },
  });
  const accept = () => call(any.identity, 'accept', [], { redeemKey: redeemKeyOf(numberOf(id)).key });
  const steps = [
    accept,
    accept,
    () => call(acting.identity, 'dispense', [JSON.stringify(dispenseOf(seed, quantity))]),
    () =>
      call(acting.identity, 'dispense', [
        JSON.stringify(
          own ? { ...packedDispenseOf(seed, own.quantity), id: own.dispenseId } : dispenseOf(seed, quantity),
        ),
      ]),
    () => call(acting.identity, 'reserve', [JSON.stringify(reservationOf(seed, quantity))]),
    () => call(acting.identity, 'releaseReservation', [own?.dispenseId ?? dispenseOf(seed, 1).id]),
    () => call(acting.identity, 'return', []),
    () =>
      call(acting.identity, 'offerTransfer', [JSON.stringify({ to: any.institution })], {
        transferWrap: Buffer.from('wrapped'),
      }),
    () => call((offered ?? any).identity, 'acceptTransfer', []),
    () => call(acting.identity, 'withdrawTransfer', []),
    () => call(world.people.patient, 'refuseTransfer', []),
    () => call(next(2) > 0 ? world.people.doctor : world.people.patient, 'requestCancel', ['not wanted']),
    () => call(acting.identity, 'answerCancel', [next(3) > 0 ? 'refuse' : 'cancel', 'as asked']),
    () => (next(6) > 0 ? accept() : call(world.people.doctor, 'cancel', ['wrong dose'])),
    () => (next(6) > 0 ? accept() : call(acting.identity, 'close', ['not needed'])),
  ];
  return (steps[next(steps.length)] ?? accept)();
}

/** The issue's own number, of which the access code is made. */
const numbers = new Map<string, number>();
const numberOf = (id: string): number => numbers.get(id) ?? 0;

/** What must hold of two states with a block between, of which `valid` transactions counted. */
function faultsOf(before: Prescription, after: Prescription, valid: number): number {
  const total = after.quantity * after.fills;
  const dispensed = after.dispenses.reduce((sum, { quantity }) => sum + quantity, 0);
  const isHeld = after.state === 'accepted' || after.state === 'partial';
  const ids = new Set(after.dispenses.map(({ id }) => id));
  const rules = [
    // Never two holders: of those who were endorsed on the same state, one counts.
    valid <= 1 && after.version - before.version === valid,
    dispensed <= total && after.left === total - dispensed,
    (after.holder !== undefined) === isHeld,
    (after.reservation?.quantity ?? 0) <= after.left && (after.reservation === undefined || isHeld),
    after.left > 0 || after.state === 'completed',
    ids.size === after.dispenses.length,
    before.dispenses.every(({ id }, at) => after.dispenses[at]?.id === id),
    isHeld || (after.transfer === undefined && after.holdNotice === undefined),
  ];
  return rules.filter((holds) => !holds).length;
}

/**
 * So many blocks of two to four calls each of ten pharmacies, the doctor and the patient, every one endorsed on the state before
 * its block and committed in an order of its own; a new prescription whenever one has ended, and every twelve blocks.
 */
export async function interleave(seed: number, rounds: number, world?: World): Promise<Interleaved> {
  const on = world ?? (await createWorld());
  const care = new Care(on);
  const next = numbersOf(seed);
  const staff: Pharmacist[] = [];
  for (let number = 0; number < pharmacies; number += 1) staff.push(await openPharmacy(on, number));
  const told: Interleaved = { interleavings: 0, committed: 0, conflicts: 0, refused: 0, violations: 0 };
  let state: Prescription | undefined;
  for (let round = 0; round < rounds; round += 1) {
    if (state === undefined || state.state === 'completed' || state.state === 'cancelled' || round % 12 === 0) {
      const number = 10_000 + round;
      const id: string = await care.issue(number, { quantity: 1 + next(12), fills: 1 + next(3) });
      numbers.set(id, number);
      state = await care.read(id);
    }
    const before: Prescription = state;
    const endorsed: Endorsed[] = [];
    for (let count = 2 + next(3); count > 0; count -= 1) {
      const { who, name, args, transient } = stepOf(next, on, staff, before);
      try {
        endorsed.push(await on.ledger.endorse(care.order(who, name, args, transient)));
      } catch (error) {
        // Whatever the interleaving, a refusal has a code.
        if (!(error instanceof Error) || !parseLedgerError(error.message)) throw error;
        told.refused += 1;
      }
    }
    const order = endorsed.map((each) => ({ each, at: next(1 << 30) })).sort((a, b) => a.at - b.at);
    const codes = order.map(({ each }) => on.ledger.commit(each));
    const valid = codes.filter((code) => code === 'VALID').length;
    state = await care.read(before.id);
    told.interleavings += 1;
    told.committed += valid;
    told.conflicts += codes.length - valid;
    told.violations += faultsOf(before, state, valid);
  }
  return told;
}
