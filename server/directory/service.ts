import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { accessAudit, careRelationships, nameTokens, people } from '../gateways/db/schema/people.ts';
import { recordInvitation, recordPerson } from '../people/accounts.ts';
import { patientInReach } from '../people/patients.ts';
import { isIdentifier, normaliseIdentifier } from '../people/personalData.ts';
import { openDetails, openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { likenessOf, weightOf } from './likeness.ts';
import { directoryOf } from './policy.ts';
import type {
  DirectoryEntry,
  findSimilar as finding,
  PossibleDuplicate,
  RegisteredPatient,
  registerPatient as registering,
  SimilarPatient,
  takeOn as takingOn,
} from './schema.ts';

type Row = typeof people.$inferSelect;

const searches = { max: 300, windowSeconds: 10 * 60 };
const registrations = { max: 200, windowSeconds: 24 * 3600 };
const mostPatients = 20_000;
const mostFound = 10;

export function entryOf(portal: Portal, row: Row): DirectoryEntry {
  const { birthDate, identifier } = openDetails(portal.personalData, row);
  const name = openName(portal.personalData, row);
  const hasAccount = row.emailIndex !== null;
  return {
    ...{ personId: row.id, name, birthDate, identifier, pseudonym: row.subjectId, enrolled: row.enrolledAt !== null },
    ...(!hasAccount && { ward: row.wardSince === null ? 'waiting' : 'registered' }),
  };
}

export async function treatedAt({ db }: Pick<Portal, 'db'>, institutionId: string): Promise<Row[]> {
  const rows = await db
    .select({ person: people })
    .from(careRelationships)
    .innerJoin(people, eq(people.id, careRelationships.patientId))
    .where(and(eq(careRelationships.institutionId, institutionId), isNull(people.mergedInto)))
    .limit(mostPatients);
  return rows.map(({ person }) => person);
}

/**
 * The institution's patients who resemble somebody, with what speaks for it, the likest first. Whoever is shown is written to
 * the access audit. Throws FORBIDDEN, RATE_LIMITED.
 */
export async function findSimilar(
  actor: Actor,
  wanted: z.output<typeof finding>,
  portal: Portal = thePortal(),
): Promise<SimilarPatient[]> {
  const institutionId = directoryOf(actor);
  await countAttempt(portal.db, `similar:${actor.personId}`, searches);
  const entries = (await treatedAt(portal, institutionId)).map((row) => entryOf(portal, row));
  const found = entries
    .map((entry) => ({ ...entry, why: likenessOf(wanted, entry) }))
    .filter(({ why }) => why.length > 0)
    .sort((a, b) => weightOf(b.why) - weightOf(a.why) || a.name.localeCompare(b.name))
    .slice(0, mostFound);
  await audit(portal, actor, found);
  return found;
}

export async function audit(
  { db }: Pick<Portal, 'db'>,
  actor: Actor,
  shown: DirectoryEntry[],
  foundBy: 'similarity' | 'name' = 'similarity',
): Promise<void> {
  if (shown.length === 0) return;
  const rows = shown.map(({ personId }) => ({ actorId: actor.personId, patientId: personId, foundBy }));
  await db.insert(accessAudit).values(rows);
}

/** Pairs of the institution's patients that may be one person, the likest first. Throws FORBIDDEN. */
export async function listDuplicates(
  actor: Actor,
  _: undefined,
  portal: Portal = thePortal(),
): Promise<PossibleDuplicate[]> {
  const institutionId = directoryOf(actor);
  const entries = (await treatedAt(portal, institutionId)).map((row) => entryOf(portal, row));
  // An identifier is nobody else's, so that two of one person share the birth date.
  const sameDate = Map.groupBy(entries, ({ birthDate }) => birthDate);
  sameDate.delete('');
  const pairs = [...sameDate.values()].flatMap((group) =>
    group.flatMap((one, at) =>
      group.slice(at + 1).map((other): PossibleDuplicate => ({ entries: [one, other], why: likenessOf(one, other) })),
    ),
  );
  const found = pairs
    .filter(({ why, entries: [a, b] }) => why.length > 0 && !(a.enrolled && b.enrolled))
    .sort((a, b) => weightOf(b.why) - weightOf(a.why))
    .slice(0, 50);
  await audit(
    portal,
    actor,
    found.flatMap((pair) => pair.entries),
  );
  return found;
}

/**
 * Takes a new patient into the institution's directory, with an invitation to make keys. Somebody who resembles one that is
 * there is refused unless the actor says that it is another. Throws FORBIDDEN, CONFLICT, ALREADY_EXISTS (e-mail or identifier
 * taken), INVALID_INPUT, RATE_LIMITED.
 */
export async function registerPatient(
  actor: Actor,
  input: z.output<typeof registering>,
  portal: Portal = thePortal(),
): Promise<RegisteredPatient> {
  const personId = await recordPatient(actor, input, portal);
  const { token, expiresAt } = await recordInvitation(portal.db, personId);
  return { personId, token, expiresAt: expiresAt.toISOString() };
}

/** Writes a new patient of the institution, once it is sure that it is a new one. */
export async function recordPatient(
  actor: Actor,
  input: Omit<z.output<typeof registering>, 'email'> & { email?: string },
  portal: Portal,
): Promise<string> {
  const institutionId = directoryOf(actor);
  await countAttempt(portal.db, `register-patient:${actor.personId}`, registrations);
  const { isAnother, identifier, ...person } = input;
  if (identifier !== '' && !isIdentifier(identifier)) {
    throw new AppError('INVALID_INPUT', 'identifier', { message: 'That is no identifier of a person.' });
  }
  if (!isAnother && (await findSimilar(actor, input, portal)).length > 0) {
    throw new AppError('CONFLICT', 'resembles somebody', {
      message: 'Somebody in your directory resembles this person.',
      next: 'Compare the two; go on only if it is somebody else.',
    });
  }
  const { personId } = await recordPerson(portal, {
    ...person,
    role: 'patient',
    mspId: 'PatientMSP',
    treatedAt: [institutionId],
    ...(identifier !== '' && { identifier: normaliseIdentifier(identifier) }),
  });
  return personId;
}

/** Notes that the institution treats a patient whom the actor has found by exact identifier. Throws FORBIDDEN. */
export async function takeOn(
  actor: Actor,
  { personId }: z.output<typeof takingOn>,
  portal: Portal = thePortal(),
): Promise<{ personId: string }> {
  const institutionId = directoryOf(actor);
  if ((await patientInReach(portal, actor, { personId })) === undefined) {
    throw new AppError('FORBIDDEN', 'patient is out of reach', {
      message: 'This patient is not treated at your institution.',
      next: 'Find the patient by exact identifier first.',
    });
  }
  const [row] = await portal.db.select().from(people).where(eq(people.id, personId));
  if (row !== undefined) {
    const tokens = portal.personalData.nameTokens(institutionId, openName(portal.personalData, row));
    await portal.db.transaction(async (tx) => {
      await tx.insert(careRelationships).values({ patientId: personId, institutionId }).onConflictDoNothing();
      const values = tokens.map((token) => ({ institutionId, token, personId }));
      await tx.insert(nameTokens).values(values).onConflictDoNothing();
    });
  }
  return { personId };
}

/** Two of the institution's patients, as they are now. Throws NOT_FOUND. */
export async function pairAt(portal: Portal, institutionId: string, ids: [string, string]): Promise<[Row, Row]> {
  const rows = await portal.db
    .select({ person: people })
    .from(careRelationships)
    .innerJoin(people, eq(people.id, careRelationships.patientId))
    .where(and(eq(careRelationships.institutionId, institutionId), inArray(people.id, ids)));
  const [one, other] = ids.map((id) => rows.find(({ person }) => person.id === id)?.person);
  if (one === undefined || other === undefined) throw new AppError('NOT_FOUND', 'not both are treated here');
  return [one, other];
}
