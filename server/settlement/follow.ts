import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Database } from '../gateways/db/database.ts';
import type { ChainBlock, SettlementGateway } from '../gateways/ethereum/settlement.ts';
import { keptBlocks, newestBlock, type PaymentCoin, recordSettlement, settleUpTo, undoAbove } from './events.ts';

/** What a follower needs. */
export interface Followed {
  db: Database;
  settlement: SettlementGateway;
  coin: PaymentCoin;
  /** Nothing was there before. */
  fromBlock: number;
  /** How many blocks after its own make a payment final. */
  confirmations: number;
}

/** Blocks that are final are read so many at once. */
const rangeBlocks = 200;
/** Blocks below those that are final that are kept, to find where the chain went another way. */
const keptBelow = 64;

/**
 * Reads all that the chain has beyond what was read, block by block with each one's parent, so that a block that is not the child of the
 * one before is noticed; then what is above the last block that both have is taken back first. May be stopped at any
 * point and done again: a block is put down with all that happened in it, or not at all. Throws ETHEREUM_UNAVAILABLE.
 */
export async function followOnce(followed: Followed): Promise<void> {
  const { db, settlement, confirmations } = followed;
  for (;;) {
    const head = await settlement.readBlock('latest');
    if (head === undefined) throw new AppError('ETHEREUM_UNAVAILABLE', 'the chain has no block');
    const last = await leaveForks(followed, head);
    if (last !== undefined && last.number >= head.number) return;
    if (!(await readBeyond(followed, last, head))) continue;
    const final = head.number - confirmations;
    await settleUpTo(db, final, final - keptBelow);
    return;
  }
}

/** Takes back blocks that the chain no longer has; the newest block that it and the tables have, undefined where there is none. */
async function leaveForks({ db, settlement }: Followed, head: ChainBlock): Promise<ChainBlock | undefined> {
  const kept = await keptBlocks(db);
  const [newest] = kept;
  if (newest === undefined) return undefined;
  for (const block of kept) {
    // A node that lags says nothing about what is above its head; where its head is one of ours, it will come to it.
    if (block.number > head.number) continue;
    const there = await settlement.readBlock(block.number);
    if (there?.hash !== block.hash) continue;
    const lags = block.number === head.number && newest.number > head.number;
    if (block === newest || lags) return newest;
    log().warn({ from: newest.number, to: block.number }, 'the chain of payments has gone another way');
    await undoAbove(db, block.number);
    return block;
  }
  // Another chain, or one that went another way deeper than anything that counts as final: all of it is read anew.
  log().error({ from: newest.number }, 'the chain of payments is another one: it is read anew');
  await undoAbove(db, -1);
  return undefined;
}

/** Reads up to the head. False where the chain went another way meanwhile. */
async function readBeyond(followed: Followed, from: ChainBlock | undefined, head: ChainBlock): Promise<boolean> {
  const { db, settlement, coin, fromBlock, confirmations } = followed;
  let last = from;
  const nextOf = () => (last === undefined ? fromBlock : last.number + 1);
  // What is final is read in ranges: nothing there is taken back.
  for (;;) {
    const to = Math.min(nextOf() + rangeBlocks - 1, head.number - confirmations);
    if (to <= nextOf()) break;
    const told = await settlement.eventsBetween(nextOf(), to);
    const block = await settlement.readBlock(to);
    if (block === undefined) return false;
    await recordSettlement(db, block, told, coin);
    last = block;
  }
  while (nextOf() <= head.number) {
    const block = await settlement.readBlock(nextOf());
    if (block === undefined || (last !== undefined && block.parentHash !== last.hash)) return false;
    const told = await settlement.eventsIn(block.hash).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    });
    if (told === undefined) return false;
    await recordSettlement(db, block, told, coin);
    last = block;
  }
  return true;
}

/** How far the chain was read; undefined where it was not yet. */
export const readUpTo = async (db: Database): Promise<number | undefined> => (await newestBlock(db))?.number;
