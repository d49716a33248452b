import type { Actor } from '../people/schema.ts';
import type { InstitutionView, PractitionerView } from './schema.ts';
import * as service from './service.ts';

/** Institutions on `registry`. */
export function listInstitutions(actor: Actor): Promise<InstitutionView[]> {
  return service.listInstitutions(actor);
}

/** Practitioners of one institution on `registry`. */
export function listPractitioners(actor: Actor, institutionId: string): Promise<PractitionerView[]> {
  return service.listPractitioners(actor, institutionId);
}
