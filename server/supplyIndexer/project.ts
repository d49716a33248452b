import { and, eq, isNull } from 'drizzle-orm';
import type { Database } from '../gateways/db/database.ts';
import { traceRecalls } from '../gateways/db/schema/trace.ts';
import { apply } from './apply.ts';
import type { RecallFact, SupplyFacts } from './decode.ts';
import { loadState } from './load.ts';
import { storeState } from './store.ts';

/**
 * Brings the read model to what blocks of one channel say, which follow those that it knows. To be called in the transaction
 * that moves the checkpoint, so that each block counts once.
 */
export async function projectSupply(
  db: Database,
  channel: string,
  { facts, recalls }: Omit<SupplyFacts, 'unreadable'>,
): Promise<void> {
  for (const recall of recalls) await projectRecall(db, recall);
  if (facts.length === 0) return;
  const state = await loadState(db, channel, facts);
  for (const fact of facts) apply(state, fact);
  await storeState(db, facts, state);
}

async function projectRecall(db: Database, fact: RecallFact): Promise<void> {
  const { change, channel, block, transactionId, at, by, party } = fact;
  const { id, gtin, batches, serials, reason, level } = fact.recall;
  if (change === 'endRecall') {
    await db
      .update(traceRecalls)
      .set({ endedAt: at, endedBy: by })
      .where(and(eq(traceRecalls.id, id), isNull(traceRecalls.endedAt)));
    return;
  }
  await db
    .insert(traceRecalls)
    .values({
      ...{ id, gtin, channel, batches: batches ?? null, serials: serials ?? null, reason, level, by, party },
      ...{ startedAt: at, startedBlock: block, transactionId },
    })
    .onConflictDoNothing();
}
