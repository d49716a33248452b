import { and, asc, eq, inArray, notExists, notInArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { prescriptionIssue } from '#chaincode/model/records.ts';
import type { Portal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { prescriptions, tokens } from '../gateways/db/schema/ledger.ts';
import { heldBack, relayQueue } from '../gateways/db/schema/relay.ts';
import type { Issue } from '../gateways/ethereum/ethereum.ts';
import type { Saga } from '../sagas/store.ts';

export type QueuedRow = typeof relayQueue.$inferSelect;

/** How long a queued flow is left to the relay before the saga worker looks at it again. */
const leftToRelayMs = 60_000;
export const relayLook = () => new Date(Date.now() + leftToRelayMs);

const mintable = z.object({ issue: prescriptionIssue, tokenHolder: z.string() });

/** What the wallet of a flow's doctor signs: all but the deadline as the ledger has it. */
export function issueOf(portal: Portal, saga: Saga, deadline: number): Issue {
  const { issue, tokenHolder } = mintable.parse(saga.row.intent);
  return {
    tokenId: portal.ethereum.tokenIdOf(issue.id),
    holder: tokenHolder,
    commitment: issue.commitment,
    expires: Math.floor(Date.parse(issue.expires) / 1000),
    deadline,
  };
}

/** Takes a signed token in; a newer signature takes the place of one that waits. */
export async function queueMint(
  db: Database,
  { row: { id: sagaId, subject } }: Saga,
  { deadline, signature }: { deadline: number; signature: string },
): Promise<void> {
  const signed = { deadline: String(deadline), signature };
  await db
    .insert(relayQueue)
    .values({ sagaId, kind: 'mint', subject, ...signed })
    .onConflictDoUpdate({ target: [relayQueue.sagaId, relayQueue.kind], set: signed });
}

/** Has the newest state of a flow's prescription attested with the next batch. Doing it twice changes nothing. */
export async function queueState(portal: Portal, { row: { id, subject } }: Saga): Promise<void> {
  await portal.db.insert(relayQueue).values({ sagaId: id, kind: 'state', subject }).onConflictDoNothing();
}

export async function isQueued(portal: Portal, sagaId: string): Promise<boolean> {
  const rows = await portal.db.select().from(relayQueue).where(eq(relayQueue.sagaId, sagaId)).limit(1);
  return rows.length > 0;
}

/** What waits of a kind: first what nothing held back, then the oldest. */
export async function readQueue(portal: Portal, kind: 'mint' | 'state', most: number): Promise<QueuedRow[]> {
  return portal.db
    .select()
    .from(relayQueue)
    .where(eq(relayQueue.kind, kind))
    .orderBy(asc(relayQueue.held), asc(relayQueue.queuedAt))
    .limit(most);
}

/** Behind all others: what could not be brought keeps no other from its turn. */
export async function waitAgain(portal: Portal, rows: readonly QueuedRow[]): Promise<void> {
  for (const { sagaId, kind } of rows)
    await portal.db
      .update(relayQueue)
      .set({ queuedAt: sql`now()` })
      .where(and(eq(relayQueue.sagaId, sagaId), eq(relayQueue.kind, kind)));
}

/** Notes what holds the states of a prescription back, or that nothing does any more. */
export async function holdStates(portal: Portal, subject: string, by: keyof typeof heldBack): Promise<void> {
  await portal.db
    .update(relayQueue)
    .set({ held: heldBack[by] })
    .where(and(eq(relayQueue.kind, 'state'), eq(relayQueue.subject, subject)));
}

/**
 * Prescriptions that have ended on the ledger and not on Ethereum: replaced by another, cancelled when a pharmacy gave them back,
 * or ended by an institution's software, so that no flow of the portal waits for it.
 */
export async function readLagging(portal: Portal, most: number): Promise<string[]> {
  const rows = await portal.db
    .select({ id: prescriptions.id })
    .from(prescriptions)
    .innerJoin(tokens, eq(tokens.prescriptionId, prescriptions.id))
    .where(
      and(
        inArray(prescriptions.state, ['completed', 'cancelled']),
        notInArray(tokens.state, ['dispensed', 'cancelled']),
        notExists(portal.db.select({ one: sql`1` }).from(relayQueue).where(eq(relayQueue.subject, prescriptions.id))),
      ),
    )
    // In no order, so that some that cannot be brought keep no other back.
    .orderBy(sql`random()`)
    .limit(most);
  return rows.map(({ id }) => id);
}

/** How much waits that may be brought now. What is held back would only send each new token alone, as soon as it is signed. */
export async function countQueue(portal: Portal): Promise<number> {
  const [row] = await portal.db
    .select({ count: sql<number>`count(*)::int` })
    .from(relayQueue)
    .where(or(eq(relayQueue.kind, 'mint'), eq(relayQueue.held, heldBack.nothing)));
  return row?.count ?? 0;
}

/** Takes rows of a kind out of the queue. */
export async function leaveQueue(portal: Portal, kind: 'mint' | 'state', sagaIds: string[]): Promise<void> {
  if (sagaIds.length === 0) return;
  await portal.db.delete(relayQueue).where(and(eq(relayQueue.kind, kind), inArray(relayQueue.sagaId, sagaIds)));
}
