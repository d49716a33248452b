import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';

/** Those in whose hands medicines are. */
const handlers: readonly Role[] = ['supplier', 'pharmacist'];
/** Those who may ask whether a pack is genuine. */
const verifiers: readonly Role[] = [...handlers, 'regulator'];

/** The institution whose packs an actor sees: the own one only. Throws FORBIDDEN. */
export function ownHouse({ role, institutionId }: Actor): string {
  if (!handlers.includes(role) || institutionId === null) {
    throw new AppError('FORBIDDEN', `${role} has no packs`);
  }
  return institutionId;
}

/** Refuses with FORBIDDEN who has nothing to do with packs. What the ledgers say of one pack is open to those who have. */
export function allowLooking({ role }: Actor): void {
  if (!verifiers.includes(role)) throw new AppError('FORBIDDEN', `${role} may not look up packs`);
}

/** The actor's institution where it has packs or oversees those who have. Throws FORBIDDEN. */
export function ownOffice(actor: Actor): string {
  allowLooking(actor);
  if (actor.institutionId === null) throw new AppError('FORBIDDEN', `${actor.role} is of no institution`);
  return actor.institutionId;
}
