import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { careRelationships, invitations, people } from '../gateways/db/schema/people.ts';
import { recordInvitation } from '../people/accounts.ts';
import { nameMatches, normaliseIdentifier } from '../people/personalData.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { directoryOf } from './policy.ts';
import type {
  DirectoryEntry,
  findEntries as finding,
  RegisteredPatient,
  registerWard as registering,
} from './schema.ts';
import { audit, entryOf, recordPatient, treatedAt } from './service.ts';

type Row = typeof people.$inferSelect;

const searches = { max: 300, windowSeconds: 10 * 60 };
const invited = { max: 200, windowSeconds: 24 * 3600 };
const mostFound = 20;

/**
 * The institution's patients by name or identifier, also those without keys. Whoever is shown is written to the access audit.
 * Throws FORBIDDEN, RATE_LIMITED.
 */
export async function findEntries(
  actor: Actor,
  { query }: z.output<typeof finding>,
  portal: Portal = thePortal(),
): Promise<DirectoryEntry[]> {
  const institutionId = directoryOf(actor);
  await countAttempt(portal.db, `find-entries:${actor.personId}`, searches);
  const wanted = normaliseIdentifier(query);
  const found = (await treatedAt(portal, institutionId))
    .map((row) => entryOf(portal, row))
    .filter(({ name, identifier }) => nameMatches(name, query) || normaliseIdentifier(identifier) === wanted)
    .sort((a, b) => a.name.localeCompare(b.name))
    .slice(0, mostFound);
  await audit(portal, actor, found, 'name');
  return found;
}

/** A patient of the institution. Throws FORBIDDEN, NOT_FOUND. */
async function ownEntry(portal: Portal, actor: Actor, personId: string): Promise<Row> {
  const [row] = await portal.db
    .select({ person: people })
    .from(careRelationships)
    .innerJoin(people, eq(people.id, careRelationships.patientId))
    .where(and(eq(careRelationships.institutionId, directoryOf(actor)), eq(people.id, personId)));
  if (row === undefined || row.person.mergedInto !== null) throw new AppError('NOT_FOUND', personId);
  return row.person;
}

/** A new link for a patient who has no keys yet; those before are worth nothing then. Throws NOT_FOUND, KEY_EXISTS. */
export async function invitePatient(
  actor: Actor,
  { personId }: { personId: string },
  portal: Portal = thePortal(),
): Promise<RegisteredPatient> {
  const row = await ownEntry(portal, actor, personId);
  if (row.enrolledAt !== null) throw new AppError('KEY_EXISTS', personId);
  if (row.emailIndex === null) throw new AppError('WRONG_STATE', 'a ward has no account');
  await countAttempt(portal.db, `invite-patient:${actor.personId}`, invited);
  return portal.db.transaction(async (tx) => {
    await tx
      .update(invitations)
      .set({ expiresAt: sql`now()` })
      .where(
        and(eq(invitations.personId, personId), isNull(invitations.usedAt), gt(invitations.expiresAt, sql`now()`)),
      );
    const { token, expiresAt } = await recordInvitation(tx, personId);
    return { personId, token, expiresAt: expiresAt.toISOString() };
  });
}

/**
 * Takes a minor or ward into the directory, who has no account and no keys. Puts nobody on the ledger yet: `putOnLedger`.
 * Throws what registering a patient throws.
 */
export async function registerWard(
  actor: Actor,
  input: z.output<typeof registering>,
  portal: Portal = thePortal(),
): Promise<{ personId: string }> {
  return { personId: await recordPatient(actor, input, portal) };
}

/**
 * Puts a ward on the ledger, without keys, so that somebody can act for the ward there; may be repeated. Throws NOT_FOUND,
 * WRONG_STATE (has an account), CONNECTOR_UNAVAILABLE.
 */
export async function putOnLedger(
  actor: Actor,
  { personId }: { personId: string },
  portal: Portal = thePortal(),
): Promise<DirectoryEntry> {
  const row = await ownEntry(portal, actor, personId);
  if (row.emailIndex !== null) throw new AppError('WRONG_STATE', 'has an account');
  await portal.connector.registerPatient({ mspId: actor.mspId, pseudonym: row.subjectId });
  const wardSince = row.wardSince ?? new Date();
  await portal.db.update(people).set({ wardSince }).where(eq(people.id, personId));
  return entryOf(portal, { ...row, wardSince });
}
