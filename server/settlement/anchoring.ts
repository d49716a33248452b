import { and, asc, eq, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { type PaymentReceipt, paymentReceipt } from '#chaincode/model/claim.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Database } from '../gateways/db/database.ts';
import { claims } from '../gateways/db/schema/claims.ts';
import { settlementEvents as events } from '../gateways/db/schema/settlement.ts';

/** Puts a final payment or refund on its claim, which is that insurer's. Refused as ALREADY_EXISTS where it is there already. */
export type Anchor = (receipt: PaymentReceipt, insurer: string) => Promise<void>;

type Row = typeof events.$inferSelect;

/** What holds a receipt back that the ledger was not even asked about. */
export const heldCodes = ['NO_CLAIM', 'WRONG_INSURER', 'WRONG_PAYEE', 'WRONG_COIN', 'NO_RECEIPT'] as const;

/** So many are looked at in one round. */
const mostAtOnce = 200;

/**
 * Anchors each final payment and refund once, in the order of the chain: one that a crash left between ledger and table is found on the
 * ledger. What cannot be anchored is held back with the reason, and tried again after `retryMs`. Where an
 * insurer's adjudicator or the ledger is away, others' go on, and the next round tries again. Answers how many were anchored.
 */
export async function anchorFinal(db: Database, anchor: Anchor, retryMs: number, now = new Date()): Promise<number> {
  const waiting = await db
    .select()
    .from(events)
    .where(
      and(
        eq(events.state, 'final'),
        ne(events.kind, 'reversal'),
        isNull(events.anchoredAt),
        or(isNull(events.held), isNull(events.triedAt), lt(events.triedAt, new Date(now.getTime() - retryMs))),
      ),
    )
    // What waits for something else keeps nothing new back.
    .orderBy(sql`${events.triedAt} asc nulls first`, asc(events.blockNumber), asc(events.logIndex))
    .limit(mostAtOnce);
  let anchored = 0;
  /** Insurers whose adjudicator, or ledger, does not answer: what else is theirs waits for the next round. */
  const away = new Set<string>();
  for (const row of waiting) {
    if (away.has(row.insurer)) continue;
    const own = and(eq(events.transactionHash, row.transactionHash), eq(events.logIndex, row.logIndex));
    const held = await tryAnchor(db, row, anchor);
    if (held === 'AWAY') {
      // One on which the ledger never answers comes after those that were not tried yet.
      await db.update(events).set({ triedAt: now }).where(own);
      away.add(row.insurer);
      continue;
    }
    if (held === undefined) anchored += 1;
    const set = held === undefined ? { anchoredAt: now, held: null } : { held, triedAt: now };
    await db.update(events).set(set).where(own);
  }
  return anchored;
}

/** Undefined where it is on the ledger now; else what holds it back. */
async function tryAnchor(db: Database, row: Row, anchor: Anchor): Promise<string | undefined> {
  const found = await receiptOf(db, row);
  if (typeof found === 'string') return found;
  const { receipt, insurer } = found;
  try {
    await anchor(receipt, insurer);
    return undefined;
  } catch (error) {
    const { code, detail } = asAppError(error);
    if (code === 'ALREADY_EXISTS') return undefined;
    log().warn({ claim: receipt.claim, transaction: row.transactionHash, code, detail }, 'a receipt is not anchored');
    return silence.has(code) ? 'AWAY' : code;
  }
}

/** Codes that say nothing about the receipt. */
const silence: ReadonlySet<string> = new Set([
  'LEDGER_UNAVAILABLE',
  'LEDGER_UNDECIDED',
  'LEDGER_CONFLICT',
  'CONNECTOR_UNAVAILABLE',
  'ETHEREUM_UNAVAILABLE',
  'INTERNAL',
]);

/** The receipt as the ledger takes it and whose claim it is of, or why there is none. */
async function receiptOf(
  db: Database,
  row: Row,
): Promise<{ receipt: PaymentReceipt; insurer: string } | (typeof heldCodes)[number]> {
  const [claim] = await db
    .select({ id: claims.id, insurer: claims.insurer, provider: claims.provider })
    .from(claims)
    .where(and(eq(claims.reference, row.reference), eq(claims.use, 'claim')))
    .orderBy(asc(claims.at))
    .limit(1);
  if (claim === undefined) return 'NO_CLAIM';
  if (institutionHash(claim.insurer) !== row.insurer) return 'WRONG_INSURER';
  if (institutionHash(claim.provider) !== row.payee) return 'WRONG_PAYEE';
  if (row.amount === null) return 'WRONG_COIN';
  const { kind, payer, amount, chainId, contract, transactionHash, logIndex, blockNumber, blockHash } = row;
  const parsed = paymentReceipt.safeParse({
    ...{ claim: claim.id, kind, payer, amount },
    ...{ chainId, contract, transactionHash, logIndex, blockNumber, blockHash },
  });
  if (parsed.success) return { receipt: parsed.data, insurer: claim.insurer };
  log().error({ claim: claim.id, transaction: transactionHash, err: parsed.error }, 'a payment is no receipt');
  return 'NO_RECEIPT';
}
