import { availableUnits } from '#chaincode/model/fills.ts';
import type { DispenseArgument, Prescription, ReservationArgument } from '#chaincode/model/prescription.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import type { PrescriptionIntent } from './kinds.ts';
import type { LifecycleIntent } from './lifecycleKinds.ts';
import {
  isKnownTo,
  refuseEnded,
  requireConcerned,
  requireHolding,
  requireUndisturbed,
  requireUnreserved,
} from './lifecyclePolicy.ts';

export type Scope = 'patient' | 'author' | 'held';

const mayList: Record<Scope, readonly Role[]> = {
  patient: ['patient', 'doctor'],
  author: ['doctor'],
  held: ['pharmacist'],
};

/** Refuses with FORBIDDEN unless the role may see such a list. */
export function allowListing(actor: Actor, scope: Scope): void {
  const allowed = Object.hasOwn(mayList, scope) ? mayList[scope] : undefined;
  if (allowed?.includes(actor.role) !== true) throw new AppError('FORBIDDEN', `${actor.role} may not list ${scope}`);
}

/** Refuses with FORBIDDEN unless the actor is a pharmacist: only pharmacies redeem codes. */
export function allowLookup(actor: Actor): void {
  if (actor.role !== 'pharmacist' || actor.institutionId === null) {
    throw new AppError('FORBIDDEN', `${actor.role} may not look up codes`);
  }
}

/**
 * True for the author, the patient (or who acts for the patient), and staff of the pharmacy that holds the prescription,
 * dispensed on it, or is offered it.
 */
export function maySee(actor: Actor, prescription: Prescription, represented: readonly string[] = []): boolean {
  switch (actor.role) {
    case 'doctor':
      return prescription.author === actor.subjectId;
    case 'patient':
      return prescription.patient === actor.subjectId || represented.includes(prescription.patient);
    case 'pharmacist':
      return (
        isKnownTo(prescription, actor.institutionId) ||
        (prescription.transfer !== undefined && prescription.transfer.to === actor.institutionId)
      );
    default:
      return false;
  }
}

/** True for the patient, the author, and staff of a pharmacy that dispensed on it. */
export function mayHaveReceipt(actor: Actor, { patient, author, dispenses }: Prescription): boolean {
  switch (actor.role) {
    case 'doctor':
      return author === actor.subjectId;
    case 'patient':
      return patient === actor.subjectId;
    case 'pharmacist':
      return dispenses.some(({ institutionId }) => institutionId === actor.institutionId);
    default:
      return false;
  }
}

/** True for the patient, the author, and staff of the very pharmacy that handed it out. */
export function mayHaveDispenseReceipt(actor: Actor, prescription: Prescription, dispenseId: string): boolean {
  const dispenses = prescription.dispenses.filter(({ id }) => id === dispenseId);
  return dispenses.length > 0 && mayHaveReceipt(actor, { ...prescription, dispenses });
}

/** All that people do with a prescription that is issued, but for what `lifecyclePolicy.ts` has. */
export type Change = Exclude<PrescriptionIntent, { kind: 'issue' } | LifecycleIntent>;

/**
 * What the contract would refuse, told before anybody signs. `prescription` is the ledger's present state. The rules
 * are the contract's; where the two differ, the contract decides.
 */
export function allowChange(
  actor: Actor,
  intent: Change,
  prescription: Prescription,
  now: Date,
  represented: readonly string[] = [],
): void {
  const { holder, validFrom } = prescription;
  switch (intent.kind) {
    case 'accept':
      refuseEnded(prescription);
      if (holder?.institutionId === actor.institutionId) throw new AppError('WRONG_STATE', 'held by one’s own already');
      if (holder !== undefined) throw new AppError('HELD_BY_ANOTHER', holder.institutionId);
      if (Date.parse(prescription.expires) <= now.getTime()) throw new AppError('EXPIRED', prescription.id);
      if (!prescription.codeValid) throw new AppError('CODE_VOID', prescription.id);
      if (validFrom !== undefined && now.getTime() < Date.parse(validFrom)) {
        throw new AppError('NOT_YET_VALID', validFrom);
      }
      if (prescription.controlled && prescription.register === undefined) {
        throw new AppError('CONTROLLED_INCOMPLETE', prescription.id);
      }
      return;
    case 'return':
    case 'close':
      requireHolding(actor, prescription);
      requireUnreserved(prescription);
      return;
    case 'releaseReservation':
      requireHolding(actor, prescription);
      return;
    case 'reserve':
      requireHolding(actor, prescription);
      allowReserving(intent.reservation, prescription, now);
      return;
    case 'dispense':
      requireHolding(actor, prescription);
      allowDispensing(intent.dispense, prescription, now);
      return;
    case 'cancel':
      requireConcerned(actor, prescription, represented);
      requireFree(prescription);
      return;
    case 'voidCode':
    case 'renewCode':
      if (prescription.patient !== actor.subjectId) throw new AppError('NOT_AUTHORISED', 'not the patient');
      requireFree(prescription);
      if (intent.kind === 'voidCode' && !prescription.codeValid) throw new AppError('CODE_VOID', prescription.id);
      if (intent.kind === 'renewCode' && Date.parse(prescription.expires) <= now.getTime()) {
        throw new AppError('EXPIRED', prescription.id);
      }
      return;
  }
}

/** COMPLETED, CANCELLED, HELD_BY_ANOTHER. */
function requireFree(prescription: Prescription): void {
  refuseEnded(prescription);
  if (prescription.holder !== undefined) throw new AppError('HELD_BY_ANOTHER', prescription.holder.institutionId);
}

/** What a reservation repeats is found out by the ledger. */
function allowReserving(
  { dispenseId, quantity }: Pick<ReservationArgument, 'dispenseId' | 'quantity'>,
  prescription: Prescription,
  now: Date,
): void {
  const { left, reservation: open } = prescription;
  if (open !== undefined && open.dispenseId !== dispenseId) {
    throw new AppError('WRONG_STATE', `open: ${open.dispenseId}`);
  }
  if (open === undefined) requireUndisturbed(prescription);
  if (quantity > left) throw new AppError('QUANTITY_EXCEEDED', `${quantity} of ${left}`);
  if (quantity > availableUnits(prescription, now)) throw new AppError('NOT_YET_VALID', `${quantity} units`);
}

/** What was reserved may be dispensed; all else leaves that alone, and waits for what others said of it. */
function allowDispensing(
  { id, quantity }: Pick<DispenseArgument, 'id' | 'quantity'>,
  prescription: Prescription,
  now: Date,
): void {
  const { left, reservation: open } = prescription;
  if (open?.dispenseId === id) return;
  const kept = open?.quantity ?? 0;
  if (quantity > left - kept) throw new AppError('QUANTITY_EXCEEDED', `${quantity} of ${left - kept}`);
  requireUndisturbed(prescription);
  if (quantity > availableUnits(prescription, now) - kept) throw new AppError('NOT_YET_VALID', `${quantity} units`);
}
