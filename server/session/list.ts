import { and, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { sessions } from '../gateways/db/schema/session.ts';
import type { Actor } from '../people/schema.ts';
import type { endSession, SessionView } from './schema.ts';

/** The actor's browsers that are signed in now, newest first. */
export async function listSessions(actor: Actor, portal: Portal = thePortal()): Promise<SessionView[]> {
  const rows = await portal.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.personId, actor.personId), isNull(sessions.endedAt), gt(sessions.expiresAt, sql`now()`)))
    .orderBy(desc(sessions.createdAt))
    .limit(50);
  return rows.map(({ id, method, createdAt, expiresAt }) => ({
    id,
    method: method === 'wallet' ? 'wallet' : 'password',
    since: createdAt.toISOString(),
    until: expiresAt.toISOString(),
    own: id === actor.sessionId,
  }));
}

/** Signs the actor out in another browser, in every process and open stream. Throws NOT_FOUND. */
export async function endOtherSession(
  actor: Actor,
  { id }: z.output<typeof endSession>,
  portal: Portal = thePortal(),
): Promise<void> {
  const ended = await portal.db
    .update(sessions)
    .set({ endedAt: sql`now()` })
    .where(
      and(
        eq(sessions.id, id),
        eq(sessions.personId, actor.personId),
        ne(sessions.id, actor.sessionId),
        isNull(sessions.endedAt),
      ),
    )
    .returning({ id: sessions.id });
  if (ended.length !== 1) throw new AppError('NOT_FOUND', `session ${id}`, { message: 'That browser is signed out.' });
  log().info({ personId: actor.personId }, 'session ended elsewhere');
}
