import { and, eq, gt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { vaults } from '../gateways/db/schema/people.ts';
import { recoveries } from '../gateways/db/schema/session.ts';
import { attempt, audit, type Caller, countAddress, forgiveSignIns } from '../session/attempt.ts';
import { verifySecret } from '../session/passwords.ts';
import { endSessions } from '../session/service.ts';
import { normaliseEmail } from './personalData.ts';
import { readEmail } from './record.ts';
import type { finishRecovery as finishing, RecoveryStarted, startRecovery as starting } from './schema.ts';
import { newToken, tokenHash } from './token.ts';
import { putPassword, requireWays } from './vaults.ts';

const minutes = 10;

/**
 * Lets whoever has the recovery phrase of an account replace its password, once and within ten minutes. The encrypted
 * vault is handed out only here, after the proof: whoever knows no more than an e-mail gets nothing to guess at. A wrong
 * phrase and an unknown e-mail are refused alike, with UNAUTHENTICATED. Throws RATE_LIMITED.
 */
export async function startRecovery(
  caller: Caller,
  input: z.output<typeof starting>,
  portal: Portal = thePortal(),
): Promise<RecoveryStarted> {
  const account = normaliseEmail(input.email);
  const personId = await attempt(portal, { method: 'recovery', account, caller }, () =>
    verifySecret(portal, 'recovery', { email: account }, input.recoverySecret),
  );
  const [vault] =
    personId === undefined ? [] : await portal.db.select().from(vaults).where(eq(vaults.personId, personId));
  if (vault === undefined) {
    throw new AppError('UNAUTHENTICATED', 'no such phrase', {
      message: 'The e-mail or the recovery phrase is not right.',
      next: 'Check both and try again.',
    });
  }
  const token = newToken();
  await portal.db.transaction(async (tx) => {
    await tx.delete(recoveries).where(eq(recoveries.personId, vault.personId));
    await tx.insert(recoveries).values({
      tokenHash: tokenHash(token),
      personId: vault.personId,
      expiresAt: sql`now() + ${minutes} * interval '1 minute'`,
    });
  });
  return { token, version: vault.version, record: vault.record };
}

/**
 * Replaces the password of the person who has just proved the phrase: the vault with its new password lock and the new
 * sign-in secret together, or neither. Every session of the person ends. Throws UNAUTHENTICATED for a token that is
 * unknown, used or has run out, CONFLICT where the vault was changed meanwhile, INVALID_INPUT, RATE_LIMITED.
 */
export async function finishRecovery(
  caller: Caller,
  input: z.output<typeof finishing>,
  portal: Portal = thePortal(),
): Promise<{ version: number }> {
  await countAddress(portal, 'recovery-end', caller);
  requireWays(input.record, input.salt);
  const { personalData } = portal;
  return portal.db.transaction(async (db) => {
    const [used] = await db
      .delete(recoveries)
      .where(and(eq(recoveries.tokenHash, tokenHash(input.token)), gt(recoveries.expiresAt, sql`now()`)))
      .returning();
    if (used === undefined) {
      throw new AppError('UNAUTHENTICATED', 'no open recovery', {
        message: 'This recovery was used or has run out.',
        next: 'Begin again with your e-mail and recovery phrase.',
      });
    }
    const { personId } = used;
    const version = await putPassword({ db, personalData }, personId, input);
    await endSessions(db, personId);
    const account = await readEmail({ db, personalData }, personId);
    await forgiveSignIns({ db, personalData }, account);
    await audit({ db, personalData }, { method: 'recovery', account, caller }, 'password-replaced', personId);
    log().info({ personId }, 'password replaced by the recovery phrase');
    return { version };
  });
}
