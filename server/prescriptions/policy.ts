import type { Prescription } from '#chaincode/model/prescription.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';

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
