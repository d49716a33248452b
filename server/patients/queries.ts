import type { Actor } from '../people/schema.ts';
import type { ReenrolmentView, Representations, RepresentationView } from './schema.ts';
import * as service from './service.ts';

/** Who acts for the actor, and for whom the actor acts. */
export function representationsOf(actor: Actor): Promise<Representations> {
  return service.representationsOf(actor, undefined);
}

/** Representations that the admin's institution has recorded. */
export function representationsByInstitution(actor: Actor): Promise<RepresentationView[]> {
  return service.representationsByInstitution(actor, undefined);
}

/** New keys that are proposed for patients. */
export function listReenrolments(actor: Actor): Promise<ReenrolmentView[]> {
  return service.listReenrolments(actor, undefined);
}
