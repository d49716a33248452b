import type { Prescription } from '#chaincode/model/prescription.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import type { PrescriptionIntent } from './kinds.ts';

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

/** True for the author, the patient, and staff of the pharmacy that holds the prescription or dispensed on it. */
export function maySee(actor: Actor, prescription: Prescription): boolean {
  switch (actor.role) {
    case 'doctor':
      return prescription.author === actor.subjectId;
    case 'patient':
      return prescription.patient === actor.subjectId;
    case 'pharmacist':
      return (
        actor.institutionId !== null &&
        (prescription.holder?.institutionId === actor.institutionId ||
          prescription.dispenses.some(({ institutionId }) => institutionId === actor.institutionId))
      );
    default:
      return false;
  }
}

function refuseEnded(prescription: Prescription): void {
  if (prescription.state === 'completed') throw new AppError('COMPLETED', prescription.id);
  if (prescription.state === 'cancelled') throw new AppError('CANCELLED', prescription.id);
}

/**
 * What the contract would refuse, told before anybody signs. `prescription` is the ledger's present state. The rules
 * are the contract's; where the two differ, the contract decides.
 */
export function allowChange(
  actor: Actor,
  kind: Exclude<PrescriptionIntent['kind'], 'issue'>,
  prescription: Prescription,
  now: Date,
): void {
  const { holder, reservation } = prescription;
  switch (kind) {
    case 'accept':
      refuseEnded(prescription);
      if (holder?.institutionId === actor.institutionId) throw new AppError('WRONG_STATE', 'held by one’s own already');
      if (holder !== undefined) throw new AppError('HELD_BY_ANOTHER', holder.institutionId);
      if (Date.parse(prescription.expires) <= now.getTime()) throw new AppError('EXPIRED', prescription.id);
      if (!prescription.codeValid) throw new AppError('CODE_VOID', prescription.id);
      return;
    case 'return':
    case 'reserve':
    case 'releaseReservation':
    case 'dispense':
    case 'close':
      refuseEnded(prescription);
      if (holder === undefined) throw new AppError('WRONG_STATE', 'nobody holds it');
      if (holder.institutionId !== actor.institutionId) throw new AppError('HELD_BY_ANOTHER', holder.institutionId);
      if (reservation !== undefined && (kind === 'return' || kind === 'close')) {
        throw new AppError('WRONG_STATE', `reserved for ${reservation.dispenseId}`, {
          message: 'A dispense of scanned packs is under way.',
          next: 'Finish it or take it back first.',
        });
      }
      return;
    case 'cancel':
      if (prescription.author !== actor.subjectId) throw new AppError('NOT_AUTHORISED', 'not the author');
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
