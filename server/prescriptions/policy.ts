import type { Prescription } from '#chaincode/model/prescription.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import type { PrescriptionIntent } from './kinds.ts';
import type { LifecycleIntent } from './lifecycleKinds.ts';
import { isKnownTo, refuseEnded, requireConcerned, requireHolding, requireUnreserved } from './lifecyclePolicy.ts';

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

/**
 * What the contract would refuse, told before anybody signs. `prescription` is the ledger's present state. The rules
 * are the contract's; where the two differ, the contract decides.
 */
export function allowChange(
  actor: Actor,
  kind: Exclude<PrescriptionIntent, { kind: 'issue' } | LifecycleIntent>['kind'],
  prescription: Prescription,
  now: Date,
  represented: readonly string[] = [],
): void {
  const { holder, validFrom } = prescription;
  switch (kind) {
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
    case 'reserve':
    case 'releaseReservation':
    case 'dispense':
    case 'close':
      requireHolding(actor, prescription);
      if (kind === 'return' || kind === 'close') requireUnreserved(prescription);
      return;
    case 'cancel':
      requireConcerned(actor, prescription, represented);
      refuseEnded(prescription);
      if (prescription.state !== 'active') throw new AppError('WRONG_STATE', prescription.state);
      return;
    case 'voidCode':
    case 'renewCode':
      if (prescription.patient !== actor.subjectId) throw new AppError('NOT_AUTHORISED', 'not the patient');
      refuseEnded(prescription);
      return;
  }
}
