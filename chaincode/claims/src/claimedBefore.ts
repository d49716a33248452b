import type { Context } from 'fabric-contract-api';
import { type Claim, mostDecisionsOfClaim, payers } from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { decisionInForce } from '../../model/usage.ts';
import { paidBy } from './shares.ts';
import { findClaimOfService, getClaim, getPlan } from './storage.ts';

const day = 24 * 60 * 60 * 1000;

/**
 * The claim of the same service before, undefined where there is none. A service is claimed again once that claim is over and nothing is
 * paid of it: reversed, or denied and not to be appealed any more. Throws ALREADY_CLAIMED.
 */
export async function claimBefore(ctx: Context, at: Date, service: string): Promise<string | undefined> {
  const id = await findClaimOfService(ctx, service);
  if (id === undefined) return undefined;
  const claim = await getClaim(ctx, id);
  if (isPaid(claim) || !(await isOver(ctx, at, claim))) {
    throw new LedgerError('ALREADY_CLAIMED', `there is a claim of this service already: ${id}`);
  }
  return id;
}

/** Refuses what can only be said of a service's last claim: WRONG_STATE. */
export async function requireNotClaimedAgain(ctx: Context, { id, service }: Claim): Promise<void> {
  const last = await findClaimOfService(ctx, service);
  if (last !== id) throw new LedgerError('WRONG_STATE', `what ${id} is for was claimed again: ${last}`);
}

/** Until when the member may appeal the decision in force, in milliseconds. */
export async function appealableUntil(ctx: Context, claim: Claim): Promise<number> {
  const { terms } = await getPlan(ctx, claim.plan.id, claim.plan.version);
  return Date.parse(decisionInForce(claim)?.at ?? claim.at) + terms.appealDays * day;
}

async function isOver(ctx: Context, at: Date, claim: Claim): Promise<boolean> {
  if (claim.state === 'reversed') return true;
  if (claim.state !== 'denied') return false;
  return claim.decisions.length >= mostDecisionsOfClaim || at.getTime() > (await appealableUntil(ctx, claim));
}

/** Whether something is paid and not given back, or on its way and not final yet. */
function isPaid(claim: Claim): boolean {
  const isOnItsWay = claim.settlement !== undefined && !claim.receipts.some(({ payer }) => payer === 'insurer');
  return isOnItsWay || payers.some((payer) => paidBy(claim, payer) !== 0);
}
