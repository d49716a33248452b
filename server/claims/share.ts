import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { adjudicatorOf } from './adjudicatorOf.ts';
import { readClaim } from './ledger.ts';
import { paidIn } from './paidIn.ts';
import { allowClaim, allowInsurer } from './policy.ts';
import { walletRights } from './rights.ts';
import type { ShareTerms, someClaim } from './schema.ts';

/** Each makes the insurer's key sign, and asks the chain. */
const questions = { max: 30, windowSeconds: 60 };

/**
 * The insurer's quote for a claim, by which a wallet pays its share or proposes to, and what is left of it. Throws FORBIDDEN, NOT_FOUND for
 * another insurer's, WRONG_STATE where nothing is to be paid, RATE_LIMITED, NOT_SERVED, CONNECTOR_UNAVAILABLE, ETHEREUM_UNAVAILABLE.
 */
export async function shareTerms(
  actor: Actor,
  { id }: z.output<typeof someClaim>,
  portal: Portal = thePortal(),
): Promise<ShareTerms> {
  allowInsurer(actor);
  await countAttempt(portal.db, `share:${actor.personId}`, questions);
  const claim = await readClaim(portal.ledger, id);
  allowClaim(actor, claim);
  const { quote, signature } = await adjudicatorOf(portal, claim.insurer).quote(id);
  const bill = await portal.settlement.readBill(quote.insurer, claim.reference);
  const left = quote.insurerAmount - (bill?.insurerPaid ?? 0n);
  if (left <= 0n) throw new AppError('WRONG_STATE', `${id} has nothing left to pay`);
  const [coin, rights] = await Promise.all([paidIn(portal), walletRights(portal, actor, quote.insurer)]);
  return {
    ...rights,
    paidIn: coin,
    quote: { ...quote, insurerAmount: `${quote.insurerAmount}`, patientAmount: `${quote.patientAmount}` },
    ...{ signature, left: `${left}` },
  };
}
