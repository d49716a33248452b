import { eq } from 'drizzle-orm';
import type { Reenrolment } from '#chaincode/model/patient.ts';
import type { PublicKeys } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { people } from '../gateways/db/schema/people.ts';
import { pendingKeys } from '../gateways/db/schema/session.ts';
import { readOwnReenrolment } from '../people/ledgerEntry.ts';

export type Pending = typeof pendingKeys.$inferSelect;

/** Keys that somebody (`prac-…`, `pt-…`) has made and that are not in force. */
export async function findPending({ db }: Pick<Portal, 'db'>, subject: string): Promise<Pending | undefined> {
  const [row] = await db
    .select({ pending: pendingKeys })
    .from(pendingKeys)
    .innerJoin(people, eq(people.id, pendingKeys.personId))
    .where(eq(people.subjectId, subject));
  return row?.pending;
}

/** The newest re-enrolment of a subject on the ledger; undefined where there was none. Throws LEDGER_UNAVAILABLE. */
export async function findReenrolment(portal: Portal, subject: string): Promise<Reenrolment | undefined> {
  try {
    return await readOwnReenrolment(portal, subject);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Refuses while new keys of the person are on their way on the ledger: WRONG_STATE. */
export async function requireNoneRunning(portal: Portal, subject: string): Promise<void> {
  const [found, pending] = await Promise.all([findReenrolment(portal, subject), findPending(portal, subject)]);
  const entersForce = found?.state === 'completed' && found.keys.signingKeyHash === pending?.signingKeyHash;
  if (found?.state !== 'proposed' && found?.state !== 'approved' && !entersForce) return;
  throw new AppError('WRONG_STATE', `new keys of ${subject} are ${found.state}`, {
    message: 'New keys are proposed for this person already.',
    next: 'Wait for the decision, or refuse them first.',
  });
}

/**
 * Refuses to propose other keys than those that the person has made here: nobody could sign in with them. Throws
 * WRONG_STATE.
 */
export async function requireMade(portal: Portal, subject: string, keys: PublicKeys): Promise<void> {
  const made = await findPending(portal, subject);
  const same =
    made?.signingKeyHash === keys.signingKeyHash && made.readingKey === keys.readingKey && made.wallet === keys.wallet;
  if (same) return;
  throw new AppError('WRONG_STATE', `${subject} has not made these keys`, {
    message: 'The person has not made these keys, or has made others since.',
    next: 'Reload to see the present ones.',
  });
}
