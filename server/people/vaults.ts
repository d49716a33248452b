import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { findLock, parseVaultRecord } from '#crypto/vault.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { people, vaults, wallets } from '../gateways/db/schema/people.ts';
import { credentials } from '../gateways/db/schema/session.ts';
import { newCredentials } from '../session/passwords.ts';
import type { PersonalData } from './personalData.ts';
import { allowPeople } from './policy.ts';
import type { Actor, VaultState } from './schema.ts';

/** The actor's own encrypted keys, certificate and wallet. Throws NOT_ENROLLED. */
export async function readVault(actor: Actor, portal: Portal = thePortal()): Promise<VaultState> {
  allowPeople(actor, 'readVault');
  const rows = await portal.db
    .select({
      version: vaults.version,
      record: vaults.record,
      certificatePem: people.certificatePem,
      recoverable: isNotNull(credentials.recoveryVerifier).mapWith(Boolean),
    })
    .from(vaults)
    .innerJoin(people, eq(people.id, vaults.personId))
    .leftJoin(credentials, eq(credentials.personId, vaults.personId))
    .where(eq(vaults.personId, actor.personId));
  const row = rows[0];
  if (row === undefined) throw new AppError('NOT_ENROLLED', 'no vault');
  const linked = await portal.db
    .select()
    .from(wallets)
    .where(eq(wallets.personId, actor.personId))
    .orderBy(wallets.linkedAt)
    .limit(1);
  return {
    version: row.version,
    record: row.record,
    certificatePem: row.certificatePem ?? '',
    wallet: linked[0]?.address ?? '',
    recoverable: row.recoverable,
  };
}

/**
 * Refuses with INVALID_INPUT a record that password or phrase would no longer open, and one whose password is stretched
 * with another salt than the sign-in that goes with it.
 */
export function requireWays(record: string, salt?: string): void {
  try {
    const parsed = parseVaultRecord(record);
    findLock(parsed, 'recovery');
    if (findLock(parsed, 'password').salt !== (salt ?? findLock(parsed, 'password').salt)) throw new RangeError('salt');
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'vault', { cause });
  }
}

/** Puts a new record in the place of the one with `baseVersion`. Throws CONFLICT where it has another version. */
export async function putVault(
  db: Database,
  personId: string,
  { baseVersion, record }: { baseVersion: number; record: string },
): Promise<number> {
  const [row] = await db
    .update(vaults)
    .set({ version: baseVersion + 1, record, updatedAt: sql`now()` })
    .where(and(eq(vaults.personId, personId), eq(vaults.version, baseVersion)))
    .returning({ version: vaults.version });
  if (row === undefined) throw new AppError('CONFLICT', `vault is not at version ${baseVersion}`);
  return row.version;
}

/** Puts a record with a new password lock, and what signs in with that password. To be called within a transaction. */
export async function putPassword(
  { db, personalData }: { db: Database; personalData: PersonalData },
  personId: string,
  input: { baseVersion: number; record: string; salt: string; signInSecret: string },
): Promise<number> {
  const version = await putVault(db, personId, input);
  await db
    .update(credentials)
    .set({ ...newCredentials(personalData, input.salt, input.signInSecret), updatedAt: sql`now()` })
    .where(eq(credentials.personId, personId));
  return version;
}

/** Replaces the actor's vault if it still has `baseVersion`. Throws CONFLICT otherwise, and INVALID_INPUT. */
export async function saveVault(
  actor: Actor,
  input: { baseVersion: number; record: string },
  portal: Portal = thePortal(),
): Promise<{ version: number }> {
  allowPeople(actor, 'saveVault');
  requireWays(input.record);
  return { version: await putVault(portal.db, actor.personId, input) };
}
