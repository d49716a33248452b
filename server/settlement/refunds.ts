import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Portal } from '#server/portal.ts';

/** Wallets that are looked at in one round, and since how many days something was given back to them. */
const mostWallets = 50;
const days = 30;

/**
 * Has what providers have given back to patients go on to the wallets that paid, which need no ether for it, and to the assistance fund. Whether
 * something lies there for one says the contract, so that it may be repeated. Answers how many were sent to; throws ETHEREUM_UNAVAILABLE.
 */
export async function sendRefunds({ db, settlement, fund, settings }: Portal): Promise<number> {
  const { coin } = settings.payments;
  const { rows } = await db.execute(sql`
    select from_address as wallet from settlement_events
    where kind = 'refund' and payer = 'patient' and state = 'final' and coin = ${coin}
      and seen_at > now() - ${days} * interval '1 day'
    group by 1 order by max(seen_at) desc limit ${mostWallets}`);
  let sent = 0;
  if ((await settlement.refundableOf(fund.address, coin)) > 0n) {
    const { transactionHash } = await fund.takeRefund();
    log().info({ transaction: transactionHash }, 'the assistance fund took in what was given back to it');
    sent += 1;
  }
  for (const { wallet } of z.array(z.object({ wallet: z.string() })).parse(rows)) {
    try {
      if ((await settlement.refundableOf(wallet, coin)) === 0n) continue;
      const { transactionHash } = await settlement.sendRefund(wallet, coin);
      log().info({ transaction: transactionHash }, 'what was given back was sent to who had paid it');
      sent += 1;
    } catch (error) {
      const { code, detail } = asAppError(error);
      // What the coin refuses of one wallet holds up no other.
      if (code !== 'WRONG_STATE') throw error;
      log().warn({ code, detail }, 'what was given back cannot be sent to who had paid it');
    }
  }
  return sent;
}
