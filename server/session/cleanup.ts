import { lt, sql } from 'drizzle-orm';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { rateLimits, recoveries, sessions, walletNonces } from '../gateways/db/schema/session.ts';

const everyMs = 3600_000;

/** Deletes counters, challenges and sessions that mean nothing any more. The audits stay. */
export async function cleanUp({ db }: Portal): Promise<void> {
  await db.delete(rateLimits).where(lt(rateLimits.windowStart, sql`now() - interval '1 day'`));
  await db.delete(walletNonces).where(lt(walletNonces.expiresAt, sql`now()`));
  await db.delete(recoveries).where(lt(recoveries.expiresAt, sql`now()`));
  await db.delete(sessions).where(lt(sessions.expiresAt, sql`now() - interval '30 days'`));
}

/** Cleans up once an hour until `signal` aborts. */
export async function runCleanup(portal: Portal, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(everyMs, signal);
    if (signal.aborted) return;
    await cleanUp(portal).catch((error) => log().warn({ detail: asAppError(error).detail }, 'could not clean up'));
  }
}
