import { and, desc, eq, inArray, isNotNull, like, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Representation, reenrolment, representation } from '#chaincode/model/patient.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { reenrolments, representations } from '../gateways/db/schema/care.ts';
import { careRelationships, people } from '../gateways/db/schema/people.ts';
import { institutionNames } from '../people/names.ts';
import { isIdentifier, normaliseIdentifier } from '../people/personalData.ts';
import { openDetails, openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { recordOf } from '../records/facts.ts';
import type { whichRecord } from '../records/schema.ts';
import { countAttempt, returnAttempt } from '../session/rateLimit.ts';
import type { findRepresentative as finding, ReenrolmentView, Representations, RepresentationView } from './schema.ts';

const mostListed = 200;
/** Few enough that nobody goes through the identifiers that belong to one birth date. */
const misses = { max: 20, windowSeconds: 12 * 60 * 60 };

/** Who acts for the actor and for whom the actor acts; ended ones too, newest first. For patients. */
export async function representationsOf(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<Representations> {
  if (actor.role !== 'patient') throw new AppError('FORBIDDEN', `${actor.role} is represented by nobody`);
  const rows = await portal.db
    .select({ state: representations.ledgerState })
    .from(representations)
    .where(or(eq(representations.patient, actor.subjectId), eq(representations.representative, actor.subjectId)))
    .limit(mostListed);
  const views = await viewsOf(portal, rows);
  return {
    forMe: views.filter(({ patient }) => patient.pseudonym === actor.subjectId),
    byMe: views.filter(({ representative }) => representative.pseudonym === actor.subjectId),
  };
}

/** Who acts or acted for a patient, newest first: for the patient and for who acts for the patient. Throws FORBIDDEN. */
export async function representativesOf(
  actor: Actor,
  which: z.output<typeof whichRecord>,
  portal: Portal = thePortal(),
): Promise<RepresentationView[]> {
  const { pseudonym, reach } = await recordOf(actor, which, portal);
  if (reach !== 'own' && reach !== 'representative') throw new AppError('FORBIDDEN', 'another’s representatives');
  const rows = await portal.db
    .select({ state: representations.ledgerState })
    .from(representations)
    .where(eq(representations.patient, pseudonym))
    .limit(mostListed);
  return viewsOf(portal, rows);
}

/** Representations that an institution's admin has recorded on documents, newest first. */
export async function representationsByInstitution(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<RepresentationView[]> {
  if (actor.role !== 'admin' || actor.institutionId === null)
    throw new AppError('FORBIDDEN', `${actor.role} appoints nobody`);
  const rows = await portal.db
    .select({ state: representations.ledgerState })
    .from(representations)
    .where(sql`${representations.ledgerState} ->> 'institution' = ${actor.institutionId}`)
    .limit(mostListed);
  return viewsOf(portal, rows);
}

async function viewsOf(portal: Portal, rows: { state: unknown }[]): Promise<RepresentationView[]> {
  const entries = rows.map(({ state }) => representation.parse(state));
  const ids = [...new Set(entries.flatMap(({ patient, representative }) => [patient, representative]))];
  const [known, houses] = await Promise.all([
    ids.length === 0 ? [] : portal.db.select().from(people).where(inArray(people.subjectId, ids)),
    institutionNames(
      portal,
      entries.flatMap(({ institution }) => institution ?? []),
    ),
  ]);
  const nameOf = (pseudonym: string) => {
    const row = known.find(({ subjectId }) => subjectId === pseudonym);
    return row === undefined ? {} : { personId: row.id, name: openName(portal.personalData, row) };
  };
  return entries
    .map((entry: Representation): RepresentationView => {
      const { id, patient, representative, state, institution, since, until, endedAt } = entry;
      const house =
        institution === undefined
          ? {}
          : { institution: { id: institution, name: houses.get(institution) ?? institution } };
      return {
        ...{ id, state, since, ...house },
        patient: { pseudonym: patient, ...nameOf(patient) },
        representative: { pseudonym: representative, ...nameOf(representative) },
        ...(until !== undefined && { until }),
        ...(endedAt !== undefined && { endedAt }),
      };
    })
    .sort((a, b) => b.since.localeCompare(a.since));
}

/**
 * Somebody with keys who could act for a patient, by exact identifier and birth date. Undefined where the two belong to
 * nobody, which is counted. Throws FORBIDDEN, RATE_LIMITED.
 */
export async function findRepresentative(
  actor: Actor,
  { identifier, birthDate }: z.output<typeof finding>,
  portal: Portal = thePortal(),
): Promise<{ pseudonym: string; name: string } | undefined> {
  if (actor.role !== 'patient' && actor.role !== 'admin')
    throw new AppError('FORBIDDEN', `${actor.role} appoints nobody`);
  if (!isIdentifier(identifier)) return undefined;
  const key = `find-representative:${actor.personId}`;
  await countAttempt(portal.db, key, misses);
  const index = portal.personalData.index('identifier', normaliseIdentifier(identifier));
  const [row] = await portal.db
    .select()
    .from(people)
    .where(and(eq(people.identifierIndex, index), eq(people.role, 'patient'), isNotNull(people.enrolledAt)));
  if (row === undefined || openDetails(portal.personalData, row).birthDate !== birthDate) return undefined;
  await returnAttempt(portal.db, key);
  return { pseudonym: row.subjectId, name: openName(portal.personalData, row) };
}

/**
 * New keys that are proposed for patients: a patient's own, those of patients whom the admin's institution treats, all for the
 * regulator; newest first. Throws FORBIDDEN.
 */
export async function listReenrolments(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<ReenrolmentView[]> {
  const rows = await portal.db
    .select({ state: reenrolments.ledgerState, person: people })
    .from(reenrolments)
    .leftJoin(people, eq(people.subjectId, reenrolments.subject))
    .where(scopeOf(portal, actor))
    .orderBy(desc(reenrolments.at))
    .limit(mostListed);
  return rows.map(({ state, person }) => {
    const { subject, state: stage, proposedFor, approvedFor, at, dueAt, reason } = reenrolment.parse(state);
    // The authority decides by what is proposed, and knows patients by pseudonym only.
    const name = person === null || actor.role === 'regulator' ? undefined : openName(portal.personalData, person);
    return {
      ...{ subject, state: stage, proposedFor, at },
      ...(name !== undefined && { name }),
      ...(approvedFor !== undefined && { approvedFor }),
      ...(dueAt !== undefined && { dueAt }),
      ...(reason !== undefined && { reason }),
    };
  });
}

function scopeOf({ db }: Portal, actor: Actor) {
  if (actor.role === 'regulator') return like(reenrolments.subject, 'pt-%');
  if (actor.role === 'patient') return eq(reenrolments.subject, actor.subjectId);
  if (actor.role !== 'admin' || actor.institutionId === null)
    throw new AppError('FORBIDDEN', `${actor.role} sees no re-enrolments`);
  const treated = db
    .select({ id: careRelationships.patientId })
    .from(careRelationships)
    .where(eq(careRelationships.institutionId, actor.institutionId));
  return inArray(people.id, treated);
}
