import { sql } from 'drizzle-orm';

/** What the insurer's share of a row of `claims` has not had yet by what is final on Ethereum, refunds taken off, in minor units. */
export const owedShare = sql`(insurer_share - coalesce((
  select sum((paid->>'amount')::bigint * case paid->>'kind' when 'payment' then 1 else -1 end)
  from jsonb_array_elements(ledger_state->'receipts') paid where paid->>'payer' = 'insurer'
), 0))`;
