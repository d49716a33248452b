import type { Claim, Payer } from '../../model/claim.ts';
import { decisionInForce } from '../../model/usage.ts';

/** What was paid of a claim by a payer, less what was refunded, in minor units. */
export function paidBy({ receipts }: Pick<Claim, 'receipts'>, payer: Payer): number {
  return receipts
    .filter((receipt) => receipt.payer === payer)
    .reduce((sum, { kind, amount }) => sum + (kind === 'payment' ? amount : -amount), 0);
}

/** What is still to be paid of the insurer's share. */
export function dueOfInsurer(claim: Claim): number {
  return (decisionInForce(claim)?.insurer ?? 0) - paidBy(claim, 'insurer');
}

/**
 * What is still to be paid of the patient's share, by patient, fund or in cash. Below 0 where a decision anew has made the share
 * smaller than what was paid: the provider owes a refund.
 */
export function dueOfPatient(claim: Claim): number {
  const paid = paidBy(claim, 'patient') + paidBy(claim, 'assistance') + (claim.cash?.amount ?? 0);
  return (decisionInForce(claim)?.patient ?? 0) - paid;
}
