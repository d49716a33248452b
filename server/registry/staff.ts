import { createHash } from 'node:crypto';
import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { practitionerRegistration } from '#chaincode/model/records.ts';
import { employers, practitionerRoles } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { invitations, people } from '../gateways/db/schema/people.ts';
import { newPerson, recordInvitation, recordPerson } from '../people/accounts.ts';
import { openName, licence as personLicence } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { allPractitioners, allReenrolments, readInstitution, readPractitioner } from './ledger.ts';
import { ownInstitutionOf } from './policy.ts';
import type { Invitation, newStaff, StaffKey, StaffView } from './schema.ts';

/** An admin's people: taken on in the portal, registered on the ledger by the admin's signature, then invited. */

/** Far beyond what an institution takes on; an e-mail that is taken is told, so that nobody goes through many. */
const takenOn = { max: 60, windowSeconds: 24 * 3600 };
const invited = { max: 120, windowSeconds: 24 * 3600 };

const practitionerRole = z.enum(practitionerRoles);

type Row = typeof people.$inferSelect;

/** Everybody of the actor's institution: those on the ledger, and those who wait for the admin's signature. */
export async function listStaff(actor: Actor, portal: Portal = thePortal()): Promise<StaffView[]> {
  const institutionId = ownInstitutionOf(actor);
  const [registered, rows, open, reenrolments] = await Promise.all([
    allPractitioners(portal.ledger, institutionId),
    portal.db.select().from(people).where(eq(people.institutionId, institutionId)),
    openInvitations(portal, institutionId),
    allReenrolments(portal.ledger),
  ]);
  const nameOf = (row: Row | undefined, id: string) => (row === undefined ? id : openName(portal.personalData, row));
  const known = registered.map(({ id, role, licence, status, suspendedBy, keys, version }): StaffView => {
    const row = rows.find(({ subjectId }) => subjectId === id);
    const until = row && open.get(row.id);
    const reenrolment = reenrolments.find(({ subject, state }) => subject === id && isRunning(state));
    return {
      ...{ id, name: nameOf(row, id), role, licence, status, version },
      ...{ enrolled: keys !== undefined, registered: true },
      ...(suspendedBy && { suspendedBy }),
      ...(until && { invitedUntil: until }),
      ...(keys && { readingKey: keys.readingKey }),
      ...(reenrolment && { reenrolment }),
    };
  });
  const waiting = rows
    .filter(({ subjectId, status }) => status === 'unregistered' && !registered.some(({ id }) => id === subjectId))
    .map((row): StaffView => {
      const role = practitionerRole.parse(row.role);
      const licence = personLicence.parse(row.licence);
      const id = row.subjectId;
      return {
        id,
        name: nameOf(row, id),
        role,
        licence,
        status: 'active',
        enrolled: false,
        registered: false,
        version: 0,
      };
    });
  return [...waiting, ...known].sort((a, b) => a.name.localeCompare(b.name));
}

const isRunning = (state: string) => state === 'proposed' || state === 'approved';

async function openInvitations(portal: Portal, institutionId: string): Promise<Map<string, string>> {
  const rows = await portal.db
    .select({ personId: invitations.personId, expiresAt: invitations.expiresAt })
    .from(invitations)
    .innerJoin(people, eq(people.id, invitations.personId))
    .where(
      and(
        eq(people.institutionId, institutionId),
        eq(invitations.purpose, 'enrolment'),
        isNull(invitations.usedAt),
        gt(invitations.expiresAt, sql`now()`),
      ),
    );
  return new Map(rows.map(({ personId, expiresAt }) => [personId, expiresAt.toISOString()]));
}

/**
 * Takes somebody on, and answers what the admin signs for them. Nothing is on the ledger yet. Throws ALREADY_EXISTS where
 * the e-mail has an account, INVALID_INPUT where the institution has no such role.
 */
