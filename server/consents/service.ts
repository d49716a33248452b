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
import type { findGrantees as finding, GranteeView, KnownGrantee, RequestView } from './schema.ts';

const searches = { max: 300, windowSeconds: 10 * 60 };
const mostFound = 20;
/** Staff are found by their names' words, which only this process can read; more than this no portal has. */
const mostStaff = 5_000;
const granteeRoles: readonly Role[] = ['doctor', 'pharmacist'];
const granteeKinds = ['hospital', 'pharmacy'];

function allowPatient(actor: Actor): void {
  if (actor.role !== 'patient') throw new AppError('FORBIDDEN', `${actor.role} grants nothing`);
}

type House = typeof institutions.$inferSelect;
type Person = typeof people.$inferSelect;

const houseView = ({ id, name, kind, place }: House): GranteeView => ({
  ...{ kind: 'institution', id, name, institutionKind: kind, place },
});

/** Undefined for who is no clinician. */
function personView(portal: Portal, row: Person, houses: readonly House[]): GranteeView | undefined {
  const house = houses.find(({ id }) => id === row.institutionId);
  if (house === undefined || (row.role !== 'doctor' && row.role !== 'pharmacist')) return undefined;
  const specialty = licence.safeParse(row.licence).data?.specialty ?? '';
  const institution = { id: house.id, name: house.name };
  const name = openName(portal.personalData, row);
  return { kind: 'person', id: row.subjectId, name, role: row.role, specialty, institution };
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
  const places = houses.filter(
    ({ kind, name, place }) => granteeKinds.includes(kind) && nameMatches(`${name} ${place}`, query),
  );
  const clinicians = staff
    .map((row) => personView(portal, row, houses))
    .filter((view) => view !== undefined)
    .filter(({ name }) => nameMatches(name, query));
  return [...places.map(houseView), ...clinicians].sort((a, b) => a.name.localeCompare(b.name)).slice(0, mostFound);
}

/** Those whom consents and requests name, by their ids. Left out is whom nobody here knows. Throws FORBIDDEN. */
export async function granteesOf(
  actor: Actor,
  { ids }: { ids: string[] },
  portal: Portal = thePortal(),
): Promise<KnownGrantee[]> {
  allowPatient(actor);
  const staff = await portal.db.select().from(people).where(inArray(people.subjectId, ids));
  const houseIds = [...new Set([...ids, ...staff.flatMap(({ institutionId }) => institutionId ?? [])])];
  const houses = await portal.db.select().from(institutions).where(inArray(institutions.id, houseIds));
  const isActive = (house: string | null) => houses.some(({ id, status }) => id === house && status === 'active');
  const named = houses.filter(({ id }) => ids.includes(id));
  return [
    ...named.map((house) => ({ ...houseView(house), active: house.status === 'active' })),
    ...staff.flatMap((row) => {
      const view = personView(portal, row, houses);
      return view === undefined ? [] : [{ ...view, active: row.status === 'active' && isActive(row.institutionId) }];
    }),
  ];
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
