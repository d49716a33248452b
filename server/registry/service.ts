import { inArray } from 'drizzle-orm';
import { z } from 'zod';
import { institutionRecord, practitionerRecord } from '#chaincode/model/records.ts';
import type { Institution, Practitioner } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { allowInstitutions, allowPractitioners } from './policy.ts';
import type { InstitutionView, PractitionerView } from './schema.ts';

const pageSize = '100';
const mostPages = 50;

async function readAll<T>(portal: Portal, name: string, args: string[], item: z.ZodType<T>): Promise<T[]> {
  const page = z.object({ items: z.array(item), bookmark: z.string() });
  const items: T[] = [];
  let bookmark = '';
  for (let pages = 0; pages < mostPages; pages += 1) {
    const call = { channel: 'registry', contract: 'registry', function: name, args: [...args, pageSize, bookmark] };
    const answer = page.safeParse(JSON.parse(Buffer.from(await portal.ledger.evaluate(call)).toString('utf8')));
    if (!answer.success) throw new AppError('INTERNAL', `${name} answered something else`, { cause: answer.error });
    items.push(...answer.data.items);
    bookmark = answer.data.bookmark;
    if (bookmark === '') break;
  }
  return items;
}

/** Institutions as `registry` has them now. */
export async function listInstitutions(actor: Actor, portal: Portal = thePortal()): Promise<InstitutionView[]> {
  allowInstitutions(actor);
  const found: Institution[] = await readAll(portal, 'listInstitutions', [], institutionRecord);
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
  const found: Practitioner[] = await readAll(portal, 'listPractitioners', [institutionId], practitionerRecord);
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  const rows = await portal.db.select().from(people).where(inArray(people.subjectId, ids));
  return found.map(({ id, role, licence, status, keys, version }) => {
    const person = rows.find(({ subjectId }) => subjectId === id);
    const name = person === undefined ? id : openName(portal.personalData, person);
    return { id, name, role, licence, status, enrolled: keys !== undefined, version };
  });
}
