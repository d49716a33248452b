import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { benefitCategories } from '#chaincode/model/plan.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { owedShare } from './owed.ts';
import { allowInsurer } from './policy.ts';
import { type ClaimFigures, claimOutcomes, type FiguresAsked } from './schema.ts';

const count = z.coerce.number().int();
const week = z.iso.date();
const decidedWeek = z.object({
  week,
  outcome: z.enum(claimOutcomes),
  claims: count,
  byRule: count,
});
const timesOf = z.object({
  week: week.nullable(),
  p50: z.coerce.number().nullable(),
  p95: z.coerce.number().nullable(),
});
const paidWeek = z.object({ week, category: z.enum(benefitCategories), currency: z.string(), amount: count });
const openSums = z.object({ currency: z.string(), claims: count, amount: count });

/**
 * How an insurer's claims of the last so many weeks went, weeks from Monday on in UTC: by the week of the first decision what became
 * of them, who decided and how long it took; by the week of the receipt what was paid for what, refunds taken off; and what is
 * approved and not paid yet. Preauthorisations are no claims. Throws FORBIDDEN.
 */
export async function claimFigures(
  actor: Actor,
  { weeks }: FiguresAsked,
  portal: Portal = thePortal(),
): Promise<ClaimFigures> {
  const insurer = allowInsurer(actor);
  const since = sql`date_trunc('week', now() at time zone 'UTC') - make_interval(weeks => ${weeks - 1})`;
  const weekOf = (instant: ReturnType<typeof sql>) =>
    sql`to_char(date_trunc('week', (${instant})::timestamptz at time zone 'UTC'), 'YYYY-MM-DD')`;
  /** Each claim that was decided, with its first decision. */
  const decided = sql`
    select state, decided_at, ledger_state->'decisions'->-1->>'outcome' as outcome,
      ledger_state->'decisions'->0->>'by' like 'dev-%' as by_rule,
      (ledger_state->'decisions'->0->>'at')::timestamptz as first_at, at
    from claims
    where insurer = ${insurer} and use = 'claim' and jsonb_array_length(ledger_state->'decisions') > 0
      and (ledger_state->'decisions'->0->>'at')::timestamptz at time zone 'UTC' >= ${since}`;
  const seconds = sql`extract(epoch from first_at - at)`;
  const rows = async <Shape extends z.ZodType>(shape: Shape, query: ReturnType<typeof sql>) =>
    z.array(shape).parse((await portal.db.execute(query)).rows);

  const [starts, outcomes, times, paid, owed] = await Promise.all([
    rows(
      z.object({ week }),
      sql`select to_char(${since} + make_interval(weeks => n), 'YYYY-MM-DD') as week from generate_series(0, ${weeks - 1}) n order by 1`,
    ),
    rows(
      decidedWeek,
      sql`with decided as (${decided})
        select ${weekOf(sql`first_at`)} as week, case when state = 'reversed' then 'reversed' else outcome end as outcome,
          count(*) as claims, count(*) filter (where by_rule) as "byRule"
        from decided group by 1, 2`,
    ),
    rows(
      timesOf,
      sql`with decided as (${decided})
        select ${weekOf(sql`first_at`)} as week,
          percentile_cont(0.5) within group (order by ${seconds}) as p50,
          percentile_cont(0.95) within group (order by ${seconds}) as p95
        from decided group by grouping sets ((1), ())`,
    ),
    rows(
      paidWeek,
      sql`select ${weekOf(sql`receipt->>'at'`)} as week, category, ledger_state->>'currency' as currency,
          sum((receipt->>'amount')::bigint * case receipt->>'kind' when 'payment' then 1 else -1 end) as amount
        from claims, jsonb_array_elements(ledger_state->'receipts') receipt
        where insurer = ${insurer} and receipt->>'payer' = 'insurer'
          and (receipt->>'at')::timestamptz at time zone 'UTC' >= ${since}
        group by 1, 2, 3 order by 1, 2, 3`,
    ),
    rows(
      openSums,
      sql`select ledger_state->>'currency' as currency, count(*) as claims, sum(${owedShare}) as amount
        from claims
        where insurer = ${insurer} and use = 'claim' and ${owedShare} > 0
          and state in ('approved', 'partlyApproved', 'settled')
        group by 1 order by 1`,
    ),
  ]);
  const whole = times.find((row) => row.week === null);
  return {
    weeks: starts.map(({ week: start }) => {
      const own = outcomes.filter((row) => row.week === start);
      const took = times.find((row) => row.week === start);
      return {
        week: start,
        outcomes: Object.fromEntries(own.map(({ outcome, claims }) => [outcome, claims])),
        byRule: own.reduce((sum, { byRule }) => sum + byRule, 0),
        p50Seconds: took?.p50 ?? null,
        p95Seconds: took?.p95 ?? null,
      };
    }),
    p50Seconds: whole?.p50 ?? null,
    p95Seconds: whole?.p95 ?? null,
    paid,
    owed,
  };
}