export async function takeOn(
  actor: Actor,
  input: z.output<typeof newStaff>,
  portal: Portal = thePortal(),
): Promise<z.output<typeof practitionerRegistration>> {
  const institutionId = ownInstitutionOf(actor);
  const { kind } = await readInstitution(portal.ledger, institutionId);
  const { name, email, role, licence } = input;
  if (!employers[role].includes(kind)) {
    throw new AppError('INVALID_INPUT', `a ${kind} has no ${role}`, { message: 'Your institution has no such role.' });
  }
  await countAttempt(portal.db, `take-on:${actor.personId}`, takenOn);
  const person = newPerson.parse({ name, email, role, licence, institutionId, mspId: actor.mspId });
  const { subjectId } = await recordPerson(portal, person, 'unregistered');
  return { id: subjectId, institutionId, role, licence };
}

/** Forgets somebody for whom nobody has signed. Throws NOT_FOUND, WRONG_STATE. */
export async function dropStaff(
  actor: Actor,
  { subject }: { subject: string },
  portal: Portal = thePortal(),
): Promise<void> {
  const person = await memberOf(portal, ownInstitutionOf(actor), subject);
  if (await isRegistered(portal, subject)) throw new AppError('WRONG_STATE', `${subject} is registered`);
  await portal.db.delete(people).where(and(eq(people.id, person.id), eq(people.status, 'unregistered')));
}

/** A new invitation for somebody registered who has no keys yet; the ones before are worth nothing then. */
export async function inviteStaff(
  actor: Actor,
  { subject }: { subject: string },
  portal: Portal = thePortal(),
): Promise<Invitation> {
  const person = await memberOf(portal, ownInstitutionOf(actor), subject);
  if (!(await isRegistered(portal, subject))) {
    throw new AppError('NOT_REGISTERED', subject, {
      message: 'This person is not registered on the ledger yet.',
      next: 'Sign the registration first.',
    });
  }
  if (person.enrolledAt !== null) throw new AppError('KEY_EXISTS', subject);
  await countAttempt(portal.db, `invite:${actor.personId}`, invited);
  return portal.db.transaction(async (tx) => {
    await tx
      .update(invitations)
      .set({ expiresAt: sql`now()` })
      .where(
        and(eq(invitations.personId, person.id), isNull(invitations.usedAt), gt(invitations.expiresAt, sql`now()`)),
      );
    const { token, expiresAt } = await recordInvitation(tx, person.id);
    return { token, expiresAt: expiresAt.toISOString() };
  });
}

/** Throws NOT_FOUND for somebody of another institution too. */
async function memberOf(portal: Portal, institutionId: string, subject: string): Promise<Row> {
  const [person] = await portal.db
    .select()
    .from(people)
    .where(and(eq(people.subjectId, subject), eq(people.institutionId, institutionId)));
  if (person === undefined) throw new AppError('NOT_FOUND', `${subject} is nobody of ${institutionId}`);
  return person;
}

async function isRegistered(portal: Portal, subject: string): Promise<boolean> {
  try {
    await readPractitioner(portal.ledger, subject);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

/**
 * The members of staff for whom the institution's reading key can be wrapped: not revoked, with keys, and with a
 * certificate that this portal knows, by whose chain the admin's browser trusts the key.
 */
export async function listStaffKeys(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<StaffKey[]> {
  const registered = await allPractitioners(portal.ledger, ownInstitutionOf(actor));
  const able = registered.filter(({ keys, status }) => keys !== undefined && status !== 'revoked');
  if (able.length === 0) return [];
  const ids = able.map(({ id }) => id);
  const rows = await portal.db.select().from(people).where(inArray(people.subjectId, ids));
  return able.flatMap(({ id, keys }) => {
    const row = rows.find(({ subjectId }) => subjectId === id);
    if (keys === undefined || row?.certificatePem == null) return [];
    const { readingKey } = keys;
    const readerKeyHash = createHash('sha256').update(Buffer.from(readingKey, 'base64url')).digest('hex');
    const name = openName(portal.personalData, row);
    return [{ subject: id, name, readingKey, readerKeyHash, certificatePem: row.certificatePem }];
  });
}
