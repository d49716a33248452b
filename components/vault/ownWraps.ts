import type { TransactionIntent } from '#server/transactions/schema.ts';
import { vaultClient } from './client.ts';
import { findClaims, openOwnRecord } from './records.ts';

/**
 * The keys of one's own record, wrapped for the present reading key after it was changed; null where the record has none that
 * opens. They stay open by the key before meanwhile. Throws what reading the record throws.
 */
export async function ownWrapsAnew(patient: string): Promise<TransactionIntent | null> {
  const { unlocked } = await openOwnRecord(patient);
  const categories = unlocked.filter(({ state }) => state === 'open').map(({ category }) => category);
  const [claim] = categories.length === 0 ? [] : await findClaims([patient]);
  if (claim === undefined) return null;
  return vaultClient().call('addWraps', { patient, readers: [{ claim, categories }] });
}
