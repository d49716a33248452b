import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';

/** Grants and refuses help: the authority's staff. Throws FORBIDDEN. */
export function allowOfficer(actor: Actor): void {
  if (actor.role !== 'regulator') throw new AppError('FORBIDDEN', `${actor.role} grants no help`);
}
