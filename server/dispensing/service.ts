import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { dispensings } from '../gateways/db/schema/dispensings.ts';
import type { Actor } from '../people/schema.ts';
import { readFromLedger } from '../prescriptions/ledger.ts';
import { allowBeginning, allowDispensing } from './policy.ts';
import type { dropDispensing as dropping, keepDispensing as keeping, OpenDispensing } from './schema.ts';

/** So many one pharmacist may have begun at a time; nobody comes near it who finishes or takes back. */
const mostOpen = 50;

/**
 * Keeps what carries a dispense of packs on, so that it can be finished or taken back whenever its browser goes away.
 * Repeating it changes nothing. Throws CONFLICT for another pharmacist's, RATE_LIMITED, and the refusals of the policy.
 */
export async function keepDispensing(
  actor: Actor,
  { dispenseId, prescriptionId, packet }: z.output<typeof keeping>,
  portal: Portal = thePortal(),
): Promise<void> {
  allowDispensing(actor);
  allowBeginning(actor, await readFromLedger(portal.ledger, prescriptionId, actor.mspId));
  const open = await portal.db.$count(dispensings, eq(dispensings.personId, actor.personId));
  if (open >= mostOpen) {
    throw new AppError('RATE_LIMITED', `${open} dispenses are open`, {
      message: 'Too many dispenses were begun and not finished.',
      next: 'Finish them or take them back first.',
    });
  }
  const { personId } = actor;
  await portal.db.insert(dispensings).values({ dispenseId, personId, prescriptionId, packet }).onConflictDoNothing();
  const [row] = await portal.db.select().from(dispensings).where(eq(dispensings.dispenseId, dispenseId));
  if (row?.personId !== personId || row.prescriptionId !== prescriptionId) throw new AppError('CONFLICT', dispenseId);
}

/**
 * Forgets a dispense that is done or taken back. Throws WRONG_STATE while the ledger still keeps units for it: without the
 * packet nobody would know which packs are meant.
 */
export async function dropDispensing(
  actor: Actor,
  { dispenseId }: z.output<typeof dropping>,
  portal: Portal = thePortal(),
): Promise<void> {
  allowDispensing(actor);
  const own = and(eq(dispensings.dispenseId, dispenseId), eq(dispensings.personId, actor.personId));
  const [row] = await portal.db.select().from(dispensings).where(own);
  if (row === undefined) return;
  const { reservation } = await readFromLedger(portal.ledger, row.prescriptionId, actor.mspId);
  if (reservation?.dispenseId === dispenseId) throw new AppError('WRONG_STATE', `${dispenseId} is reserved`);
  await portal.db.delete(dispensings).where(own);
}

/** The actor's own dispenses of packs that are under way, oldest first; nobody else's packets are handed out. */
export async function listDispensings(actor: Actor, portal: Portal = thePortal()): Promise<OpenDispensing[]> {
  allowDispensing(actor);
  const rows = await portal.db
    .select()
    .from(dispensings)
    .where(eq(dispensings.personId, actor.personId))
    .orderBy(asc(dispensings.createdAt));
  return rows.map(({ dispenseId, prescriptionId, packet, createdAt }) => ({
    ...{ dispenseId, prescriptionId, packet, begun: createdAt.toISOString() },
  }));
}
