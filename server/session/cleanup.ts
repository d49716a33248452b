import { and, isNull, lt, sql } from 'drizzle-orm';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { channelMinutes } from '../gateways/db/schema/ledger.ts';
import { accessAudit, replacedVaults } from '../gateways/db/schema/people.ts';
import { rateLimits, recoveries, sessions, signInAudit, walletNonces } from '../gateways/db/schema/session.ts';

const everyMs = 3600_000;

/** Who signed in, and who looked for identifiers of nobody, is kept for a year; who saw which patient stays. */
const auditKept = sql`now() - interval '1 year'`;

/** Deletes counters, challenges, sessions, vaults, audits and figures that mean nothing any more. */
export async function cleanUp({ db }: Portal): Promise<void> {
  await db.delete(rateLimits).where(lt(rateLimits.windowStart, sql`now() - interval '1 day'`));
  await db.delete(walletNonces).where(lt(walletNonces.expiresAt, sql`now()`));
  await db.delete(recoveries).where(lt(recoveries.expiresAt, sql`now()`));
  await db.delete(sessions).where(lt(sessions.expiresAt, sql`now() - interval '30 days'`));
  await db.delete(replacedVaults).where(lt(replacedVaults.replacedAt, sql`now() - interval '30 days'`));
  await db.delete(channelMinutes).where(lt(channelMinutes.minute, sql`now() - interval '7 days'`));
  await db.delete(signInAudit).where(lt(signInAudit.at, auditKept));
  await db.delete(accessAudit).where(and(isNull(accessAudit.patientId), lt(accessAudit.at, auditKept)));
}

/** Cleans up once an hour until `signal` aborts. */
export async function runCleanup(portal: Portal, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(everyMs, signal);
    if (signal.aborted) return;
    await cleanUp(portal).catch((error) => log().warn({ detail: asAppError(error).detail }, 'could not clean up'));
  }
}
