import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { credentials, recoveries } from '../gateways/db/schema/session.ts';
import { attempt, audit, forgiveSignIns } from '../session/attempt.ts';
import { newRecovery, verifySecret } from '../session/passwords.ts';
import { endSessions } from '../session/service.ts';
import { allowPeople } from './policy.ts';
import { readEmail } from './record.ts';
import type { Actor, addLock as adding, changePassword as changing, renewPhrase as renewing } from './schema.ts';
import { putPassword, putVault, requireWays, storedVersion } from './vaults.ts';

/**
 * A session alone, such as one left open on a shared computer, adds nothing that opens the keys and replaces nothing that
 * does. It may take a wallet off. Throws PASSWORD_WRONG and RATE_LIMITED.
 */
async function provePassword(portal: Portal, actor: Actor, proof: string): Promise<string> {
  const account = await readEmail(portal, actor.personId);
  const personId = await attempt(portal, { method: 'change', account }, () =>
    verifySecret(portal, 'sign-in', { personId: actor.personId }, proof),
  );
  if (personId === undefined) throw new AppError('PASSWORD_WRONG', 'no such sign-in secret');
  return account;
}

/**
 * Replaces the actor's password: the vault with its new password lock and the new sign-in secret together, or neither.
 * The actor's other sessions end. Throws PASSWORD_WRONG for a wrong present password, CONFLICT, INVALID_INPUT,
 * RATE_LIMITED.
 */
export async function changePassword(
  actor: Actor,
  input: z.output<typeof changing>,
  portal: Portal = thePortal(),
): Promise<{ version: number }> {
  allowPeople(actor, 'changePassword');
  requireWays(input.record, input.salt);
  // Once stored, the password that proved it is no longer the present one.
  const stored = await storedVersion(portal.db, actor.personId, input);
  if (stored !== undefined) return { version: stored };
  const account = await provePassword(portal, actor, input.proof);
  const { personalData } = portal;
  return portal.db.transaction(async (db) => {
    const version = await putPassword({ db, personalData }, actor.personId, input);
    await endSessions(db, actor.personId, actor.sessionId);
    await forgiveSignIns({ db, personalData }, account);
    await audit({ db, personalData }, { method: 'change', account }, 'password-replaced', actor.personId);
    log().info({ personId: actor.personId }, 'password changed');
    return { version };
  });
}

/**
 * Replaces the actor's recovery phrase, in the vault and as a proof, together. The phrase before neither opens nor
 * recovers. Throws as `changePassword`.
 */
export async function renewPhrase(
  actor: Actor,
  input: z.output<typeof renewing>,
  portal: Portal = thePortal(),
): Promise<{ version: number }> {
  allowPeople(actor, 'renewPhrase');
  requireWays(input.record);
  const account = await provePassword(portal, actor, input.proof);
  const { personalData } = portal;
  return portal.db.transaction(async (db) => {
    const version = await putVault(db, actor.personId, input, 'recovery');
    await db
      .update(credentials)
      .set(newRecovery(personalData, input.recoverySecret))
      .where(eq(credentials.personId, actor.personId));
    await db.delete(recoveries).where(eq(recoveries.personId, actor.personId));
    await audit({ db, personalData }, { method: 'change', account }, 'phrase-replaced', actor.personId);
    log().info({ personId: actor.personId }, 'recovery phrase renewed');
    return { version };
  });
}

/** Stores the actor's vault with a wallet or passkey as one more way to open it. Throws as `changePassword`. */
export async function addLock(
  actor: Actor,
  input: z.output<typeof adding>,
  portal: Portal = thePortal(),
): Promise<{ version: number }> {
  allowPeople(actor, 'addLock');
  requireWays(input.record);
  const account = await provePassword(portal, actor, input.proof);
  const { personalData } = portal;
  return portal.db.transaction(async (db) => {
    const version = await putVault(db, actor.personId, input, input.kind);
    await audit({ db, personalData }, { method: 'change', account }, `${input.kind}-added`, actor.personId);
    return { version };
  });
}
