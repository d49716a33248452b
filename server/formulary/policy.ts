import type { FormularyScope } from '#chaincode/model/formulary.ts';
import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';

/** The scope that the actor manages: the authority's for all, an admin's own institution. Throws FORBIDDEN. */
export function managedScope({ role, institutionId }: Actor): FormularyScope {
  if (role === 'regulator') return 'national';
  if (role === 'admin' && institutionId !== null) return institutionId;
  throw new AppError('FORBIDDEN', `${role} manages no formulary`);
}

/** Refuses with FORBIDDEN who does not manage the scope. */
export function allowScope(actor: Actor, scope: FormularyScope): void {
  if (managedScope(actor) !== scope) throw new AppError('FORBIDDEN', `${actor.role} does not manage ${scope}`);
}

/** Refuses with FORBIDDEN who is not the authority. */
export function allowShortages(actor: Actor): void {
  allowScope(actor, 'national');
}
