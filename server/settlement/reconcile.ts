import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { claimStates } from '#chaincode/model/claim.ts';
import type { Database } from '../gateways/db/database.ts';
import { insurerHashes } from './insurers.ts';
import { payerOf } from './payer.ts';

/**
 * What does not match between what `claims` has decided and what Ethereum has paid. Each is found by its own question to the tables, so
 * that an entry goes by itself when what it says is no longer so.
 */

export const mismatches = [
  /** More is paid of a share than it is, by several payments or beside cash. */
  'PAID_TWICE',
  /** One payment is more than the share. */
  'WRONG_AMOUNT',
  /** Paid in another coin, or in a part of a minor unit. */
  'WRONG_COIN',
  /** Quoted by another insurer, or to another payee, than the claim has. */
  'WRONG_INSURER',
  'WRONG_PAYEE',
  /** No claim has that reference. */
  'NO_CLAIM',
  /** Approved, and not paid in full for so many days. */
  'UNPAID',
  /** Something is paid of a claim that is reversed. */
  'REFUND_OWED',
  /** The chain took the payment back, and it did not come again, by the same transaction or by another. */
  'VANISHED',
  /** The chain took it back after it had been anchored. */
  'VANISHED_ANCHORED',
  /** Final, and refused by the ledger. */
  'NOT_ANCHORED',
] as const;
export type Mismatch = (typeof mismatches)[number];

/** One entry of the work list; amounts are minor units of the currency. */
const mismatchRow = z.object({
  what: z.enum(mismatches),
  claim: z.string().nullable(),
  /** The claim's. */
  state: z.enum(claimStates).nullable(),
  reference: z.string(),
  insurer: z.string().nullable(),
  /** Hash of the insurer by whose quote something was paid that is anchored on no claim of its own. */
  quotedBy: z.string().nullable(),
  provider: z.string().nullable(),
  payer: z.string().nullable(),
  /** What is owed, and what is paid of it without what was given back. */
  share: z.coerce.number().nullable(),
  paid: z.coerce.number().nullable(),
  transactionHash: z.string().nullable(),
  logIndex: z.number().nullable(),
  /** The ledger's refusal. */
  code: z.string().nullable(),
  since: z.coerce.date(),
  /** Of the whole list, however few of them were asked for. */
  total: z.coerce.number(),
});
export type MismatchEntry = z.infer<typeof mismatchRow>;

/** Whose entries are read: all, or those of an insurer's or a provider's claims. What has no claim is an insurer's by its hash. */
export interface MismatchAsked {
  insurer?: { id: string; hash: string } | undefined;
  provider?: string | undefined;
  /** Days after a decision from which it counts as unpaid. */
  unpaidDays: number;
  /** Seconds after it was seen from which a payment without a claim counts, since the claim may be on its way here. */
  graceSeconds: number;
  limit: number;
  now?: Date;
}

