import { sql } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
import { channelEndorsers, channelMinutes } from '../gateways/db/schema/ledger.ts';
import type { Block } from '../gateways/ledger/blocks.ts';

type Transaction = Parameters<Parameters<Portal['db']['transaction']>[0]>[0];
type Figures = Pick<
  typeof channelMinutes.$inferSelect,
  'blocks' | 'transactions' | 'invalid' | 'delays' | 'delayMs' | 'answers' | 'answerMs' | 'unanswered'
>;

const nothing: Figures = {
  blocks: 0,
  transactions: 0,
  invalid: 0,
  delays: 0,
  delayMs: 0,
  answers: 0,
  answerMs: 0,
  unanswered: 0,
};

const minuteMs = 60_000;

/** Adds figures to the minute of a channel that `at` lies in. */
async function add(
  db: Portal['db'] | Transaction,
  channel: string,
  at: Date,
  figures: Partial<Figures>,
): Promise<void> {
  const minute = new Date(Math.floor(at.getTime() / minuteMs) * minuteMs);
  await db
    .insert(channelMinutes)
    .values({ channel, minute, ...nothing, ...figures })
    .onConflictDoUpdate({
      target: [channelMinutes.channel, channelMinutes.minute],
      set: {
        blocks: sql`${channelMinutes.blocks} + excluded.blocks`,
        transactions: sql`${channelMinutes.transactions} + excluded.transactions`,
        invalid: sql`${channelMinutes.invalid} + excluded.invalid`,
        delays: sql`${channelMinutes.delays} + excluded.delays`,
        delayMs: sql`${channelMinutes.delayMs} + excluded.delay_ms`,
        answers: sql`${channelMinutes.answers} + excluded.answers`,
        answerMs: sql`${channelMinutes.answerMs} + excluded.answer_ms`,
        unanswered: sql`${channelMinutes.unanswered} + excluded.unanswered`,
      },
    });
}

/**
 * Counts a block that is recorded for the first time. `at`: when it was made, as far as that is known; where it is not, only
 * its endorsers count. `delayMs` where it says how fast the indexer is.
 */
export async function countBlock(
  tx: Transaction,
  channel: string,
  block: Block,
  { at, invalid, delayMs }: { at: Date | undefined; invalid: number; delayMs: number | undefined },
): Promise<void> {
  if (at !== undefined) {
    const transactions = block.transactions.length + block.unreadable;
    const delay = delayMs === undefined ? {} : { delays: 1, delayMs };
    await add(tx, channel, at, { blocks: 1, transactions, invalid, ...delay });
  }
  const counts = new Map<string, number>();
  for (const { endorsers } of block.transactions)
    for (const mspId of new Set(endorsers)) counts.set(mspId, (counts.get(mspId) ?? 0) + 1);
  if (counts.size === 0) return;
  await tx
    .insert(channelEndorsers)
    .values(
      [...counts].map(([mspId, transactions]) => ({ channel, mspId, transactions, lastBlock: Number(block.number) })),
    )
    .onConflictDoUpdate({
      target: [channelEndorsers.channel, channelEndorsers.mspId],
      set: {
        transactions: sql`${channelEndorsers.transactions} + excluded.transactions`,
        lastBlock: sql`excluded.last_block`,
      },
    });
}

/** Counts a peer's answer with the time that it took, or that there was none. */
export async function countAnswer({ db }: Portal, channel: string, answerMs: number | undefined): Promise<void> {
  const figures = answerMs === undefined ? { unanswered: 1 } : { answers: 1, answerMs: Math.round(answerMs) };
  await add(db, channel, new Date(), figures);
}
