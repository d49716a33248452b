import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';

/** Refuses with FORBIDDEN unless the actor is a regulator. */
export function allowOversight(actor: Actor): void {
  if (actor.role !== 'regulator') throw new AppError('FORBIDDEN', `${actor.role} may not oversee`);
}
