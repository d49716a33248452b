import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { prescriptionEvent } from '#chaincode/model/prescription.ts';
import { registryEvent } from '#chaincode/model/registry.ts';
import type { Portal } from '#server/portal.ts';
import { checkpoints, ledgerEvents } from '../gateways/db/schema/ledger.ts';
import type { Block, BlockTransaction } from '../gateways/ledger/blocks.ts';
import { readManyFromLedger } from '../prescriptions/ledger.ts';
import { project } from '../prescriptions/readModel.ts';

/** PostgreSQL channel on which each recorded block is told to every portal process. */
export const changesChannel = 'medloom_changes';

const prescriptionPayload = z.object({ id: z.string(), change: z.string(), state: z.string(), version: z.int() });
const registryPayload = z.object({ id: z.string(), change: z.string(), status: z.string() });

export type LedgerEventRow = typeof ledgerEvents.$inferInsert;

/** What is told of one change; no clinical content and no subject. */
export const changeNotice = z.object({
  channel: z.string(),
  blockNumber: z.number(),
  transactionId: z.string(),
  contract: z.string(),
  function: z.string(),
  state: z.string(),
  at: z.string(),
});
export type ChangeNotice = z.infer<typeof changeNotice>;

function eventOf(channel: string, blockNumber: number, transaction: BlockTransaction): LedgerEventRow | undefined {
  const { event, transactionId, contract, at } = transaction;
  if (!transaction.valid || event === undefined) return undefined;
  const base = { channel, blockNumber, transactionId, contract, at };
  const payload: unknown = JSON.parse(Buffer.from(event.payload).toString('utf8'));
  if (event.name === prescriptionEvent) {
    const { id, change, state } = prescriptionPayload.parse(payload);
    return { ...base, change, subject: id, state };
  }
  if (event.name === registryEvent) {
    const { id, change, status } = registryPayload.parse(payload);
    return { ...base, change, subject: id, state: status };
  }
  return undefined;
}

/**
 * Records a block: events, read model and checkpoint in one database transaction, so that each block counts exactly once
 * whenever the process ends. A block that is recorded already changes nothing. `since`: when following began; the age of
 * older transactions says nothing about how fast the indexer is.
 */
export async function recordBlock(
  portal: Portal,
  channel: string,
  block: Block,
  { since = new Date(0), now = new Date() }: { since?: Date; now?: Date } = {},
): Promise<void> {
  const number = Number(block.number);
  const events = block.transactions.flatMap((transaction) => eventOf(channel, number, transaction) ?? []);
  const ids = [...new Set(events.filter(({ contract }) => contract === 'prescriptions').map(({ subject }) => subject))];
  const states = (
    await Promise.all(
      Array.from({ length: Math.ceil(ids.length / 100) }, (_, page) =>
        readManyFromLedger(portal.ledger, channel, ids.slice(page * 100, page * 100 + 100)),
      ),
    )
  ).flat();
  const invalid = block.transactions.filter(({ valid }) => !valid).length;
  const last = block.transactions.at(-1)?.at;
  const lag = last === undefined || last < since ? undefined : Math.max(0, now.getTime() - last.getTime());
  await portal.db.transaction(async (tx) => {
    const moved = await tx
      .update(checkpoints)
      .set({
        nextBlock: number + 1,
        transactions: sql`${checkpoints.transactions} + ${block.transactions.length}`,
        invalid: sql`${checkpoints.invalid} + ${invalid}`,
        heartbeatAt: sql`now()`,
        ...(lag === undefined ? {} : { lagMs: Math.min(lag, 2_000_000_000) }),
      })
      .where(sql`${checkpoints.channel} = ${channel} and ${checkpoints.nextBlock} = ${number}`)
      .returning({ channel: checkpoints.channel });
    if (moved.length === 0) return;
    if (events.length > 0) await tx.insert(ledgerEvents).values(events).onConflictDoNothing();
    await project(tx, channel, states);
    for (const { at, subject: _, change, ...event } of events) {
      const notice: ChangeNotice = { ...event, function: change, at: at.toISOString() };
      await tx.execute(sql`select pg_notify(${changesChannel}, ${JSON.stringify(notice)})`);
    }
  });
}

/** Number of the next block to read of a channel. */
export async function nextBlockOf(portal: Portal, channel: string): Promise<bigint> {
  await portal.db.insert(checkpoints).values({ channel, nextBlock: 0 }).onConflictDoNothing();
  const [row] = await portal.db.select().from(checkpoints).where(eq(checkpoints.channel, channel));
  return BigInt(row?.nextBlock ?? 0);
}

/** Notes that a channel is being followed, or no longer. */
export async function beat(portal: Portal, channel: string, following: boolean): Promise<void> {
  await portal.db
    .update(checkpoints)
    .set({ following, heartbeatAt: sql`now()` })
    .where(eq(checkpoints.channel, channel));
}
