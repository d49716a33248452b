import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { Database } from '../gateways/db/database.ts';
import { settlementBlocks as blocks, settlementEvents as events } from '../gateways/db/schema/settlement.ts';
import type { ChainBlock } from '../gateways/ethereum/settlement.ts';
import type { SettlementEvent } from '../gateways/ethereum/settlementEvents.ts';

/** What the tables keep of the settlement's chain: its last blocks, and all that it has told. */

/** The coin of claims, and the digits that it has behind the point; a claim's amounts have two. */
export interface PaymentCoin {
  coin: string;
  decimals: number;
}

/** Minor units of an amount of the coin; null where it is no whole number of them, or of another coin. */
export function minorUnits(event: SettlementEvent, { coin, decimals }: PaymentCoin): number | null {
  if (event.kind === 'reversal' || event.coin !== coin.toLowerCase()) return null;
  const unit = 10n ** BigInt(decimals - 2);
  const units = event.amount / unit;
  return event.amount % unit === 0n && units <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(units) : null;
}

/** The newest block that was read; undefined where none was. */
export async function newestBlock(db: Database): Promise<ChainBlock | undefined> {
  const [row] = await db.select().from(blocks).orderBy(sql`${blocks.number} desc`).limit(1);
  return row;
}

/** Blocks that are kept, newest first. */
export function keptBlocks(db: Database): Promise<ChainBlock[]> {
  return db.select().from(blocks).orderBy(sql`${blocks.number} desc`);
}

const rowOf = (event: SettlementEvent, coin: PaymentCoin) => {
  const { kind, reference, insurer, transactionHash, logIndex, blockNumber, blockHash, chainId, contract } = event;
  const place = { transactionHash, logIndex, blockNumber, blockHash, chainId, contract };
  const own = { ...place, kind, reference, insurer, state: 'seen', amount: minorUnits(event, coin) };
  if (event.kind === 'reversal') return own;
  const { payer, from: fromAddress, payee, coin: paidIn, amount } = event;
  return { ...own, payer, fromAddress, payee, coin: paidIn, coinAmount: amount.toString() };
};

/**
 * Puts down a block with what happened in it, or in the blocks between the one before and it, all or none. What is there already stays
 * one; what had vanished and is in this block lives again.
 */
export async function recordSettlement(
  db: Database,
  block: ChainBlock,
  told: readonly SettlementEvent[],
  coin: PaymentCoin,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insert(blocks).values(block).onConflictDoUpdate({ target: blocks.number, set: block });
    if (told.length === 0) return;
    const hashes = [...new Set(told.map(({ transactionHash }) => transactionHash))];
    // Mined anew, a transaction's entries may have other numbers in their block; what was anchored under the old ones is for a person.
    const again = and(eq(events.state, 'vanished'), inArray(events.transactionHash, hashes));
    await tx.delete(events).where(and(again, sql`${events.anchoredAt} is null`));
    for (const event of told) {
      const row = rowOf(event, coin);
      const { state, blockNumber, blockHash } = row;
      await tx
        .insert(events)
        .values(row)
        .onConflictDoUpdate({
          target: [events.transactionHash, events.logIndex],
          set: { state, blockNumber, blockHash },
        });
    }
  });
}

/** Takes back what lies above a block: the chain has gone another way from there. */
export async function undoAbove(db: Database, number: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.update(events).set({ state: 'vanished' }).where(gt(events.blockNumber, number));
    await tx.delete(blocks).where(gt(blocks.number, number));
  });
}

/** Marks as final what lies at a block or below, and lets go of blocks below another. */
export async function settleUpTo(db: Database, final: number, keepFrom: number): Promise<void> {
  await db
    .update(events)
    .set({ state: 'final' })
    .where(and(eq(events.state, 'seen'), lte(events.blockNumber, final)));
  await db.delete(blocks).where(sql`${blocks.number} < ${keepFrom}`);
}
