import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';

/** Whose emergencies somebody sees: all, or those of one institution. Throws FORBIDDEN. */
export function emergenciesOf(actor: Actor): 'all' | { institutionId: string } {
  if (actor.role === 'regulator') return 'all';
  if ((actor.role === 'admin' || actor.role === 'doctor') && actor.institutionId !== null) {
    return { institutionId: actor.institutionId };
  }
  throw new AppError('FORBIDDEN', `${actor.role} sees no emergencies`);
}

/** How often whom: for who answers for them. Throws FORBIDDEN. */
export function allowCounts(actor: Actor): 'all' | { institutionId: string } {
  if (actor.role === 'doctor') throw new AppError('FORBIDDEN', 'a doctor counts no emergencies');
  return emergenciesOf(actor);
}
