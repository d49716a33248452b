import type { z } from 'zod';
import { decisionInForce } from '#chaincode/model/usage.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { adjudicatorOf } from './adjudicatorOf.ts';
import { readClaim } from './ledger.ts';
import { requireOwnPolicy } from './owners.ts';
import { allowMember } from './policy.ts';
import type { CoPayTerms, coPayAsked, coPayPermit } from './schema.ts';

/** How a patient pays the own share of a bill: by one signature, which the portal brings to Ethereum. */

/** Of questions and payments of one person together: each makes the insurer's key sign, and asks the chain. */
const payments = { max: 30, windowSeconds: 60 };

/**
 * What is left of the patient's share, by the insurer's signed quote, and what the address that pays has. Throws FORBIDDEN, NOT_FOUND for
 * another's bill, WRONG_STATE where nothing is to be paid, RATE_LIMITED, NOT_SERVED, CONNECTOR_UNAVAILABLE, ETHEREUM_UNAVAILABLE.
 */
export async function coPayTerms(
  actor: Actor,
  { claim: id, payer }: z.output<typeof coPayAsked>,
  portal: Portal = thePortal(),
): Promise<CoPayTerms> {
  const { quote, signature, left } = await openQuote(portal, actor, id);
  const { settlement, settings } = portal;
  const coin = await settlement.coinOf(quote.coin, payer);
  return {
    quote: { ...quote, insurerAmount: `${quote.insurerAmount}`, patientAmount: `${quote.patientAmount}` },
    ...{ signature, left: `${left}`, coin, chainId: coin.chainId, settlement: settings.payments.contract },
  };
}

/**
 * Brings a patient's permit for a bill, and waits until it is mined. It may be brought again: what is paid already is refused by the
 * contract. Throws as `coPayTerms`, and WRONG_STATE where the contract refuses it.
 */
export async function payCoPay(
  actor: Actor,
  { claim: id, permit }: z.output<typeof coPayPermit>,
  portal: Portal = thePortal(),
): Promise<{ transactionHash: string }> {
  const { quote, signature } = await ownQuote(portal, actor, id);
  return portal.settlement.payByPermit(quote, signature, permit);
}

/** The quote of an own bill, and what is left of the patient's share by it. Throws as `coPayTerms`. */
export async function openQuote(portal: Portal, actor: Actor, id: string) {
  const signed = await ownQuote(portal, actor, id);
  const { claim, insurer, patientAmount } = signed.quote;
  const bill = await portal.settlement.readBill(insurer, claim.slice(2));
  // A quote that is older than what was brought last is paid by no more.
  const paid = bill?.patientPaid ?? 0n;
  return { ...signed, left: patientAmount > paid ? patientAmount - paid : 0n };
}

/** Of a bill of the actor's own, with something of the patient's to be paid. */
async function ownQuote(portal: Portal, actor: Actor, id: string) {
  allowMember(actor);
  await countAttempt(portal.db, `copay:${actor.personId}`, payments);
  const claim = await readClaim(portal.ledger, id);
  await requireOwnPolicy(portal, actor, claim.policy);
  if ((decisionInForce(claim)?.patient ?? 0) === 0) throw new AppError('WRONG_STATE', `${id} leaves nothing to pay`);
  return adjudicatorOf(portal, claim.insurer).quote(id);
}
