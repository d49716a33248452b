import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { invitations } from '../gateways/db/schema/people.ts';
import { pendingKeys } from '../gateways/db/schema/session.ts';
import { recordInvitation } from '../people/accounts.ts';
import type { Actor } from '../people/schema.ts';
import type { Invitation } from '../registry/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { requireKept } from './keeper.ts';
import { requireNoneRunning } from './pending.ts';
import type { ofPerson } from './schema.ts';

const started = { max: 60, windowSeconds: 24 * 3600 };
const linkDays = 3;

/**
 * A link with which somebody who has lost password and recovery phrase makes new keys; shown once, for one use. What was
 * begun before for the person is worth nothing then. Throws WRONG_STATE where new keys are on their way on the ledger.
 */
export async function startReenrolment(
  actor: Actor,
  { subject }: z.output<typeof ofPerson>,
  portal: Portal = thePortal(),
): Promise<Invitation> {
  const person = await requireKept(portal, actor, subject);
  await requireNoneRunning(portal, subject);
  await countAttempt(portal.db, `reenrol:${actor.personId}`, started);
  const { token, expiresAt } = await portal.db.transaction(async (tx) => {
    await forgetNewKeys(tx, person.id);
    return recordInvitation(tx, person.id, linkDays, 'reenrolment');
  });
  log().info({ personId: person.id, by: actor.personId }, 'a link for new keys');
  return { token, expiresAt: expiresAt.toISOString() };
}

/** Forgets link and keys of somebody, as long as nobody has proposed them. Throws WRONG_STATE. */
export async function discardNewKeys(
  actor: Actor,
  { subject }: z.output<typeof ofPerson>,
  portal: Portal = thePortal(),
): Promise<void> {
  const person = await requireKept(portal, actor, subject);
  await requireNoneRunning(portal, subject);
  await portal.db.transaction((tx) => forgetNewKeys(tx, person.id));
}

/** To be called within a transaction. */
export async function forgetNewKeys(db: Database, personId: string): Promise<void> {
  await db.delete(pendingKeys).where(eq(pendingKeys.personId, personId));
  await db
    .update(invitations)
    .set({ expiresAt: sql`now()` })
    .where(
      and(
        eq(invitations.personId, personId),
        eq(invitations.purpose, 'reenrolment'),
        isNull(invitations.usedAt),
        gt(invitations.expiresAt, sql`now()`),
      ),
    );
}
