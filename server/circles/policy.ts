import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import type { Database } from '../gateways/db/database.ts';
import { accesses } from '../gateways/db/schema/care.ts';
import { circleSeats } from '../gateways/db/schema/circles.ts';
import type { Actor } from '../people/schema.ts';
import { representedBy } from '../records/reach.ts';

/** What somebody has to do with a patient's circle. */
export type Membership = 'own' | 'representative' | 'seat';

/** Of a seat: that it is in force, as the ledger was last read. One that has run out ends by itself, and no entry says so. */
export const isInForce = and(
  eq(circleSeats.state, 'active'),
  or(isNull(circleSeats.until), gt(circleSeats.until, sql`now()`)),
);

/** Whether a subject has a seat in force. */
export async function isSeatedAt(db: Database, patient: string, subject: string): Promise<boolean> {
  const rows = await db
    .select({ kind: circleSeats.kind })
    .from(circleSeats)
    .where(and(eq(circleSeats.patient, patient), eq(circleSeats.subject, subject), isInForce));
  return rows.length > 0;
}

/** The patient, a representative, or a clinician with a seat; undefined for everybody else. */
export async function membershipOf(
  { db }: { db: Database },
  actor: Actor,
  patient: string,
): Promise<Membership | undefined> {
  if (actor.role === 'patient') {
    if (actor.subjectId === patient) return 'own';
    return (await representedBy({ db }, actor.subjectId)).includes(patient) ? 'representative' : undefined;
  }
  if (actor.role !== 'doctor') return undefined;
  return (await isSeatedAt(db, patient, actor.subjectId)) ? 'seat' : undefined;
}

/** Throws NOT_FOUND for everybody else, so that nobody learns who is watched. */
export async function requireMember(portal: { db: Database }, actor: Actor, patient: string): Promise<Membership> {
  const membership = await membershipOf(portal, actor, patient);
  if (membership === undefined) throw notFound(patient);
  return membership;
}

/** The patient or a representative. Throws NOT_FOUND. */
export async function requireOwner(portal: { db: Database }, actor: Actor, patient: string): Promise<void> {
  const membership = await membershipOf(portal, actor, patient);
  if (membership !== 'own' && membership !== 'representative') throw notFound(patient);
}

/** Those who may have sealed readings: members, and whoever reads the record now by an entry on the ledger. Throws NOT_FOUND. */
export async function requireFramesReader(portal: { db: Database }, actor: Actor, patient: string): Promise<void> {
  if ((await membershipOf(portal, actor, patient)) !== undefined) return;
  if (actor.role !== 'doctor' && actor.role !== 'pharmacist' && actor.role !== 'patient') throw notFound(patient);
  const rows = await portal.db
    .select({ id: accesses.id })
    .from(accesses)
    .where(and(eq(accesses.patient, patient), eq(accesses.reader, actor.subjectId), gt(accesses.until, sql`now()`)))
    .limit(1);
  if (rows.length === 0) throw notFound(patient);
}

const notFound = (patient: string) =>
  new AppError('NOT_FOUND', `nothing of ${patient} for this person`, { message: 'There is no such patient for you.' });
