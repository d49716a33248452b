import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { adjudicatorOf } from '../claims/adjudicatorOf.ts';
import { runAsLeader } from '../gateways/db/leader.ts';
import { type Anchor, anchorFinal } from './anchoring.ts';
import { followOnce } from './follow.ts';
import { sendRefunds } from './refunds.ts';

/** After how long a receipt that was held back is tried again. */
const retryMs = 60_000;
/** How often it is looked at whether something was given back to patients. */
const refundsMs = 30_000;

/**
 * Follows the settlement on Ethereum, anchors what is final, and sends on what was given back, until `signal` aborts. Of several portal processes one does it, holding a
 * lock of the database.
 */
export async function runSettlement(portal: Portal, signal: AbortSignal, everyMs = 2_000): Promise<void> {
  const anchor = anchorOf(portal);
  await runAsLeader(portal.settings.databaseUrl, 'medloom:settlement', signal, async (working) => {
    let lookedAt = 0;
    while (!working.aborted) {
      try {
        await settlementRound(portal, anchor);
        if (Date.now() - lookedAt >= refundsMs) {
          lookedAt = Date.now();
          await sendRefunds(portal);
        }
      } catch (error) {
        const { code, detail } = asAppError(error);
        log().warn({ code, detail }, 'payments are not followed');
      }
      await pause(everyMs, working);
    }
  });
}

/** The insurer's adjudicator puts it on the ledger; where there is none, what is final waits. */
const anchorOf =
  (portal: Portal): Anchor =>
  (receipt, insurer) =>
    adjudicatorOf(portal, insurer).anchor(receipt);

/** Reads what is new on the chain, and anchors what has become final. */
export async function settlementRound(portal: Portal, anchor: Anchor, retryAfterMs = retryMs): Promise<void> {
  const { db, settlement } = portal;
  const { coin, fromBlock, confirmations } = portal.settings.payments;
  const decimals = await settlement.decimalsOf(coin);
  await followOnce({ db, settlement, coin: { coin, decimals }, fromBlock, confirmations });
  await anchorFinal(db, anchor, retryAfterMs);
}