/** The work list, oldest first. */
export async function listMismatches(db: Database, asked: MismatchAsked): Promise<MismatchEntry[]> {
  const now = asked.now ?? new Date();
  const unpaidBefore = new Date(now.getTime() - asked.unpaidDays * 86_400_000);
  const seenBefore = new Date(now.getTime() - asked.graceSeconds * 1_000);
  const { insurer, provider } = asked;
  const own = sql`
    (${insurer?.id ?? null}::text is null or insurer = ${insurer?.id ?? null}
      or (claim is null and insurer_hash = ${insurer?.hash ?? null}))
    and (${provider ?? null}::text is null or provider = ${provider ?? null})`;
  const hashes = await insurerHashes(db);
  const { rows } = await db.execute(sql`
    with claim as (
      select c.*, i.hash as insurer_hash from claims c join (select * from ${hashes}) i on i.id = c.insurer
      where c."use" = 'claim'
    ),
    live as (
      select e.*, case when kind = 'payment' then amount else -amount end as moved,
        case when payer = 'insurer' then 'insurer' else 'patient' end as side, ${payerOf} as owner
      from settlement_events e
      where state <> 'vanished' and kind <> 'reversal'
    ),
    owed as (
      select id, reference, insurer, insurer_hash, provider, state, decided_at, 'insurer' as side,
        coalesce(insurer_share, 0) as share, 0::bigint as cash
      from claim
      union all
      select id, reference, insurer, insurer_hash, provider, state, decided_at, 'patient', coalesce(patient_share, 0),
        coalesce((ledger_state -> 'cash' ->> 'amount')::bigint, 0)
      from claim
    ),
    sums as (
      select o.*, coalesce(sum(l.moved), 0) as paid, count(l.*) filter (where l.kind = 'payment') as payments,
        min(l.seen_at) as first_seen
      from owed o left join live l on l.reference = o.reference and l.insurer = o.insurer_hash and l.side = o.side
      group by o.id, o.reference, o.insurer, o.insurer_hash, o.provider, o.state, o.decided_at, o.side, o.share, o.cash
    ),
    kept as (
      select reference, insurer, payer, ${payerOf} as owner, payee, coin from settlement_events e
      where state <> 'vanished' and kind <> 'reversal'
      group by 1, 2, 3, 4, 5, 6
      having sum(case when kind = 'payment' then coin_amount else -coin_amount end) > 0
    ),
    stray as (
      select l.* from live l join kept using (reference, insurer, payer, owner, payee, coin) where l.kind = 'payment'
    ),
    turned as (
      select distinct reference, insurer from settlement_events where kind = 'reversal' and state <> 'vanished'
    ),
    found as (
      select case when payments > 1 or cash > 0 then 'PAID_TWICE' else 'WRONG_AMOUNT' end as what,
        id as claim, reference, insurer, null::text as insurer_hash, provider, side as payer, share - cash as share,
        paid, null::text as transaction_hash, null::integer as log_index, null::text as code, first_seen as since
      from sums where paid > share - cash and paid > 0 and state <> 'reversed'
        and (reference, insurer_hash) not in (select * from turned)
      union all
      select 'REFUND_OWED', id, reference, insurer, null, provider, side, 0, paid, null, null, null, first_seen
      from sums where paid > 0 and (state = 'reversed' or (reference, insurer_hash) in (select * from turned))
      union all
      select 'UNPAID', id, reference, insurer, null, provider, side, share, paid, null, null, null, decided_at
      from sums where side = 'insurer' and paid < share and decided_at < ${unpaidBefore.toISOString()}::timestamptz
        and state in ('approved', 'partlyApproved', 'settled')
      union all
      select 'NO_CLAIM', null, l.reference, null, l.insurer, null, l.payer, null, l.amount, l.transaction_hash, l.log_index,
        null, l.seen_at
      from stray l where l.seen_at < ${seenBefore.toISOString()}::timestamptz
        and not exists (select 1 from claim c where c.reference = l.reference)
      union all
      select l.held, c.id, l.reference, c.insurer, l.insurer, c.provider, l.payer, null, l.amount, l.transaction_hash,
        l.log_index, l.held, l.seen_at
      from stray l join claim c on c.reference = l.reference
      where l.anchored_at is null and l.held in ('WRONG_COIN', 'WRONG_INSURER', 'WRONG_PAYEE')
      union all
      select 'NOT_ANCHORED', c.id, l.reference, c.insurer, l.insurer, c.provider, l.payer, null, l.amount,
        l.transaction_hash, l.log_index, l.held, l.seen_at
      from live l join claim c on c.reference = l.reference
      where l.anchored_at is null and l.held is not null
        and l.held not in ('NO_CLAIM', 'WRONG_COIN', 'WRONG_INSURER', 'WRONG_PAYEE')
      union all
      select case when e.anchored_at is null then 'VANISHED' else 'VANISHED_ANCHORED' end, c.id, e.reference, c.insurer,
        e.insurer, c.provider, e.payer, null, e.amount, e.transaction_hash, e.log_index, null, e.seen_at
      from settlement_events e left join claim c on c.reference = e.reference and c.insurer_hash = e.insurer
      where e.state = 'vanished' and e.kind <> 'reversal' and (e.anchored_at is not null or not exists (
        select 1 from live l where l.reference = e.reference and l.insurer = e.insurer and l.kind = e.kind
          and l.payer = e.payer and l.coin = e.coin and l.coin_amount = e.coin_amount and l.seen_at > e.seen_at))
    )
    select what, claim, (select k.state from claims k where k.id = found.claim) as state, reference, insurer,
      insurer_hash as "quotedBy", provider, payer, share, paid, transaction_hash as "transactionHash",
      log_index as "logIndex", code, coalesce(since, now()) as since,
      count(*) over () as total
    from found where ${own}
    order by since, what, reference, log_index
    limit ${asked.limit}`);
  return z.array(mismatchRow).parse(rows);
}
