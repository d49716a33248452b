import { isDeepStrictEqual } from 'node:util';
import { eq, isNotNull, sql } from 'drizzle-orm';
import { findLock, parseVaultRecord, type VaultLock } from '#crypto/vault.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { people, replacedVaults, vaults, wallets } from '../gateways/db/schema/people.ts';
import { credentials } from '../gateways/db/schema/session.ts';
import { newCredentials } from '../session/passwords.ts';
import { countAttempt, type RateLimit } from '../session/rateLimit.ts';
import type { PersonalData } from './personalData.ts';
import { allowPeople } from './policy.ts';
import type { Actor, VaultState } from './schema.ts';

/** A vault changes with a certificate or a wallet; what it replaces is kept. */
const saves: RateLimit = { max: 30, windowSeconds: 24 * 60 * 60 };

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

/** `readVault` for a page that stands open: another browser may have changed the vault meanwhile. */
export async function reloadVault(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<VaultState> {
  return readVault(actor, portal);
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

/** Refuses with INVALID_INPUT a lock that the present record lacks, unless it is of the kind that may be new. */
function requireKnownLocks(present: string, record: string, renewed: VaultLock['kind'] | undefined): void {
  const known = parseVaultRecord(present).locks;
  for (const lock of parseVaultRecord(record).locks) {
    if (lock.kind === renewed || known.some((is) => isDeepStrictEqual(is, lock))) continue;
    throw new AppError('INVALID_INPUT', `another ${lock.kind} lock`);
  }
}

interface NewVault {
  baseVersion: number;
  record: string;
}

/** Whether it was stored by an earlier request whose answer was lost. */
const isStored = (present: { version: number; record: string } | undefined, { baseVersion, record }: NewVault) =>
  present?.version === baseVersion + 1 && present.record === record;

/** The version that this very change made, where it was stored already: it is answered again, and not refused. */
export async function storedVersion(db: Database, personId: string, input: NewVault): Promise<number | undefined> {
  const [present] = await db.select().from(vaults).where(eq(vaults.personId, personId));
  return isStored(present, input) ? present?.version : undefined;
}

/**
 * Puts a new record in the place of the one with `baseVersion`, to be called within a transaction. Locks may be new of
 * the kind alone that is `renewed`, which the caller proved. The record before is kept, unless it is what an old password
 * or phrase would still open. Where this very record was stored already, its answer is repeated. Throws CONFLICT where
 * the vault has another version.
 */
export async function putVault(
  db: Database,
  personId: string,
  { baseVersion, record }: NewVault,
  renewed?: VaultLock['kind'],
): Promise<number> {
  const [present] = await db.select().from(vaults).where(eq(vaults.personId, personId)).for('update');
  const version = baseVersion + 1;
  if (isStored(present, { baseVersion, record })) return version;
  if (present?.version !== baseVersion) throw new AppError('CONFLICT', `vault is not at version ${baseVersion}`);
  requireKnownLocks(present.record, record, renewed);
  await db.update(vaults).set({ version, record, updatedAt: sql`now()` }).where(eq(vaults.personId, personId));
  if (renewed === undefined || renewed === 'wallet' || renewed === 'passkey') {
    await db.insert(replacedVaults).values({ personId, version: baseVersion, record: present.record });
  } else {
    await db.delete(replacedVaults).where(eq(replacedVaults.personId, personId));
  }
  return version;
}

/** Puts a record with a new password lock, and what signs in with that password. To be called within a transaction. */
export async function putPassword(
  { db, personalData }: { db: Database; personalData: PersonalData },
  personId: string,
  input: NewVault & { salt: string; signInSecret: string },
): Promise<number> {
  const version = await putVault(db, personId, input, 'password');
  await db
    .update(credentials)
    .set({ ...newCredentials(personalData, input.salt, input.signInSecret), updatedAt: sql`now()` })
    .where(eq(credentials.personId, personId));
  return version;
}

/**
 * Replaces the actor's vault if it still has `baseVersion`, with no lock that it did not have. Throws CONFLICT otherwise,
 * INVALID_INPUT and RATE_LIMITED.
 */
export async function saveVault(
  actor: Actor,
  input: NewVault,
  portal: Portal = thePortal(),
): Promise<{ version: number }> {
  allowPeople(actor, 'saveVault');
  requireWays(input.record);
  await countAttempt(portal.db, `vault:${actor.personId}`, saves);
  return { version: await portal.db.transaction((tx) => putVault(tx, actor.personId, input)) };
}
