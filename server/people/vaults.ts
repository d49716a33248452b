import { and, eq, sql } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { people, vaults, wallets } from '../gateways/db/schema/people.ts';
import { allowPeople } from './policy.ts';
import type { Actor, VaultState } from './schema.ts';

/** The actor's own encrypted keys, certificate and wallet. Throws NOT_ENROLLED. */
export async function readVault(actor: Actor, portal: Portal = thePortal()): Promise<VaultState> {
  allowPeople(actor, 'readVault');
  const rows = await portal.db
    .select({ version: vaults.version, record: vaults.record, certificatePem: people.certificatePem })
    .from(vaults)
    .innerJoin(people, eq(people.id, vaults.personId))
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
  };
}

/** Replaces the actor's vault if it still has `baseVersion`; throws CONFLICT otherwise. */
export async function saveVault(
  actor: Actor,
  input: { baseVersion: number; record: string },
  portal: Portal = thePortal(),
): Promise<{ version: number }> {
  allowPeople(actor, 'saveVault');
  const rows = await portal.db
    .update(vaults)
    .set({ version: input.baseVersion + 1, record: input.record, updatedAt: sql`now()` })
    .where(and(eq(vaults.personId, actor.personId), eq(vaults.version, input.baseVersion)))
    .returning({ version: vaults.version });
  const row = rows[0];
  if (row === undefined) throw new AppError('CONFLICT', `vault is not at version ${input.baseVersion}`);
  return row;
}
