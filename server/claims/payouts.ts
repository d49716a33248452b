import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { institutionHash } from '#contracts/typedData.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutionNames } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { listMismatches } from '../settlement/reconcile.ts';
import { owedShare } from './owed.ts';
import { minorOf, paidIn } from './paidIn.ts';
import { allowInsurer } from './policy.ts';
import { listReleases } from './releases.ts';
import { accountWallets, walletRights } from './rights.ts';
import type { ClaimPayouts, InsurerAccount, PaidIn } from './schema.ts';

const count = z.coerce.number().int();
const payee = z.object({
  ...{ provider: z.string(), currency: z.string(), claims: count, approved: count, onItsWay: count },
  oldest: z.coerce.date(),
});
const payment = z.object({
  ...{ claim: z.string(), provider: z.string(), currency: z.string(), kind: z.enum(['payment', 'refund']) },
  ...{ amount: count, at: z.iso.datetime(), transactionHash: z.string() },
});
const newest = 20;
const mostMismatches = 100;
/** From then on something that is approved counts as unpaid, and a payment as one without a claim. */
const unpaidDays = 7;
const graceSeconds = 600;

/**
 * What an insurer owes and to whom, what is on its way, what was paid last, what its account on Ethereum holds and by which rules, and
 * where payments and claims do not match. Amounts are minor units. Throws FORBIDDEN.
 */
export async function payouts(actor: Actor, portal: Portal = thePortal()): Promise<ClaimPayouts> {
  const insurer = allowInsurer(actor);
  const [owed, paid, onChain, mismatches] = await Promise.all([
    portal.db.execute(sql`
      select provider, ledger_state->>'currency' as currency, count(*) as claims, min(decided_at) as oldest,
        coalesce(sum(${owedShare}) filter (where state <> 'settled'), 0) as approved,
        coalesce(sum(${owedShare}) filter (where state = 'settled'), 0) as "onItsWay"
      from claims
      where insurer = ${insurer} and use = 'claim' and ${owedShare} > 0
        and state in ('approved', 'partlyApproved', 'settled')
      group by 1, 2 order by oldest, 1`),
    portal.db.execute(sql`
      select id as claim, provider, ledger_state->>'currency' as currency, receipt->>'kind' as kind,
        receipt->>'amount' as amount, receipt->>'at' as at, receipt->>'transactionHash' as "transactionHash"
      from claims, jsonb_array_elements(ledger_state->'receipts') receipt
      where insurer = ${insurer} and receipt->>'payer' = 'insurer'
      order by (receipt->>'at')::timestamptz desc, (receipt->>'logIndex')::int desc limit ${newest}`),
    onEthereum(actor, insurer, portal),
    listMismatches(portal.db, {
      ...{ insurer: { id: insurer, hash: institutionHash(insurer) }, limit: mostMismatches },
      ...{ unpaidDays, graceSeconds },
    }),
  ]);
  const payees = z.array(payee).parse(owed.rows);
  const payments = z.array(payment).parse(paid.rows);
  const releases = onChain?.releases ?? [];
  const parties = [...payees, ...payments, ...mismatches, ...releases].flatMap(({ provider }) => provider ?? []);
  const names = await institutionNames(portal, parties);
  const nameOf = (id: string) => names.get(id) ?? id;
  return {
    payees: payees.map(({ oldest, ...row }) => ({
      ...row,
      ...{ name: nameOf(row.provider), oldest: oldest.toISOString() },
    })),
    payments: payments.map((row) => ({ ...row, name: nameOf(row.provider) })),
    ...{ account: onChain?.account ?? null, paidIn: onChain?.coin ?? null },
    releases: onChain?.releases?.map(({ provider, ...release }) => ({ ...release, name: nameOf(provider) })) ?? null,
    mismatches: mismatches.map(({ since, provider, paid: sum, ...entry }) => {
      const { what, claim, state, payer, share, transactionHash, code } = entry;
      return {
        ...{ what, claim, state, payer, share, paid: sum, transactionHash, code, since: since.toISOString() },
        name: provider === null ? null : nameOf(provider),
      };
    }),
    moreMismatches: (mismatches[0]?.total ?? 0) - mismatches.length,
  };
}

interface OnEthereum {
  account: InsurerAccount;
  coin: PaidIn;
  /** Null where what was proposed cannot be read. */
  releases: Awaited<ReturnType<typeof listReleases>> | null;
}

/** Null where the chain does not answer: what is owed is shown all the same. */
async function onEthereum(actor: Actor, insurer: string, portal: Portal): Promise<OnEthereum | null> {
  const { settlement, settings } = portal;
  const hash = institutionHash(insurer);
  const read = async () => {
    const coin = await paidIn(portal);
    const [purse, rights, told] = await Promise.all([
      settlement.purseOf(hash, coin.coin),
      walletRights(portal, actor, hash),
      orAway(settlement.rightHolders(hash, settings.payments.fromBlock)),
    ]);
    const wallets = await accountWallets(portal, actor, insurer, { told, own: rights.own });
    const minor = (amount: bigint) => minorOf(amount, coin);
    const account = {
      ...{ balance: minor(purse.balance), perDay: minor(purse.perDay), spentToday: minor(purse.spentToday) },
      ...{ releaseAbove: minor(purse.releaseAbove), ...rights, ...wallets },
    };
    return { account, coin, releases: await orAway(listReleases(portal, insurer, account, coin)) };
  };
  return orAway(read());
}

/** Null where the chain does not answer, or not so much at once. */
async function orAway<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    const { code, detail } = asAppError(error);
    if (code !== 'ETHEREUM_UNAVAILABLE') throw error;
    log().info({ code, detail }, 'an insurer’s account cannot be read');
    return null;
  }
}
