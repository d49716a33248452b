import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Insured } from '#crypto/claim/details.ts';
import { systems } from '#fhir/coding.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { openDetails, openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { allowMember } from './policy.ts';
import type { ProviderView } from './schema.ts';

/** What a patient needs to be insured: who the patient is, as prescriptions say it, and who could bill. */

/** As prescriptions name the patient, so that claims can be compared with it. Throws FORBIDDEN. */
export async function insuredAs(actor: Actor, portal: Portal = thePortal()): Promise<Insured> {
  allowMember(actor);
  const [row] = await portal.db.select().from(people).where(eq(people.id, actor.personId));
  if (row === undefined) throw new AppError('NOT_FOUND', actor.personId);
  const { birthDate, identifier: value } = openDetails(portal.personalData, row);
  return { name: openName(portal.personalData, row), birthDate, identifier: { system: systems.patient, value } };
}

/** Institutions that bill insurers, by name: public. Throws FORBIDDEN. */
export async function listProviders(actor: Actor, portal: Portal = thePortal()): Promise<ProviderView[]> {
  allowMember(actor);
  const { id, name, kind, place } = institutions;
  const bills = and(inArray(kind, ['hospital', 'pharmacy']), eq(institutions.status, 'active'));
  const rows = await portal.db.select({ id, name, kind, place }).from(institutions).where(bills).orderBy(asc(name));
  return rows.map((row) => ({ ...row, kind: row.kind === 'hospital' ? 'hospital' : 'pharmacy' }));
}
