import { and, desc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { consentRequests } from '../gateways/db/schema/care.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { institutionNames } from '../people/names.ts';
import { nameMatches } from '../people/personalData.ts';
import { licence, openName } from '../people/record.ts';
import type { Actor, Role } from '../people/schema.ts';
import { recordOf } from '../records/facts.ts';
import { reachOf } from '../records/reach.ts';
import { countAttempt } from '../session/rateLimit.ts';
import type { findGrantees as finding, GranteeView, RequestView } from './schema.ts';

const searches = { max: 300, windowSeconds: 10 * 60 };
const mostFound = 20;
/** Staff are found by their names' words, which only this process can read; more than this no portal has. */
const mostStaff = 5_000;
const granteeRoles: readonly Role[] = ['doctor', 'pharmacist'];
const granteeKinds = ['hospital', 'pharmacy'];

function allowPatient(actor: Actor): void {
  if (actor.role !== 'patient') throw new AppError('FORBIDDEN', `${actor.role} grants nothing`);
}

/** Clinicians and institutions by the beginnings of their names, active ones only. Throws FORBIDDEN, RATE_LIMITED. */
export async function findGrantees(
  actor: Actor,
  { query }: z.output<typeof finding>,
  portal: Portal = thePortal(),
): Promise<GranteeView[]> {
  allowPatient(actor);
  await countAttempt(portal.db, `find-grantees:${actor.personId}`, searches);
  const [houses, staff] = await Promise.all([
    portal.db.select().from(institutions).where(eq(institutions.status, 'active')),
    portal.db
      .select()
      .from(people)
      .where(and(inArray(people.role, [...granteeRoles]), eq(people.status, 'active'), isNotNull(people.enrolledAt)))
      .limit(mostStaff),
  ]);
  const found: GranteeView[] = houses
    .filter(({ kind, name, place }) => granteeKinds.includes(kind) && nameMatches(`${name} ${place}`, query))
    .map(({ id, name, kind, place }) => ({ kind: 'institution', id, name, institutionKind: kind, place }));
  for (const row of staff) {
    const house = houses.find(({ id }) => id === row.institutionId);
    const name = openName(portal.personalData, row);
    if (house === undefined || !nameMatches(name, query)) continue;
    if (row.role !== 'doctor' && row.role !== 'pharmacist') continue;
    const specialty = licence.safeParse(row.licence).data?.specialty ?? '';
    const institution = { id: house.id, name: house.name };
    found.push({ kind: 'person', id: row.subjectId, name, role: row.role, specialty, institution });
  }
  return found.sort((a, b) => a.name.localeCompare(b.name)).slice(0, mostFound);
}

/** The requests that a clinician has made and that this portal knows of, newest first. */
export async function listOwnRequests(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<RequestView[]> {
  if (actor.role !== 'doctor' && actor.role !== 'pharmacist')
    throw new AppError('FORBIDDEN', `${actor.role} asks nothing`);
  const rows = await portal.db
    .select()
    .from(consentRequests)
    .where(eq(consentRequests.requester, actor.subjectId))
    .orderBy(desc(consentRequests.at))
    .limit(100);
  return Promise.all(
    rows.map(async ({ id, patient, state, at }) => {
      const reach = await reachOf(portal, actor, patient);
      const name = reach === undefined ? undefined : (await recordOf(actor, { pseudonym: patient }, portal)).name;
      return { id, patient: { pseudonym: patient, ...(name !== undefined && { name }) }, state, at: at.toISOString() };
    }),
  );
}

/** Names of practitioners and institutions, for sentences. What nobody here knows is left out. */
export async function namesOf(
  _: Actor,
  { ids }: { ids: string[] },
  portal: Portal = thePortal(),
): Promise<Record<string, string>> {
  const staff = await portal.db.select().from(people).where(inArray(people.subjectId, ids));
  const houses = await institutionNames(portal, ids);
  const known = staff.filter(({ role }) => role !== 'patient');
  return Object.fromEntries([
    ...houses,
    ...known.map((row) => [row.subjectId, openName(portal.personalData, row)] as const),
  ]);
}
