import { and, eq } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
import { ledgerEvents } from '../gateways/db/schema/ledger.ts';
import type { Saga } from '../sagas/store.ts';

/**
 * Whether a flow's own transaction is recorded, by what is followed of the ledger: that is how a lost answer is found where
 * the ledger's state is private. Transactions that are not valid are not in there.
 */
export async function isRecorded(portal: Portal, { row }: Saga): Promise<boolean> {
  if (row.transactionId === null) return false;
  const rows = await portal.db
    .select({ at: ledgerEvents.at })
    .from(ledgerEvents)
    .where(and(eq(ledgerEvents.channel, row.channel), eq(ledgerEvents.transactionId, row.transactionId)));
  return rows.length > 0;
}
