import { eq, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { benefitCategories } from '#chaincode/model/plan.ts';
import type { Portal } from '#server/portal.ts';
import { assistanceRequests as requests } from '../gateways/db/schema/fund.ts';
import { insurerHashes } from '../settlement/insurers.ts';
import { assistanceStates, grounds } from './schema.ts';

/** Requests with what the chains say of their claims. */

const requestRow = z.object({
  ...{ id: z.string(), claim: z.string(), reference: z.string(), beneficiary: z.string() },
  ...{ ground: z.enum(grounds), state: z.enum(assistanceStates), category: z.enum(benefitCategories) },
  ...{ provider: z.string(), currency: z.string(), left: z.coerce.number(), amount: z.coerce.number().nullable() },
  ...{ reason: z.string().nullable(), transactionHash: z.string().nullable() },
  ...{ askedAt: z.coerce.date(), decidedAt: z.coerce.date().nullable() },
});
export type RequestRow = z.output<typeof requestRow>;

const most = 200;

/** Those that wait for a decision first, then the newest. Paid is what Ethereum says, whatever was written down here. */
export async function requestsWhere({ db }: Pick<Portal, 'db'>, which: SQL | undefined): Promise<RequestRow[]> {
  const hashes = await insurerHashes(db);
  const { rows } = await db.execute(sql`
    select ${requests.id} as id, ${requests.claim} as claim, claims.reference as reference,
      ${requests.beneficiary} as beneficiary, ${requests.ground} as ground, claims.category as category,
      case when help.hash is null then ${requests.state} else 'paid' end as state,
      claims.provider as provider, claims.ledger_state->>'currency' as currency,
      greatest(0, coalesce(claims.patient_share, 0) - coalesce(paid.amount, 0)
        - coalesce((claims.ledger_state->'cash'->>'amount')::bigint, 0)) as "left",
      coalesce(help.amount, ${requests.amount}) as amount, ${requests.reason} as reason,
      help.hash as "transactionHash", ${requests.askedAt} as "askedAt", ${requests.decidedAt} as "decidedAt"
    from ${requests}
    join claims on claims.id = ${requests.claim}
    join (select * from ${hashes}) own on own.id = claims.insurer
    left join lateral (
      select sum(case when kind = 'payment' then amount else -amount end) as amount
      from settlement_events
      where reference = claims.reference and insurer = own.hash and payer in ('patient', 'assistance') and state <> 'vanished'
    ) paid on true
    left join lateral (
      select sum(amount) as amount, max(transaction_hash) as hash
      from settlement_events
      where reference = claims.reference and insurer = own.hash and payer = 'assistance' and kind = 'payment' and state <> 'vanished'
    ) help on true
    where ${which ?? sql`true`}
    order by (help.hash is null and ${requests.state} <> 'refused') desc, ${requests.askedAt} desc
    limit ${most}`);
  return z.array(requestRow).parse(rows);
}

export async function findRequest(portal: Pick<Portal, 'db'>, id: string): Promise<RequestRow | undefined> {
  const [row] = await requestsWhere(portal, eq(requests.id, id));
  return row;
}
