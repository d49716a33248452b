import { bigint, index, integer, numeric, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './people.ts';

/** What `CareSettlement` has told on Ethereum, which is public there; the chain is the authority, and may take back what is not final. */

/** Blocks that were read last, so that it is seen where the chain goes another way; older ones go. */
export const settlementBlocks = pgTable('settlement_blocks', {
  number: bigint('number', { mode: 'number' }).primaryKey(),
  hash: text('hash').notNull(),
  parentHash: text('parent_hash').notNull(),
});

export const settlementEvents = pgTable(
  'settlement_events',
  {
    transactionHash: text('transaction_hash').notNull(),
    logIndex: integer('log_index').notNull(),
    blockNumber: bigint('block_number', { mode: 'number' }).notNull(),
    blockHash: text('block_hash').notNull(),
    chainId: bigint('chain_id', { mode: 'number' }).notNull(),
    contract: text('contract').notNull(),
    /** `payment`, `refund` or `reversal`; a reversal moves nothing. */
    kind: text('kind').notNull(),
    /** The claim's: 64 hex digits. */
    reference: text('reference').notNull(),
    /** `insurer`, `patient` or `assistance`. */
    payer: text('payer'),
    /** Whose wallet it was; the contract itself where it was an insurer's account there. */
    fromAddress: text('from_address'),
    /** keccak-256 of institutions' ids. */
    payee: text('payee'),
    insurer: text('insurer').notNull(),
    coin: text('coin'),
    /** In the coin's smallest unit, and in minor units of the currency: null where it is none of those, or the coin is another. */
    coinAmount: numeric('coin_amount', { precision: 78, scale: 0 }),
    amount: bigint('amount', { mode: 'number' }),
    /** `seen`, `final`, or `vanished`: the chain has taken it back. */
    state: text('state').notNull(),
    seenAt: instant('seen_at').notNull().defaultNow(),
    /** On `claims`. */
    anchoredAt: instant('anchored_at'),
    /** Why it is not, since when that was tried: a code. */
    held: text('held'),
    triedAt: instant('tried_at'),
  },
  (table) => [
    primaryKey({ columns: [table.transactionHash, table.logIndex] }),
    index('settlement_events_reference').on(table.reference),
    index('settlement_events_block').on(table.blockNumber),
    index('settlement_events_anchoring').on(table.state, table.anchoredAt),
  ],
);
