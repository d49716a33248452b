import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { institutionHash } from '#contracts/typedData.ts';
import type { Portal } from '#server/portal.ts';
import { owedShare } from './owed.ts';
import type { InsurerAccount, PaidIn, Release } from './schema.ts';

const mostReleases = 100;
const row = z.object({
  ...{ claim: z.string(), reference: z.string(), provider: z.string(), currency: z.string() },
  ...{ share: z.coerce.bigint(), amount: z.coerce.number(), since: z.coerce.date() },
});

/**
 * Shares above the account's threshold that wait for a second person, the longest first; each with the provider's id. What was proposed
 * by another quote than the one that counts cannot be released, and is proposed anew. Throws ETHEREUM_UNAVAILABLE.
 */
export async function listReleases(
  portal: Portal,
  insurer: string,
  { releaseAbove }: Pick<InsurerAccount, 'releaseAbove'>,
  { unit }: PaidIn,
): Promise<(Omit<Release, 'name'> & { provider: string })[]> {
  // An account may have a threshold beyond what a bigint holds.
  const { rows } = await portal.db.execute(sql`
    select id as claim, reference, provider, ledger_state->>'currency' as currency, insurer_share as share,
      ${owedShare} as amount, decided_at as since
    from claims
    where insurer = ${insurer} and use = 'claim' and state in ('approved', 'partlyApproved')
      and insurer_share > ${releaseAbove}::numeric and ${owedShare} > 0
    order by decided_at, id limit ${mostReleases}`);
  const waiting = z.array(row).parse(rows);
  const hash = institutionHash(insurer);
  const { fromBlock } = portal.settings.payments;
  const references = waiting.map(({ reference }) => reference);
  const proposals = await portal.settlement.proposals(hash, references, fromBlock);
  const found = await Promise.all(
    waiting.map(async ({ since, share, ...claim }) => {
      const proposal = proposals.find(({ reference }) => reference === claim.reference);
      const bill = await portal.settlement.readBill(hash, claim.reference);
      // Paid, and not final yet.
      if (bill !== undefined && bill.insurerPaid >= share * BigInt(unit)) return [];
      const isInForce =
        bill !== undefined && bill.version === proposal?.version && !bill.reversed && bill.expires * 1_000 > Date.now();
      const proposed = isInForce && proposal ? { version: proposal.version, spender: proposal.spender } : null;
      return [{ ...claim, since: since.toISOString(), proposed }];
    }),
  );
  return found.flat();
}
