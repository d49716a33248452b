import { AppError } from '#server/errors.ts';
import { type Actor, roles } from '../people/schema.ts';

/** Institutions are public to everybody who is signed in. */
export function allowInstitutions(actor: Actor): void {
  if (!roles.includes(actor.role)) throw new AppError('FORBIDDEN', `unknown role ${actor.role}`);
}

/** The regulator sees the practitioners of every institution, an admin those of their own. */
export function allowPractitioners(actor: Actor, institutionId: string): void {
  if (actor.role === 'regulator') return;
  if (actor.role === 'admin' && actor.institutionId === institutionId) return;
  throw new AppError('FORBIDDEN', `${actor.role} may not list practitioners of ${institutionId}`);
}
