import { inArray } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { allInstitutions, allPractitioners } from './ledger.ts';
import { allowInstitutions, allowPractitioners } from './policy.ts';
import type { InstitutionView, PractitionerView } from './schema.ts';

/** Institutions as `registry` has them now. */
export async function listInstitutions(actor: Actor, portal: Portal = thePortal()): Promise<InstitutionView[]> {
  allowInstitutions(actor);
  const found = await allInstitutions(portal.ledger);
  const rows = await portal.db.select().from(institutions);
  return found.map((institution) => ({
    ...institution,
    place: rows.find(({ id }) => id === institution.id)?.place ?? '',
  }));
}

/** Practitioners of an institution as `registry` has them now; with names where this portal knows them. */
export async function listPractitioners(
  actor: Actor,
  institutionId: string,
  portal: Portal = thePortal(),
): Promise<PractitionerView[]> {
  allowPractitioners(actor, institutionId);
  const found = await allPractitioners(portal.ledger, institutionId);
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  const rows = await portal.db.select().from(people).where(inArray(people.subjectId, ids));
  return found.map(({ id, role, licence, status, keys, version }) => {
    const person = rows.find(({ subjectId }) => subjectId === id);
    const name = person === undefined ? id : openName(portal.personalData, person);
    return { id, name, role, licence, status, enrolled: keys !== undefined, version };
  });
}
