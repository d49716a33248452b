import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { type Claim, claimSettlement, mostReceipts, type PaymentReceipt, paymentReceipt } from '../../model/claim.ts';
import { LedgerError } from '../../model/errors.ts';
import { amount as amountShape } from '../../model/money.ts';
import { requireAdjudicator, requireOwnInsurer, requireOwnProvider, requireProviderStaff } from './callers.ts';
import { dueOfInsurer, dueOfPatient, paidBy } from './shares.ts';
import { getClaim, putClaim, putClaimIndex, requireNew } from './storage.ts';
import * as transitions from './transitions.ts';

/** A positive amount from its decimal argument. */
const decimalAmount = z
  .string()
  .regex(/^[1-9][0-9]*$/)
  .transform(Number)
  .pipe(amountShape.positive());

/** The insurer's payment is on its way, says the adjudicator, which has seen it: while it is, the member cannot appeal. */
export async function settle(ctx: Context, at: Date, json: string): Promise<void> {
  const { claim: id, transactionHash } = parseJson(claimSettlement, json, 'settlement');
  const adjudicator = await requireAdjudicator(ctx);
  const claim = await getClaim(ctx, id);
  requireOwnInsurer(adjudicator, claim);
  await putClaim(ctx, transitions.settle(claim, transactionHash, { by: adjudicator.id, at }), ['claims:settle', at]);
}

/**
 * A payment or refund that is final on Ethereum, whoever made it, as the adjudicator has found it there; each log entry once over all claims
 * of its insurer, so that no other insurer keeps it from being anchored. One that comes after a reversal counts, too, so that its refund
 * does. Throws ALREADY_EXISTS, WRONG_STATE, AMOUNT_EXCEEDED.
 */
export async function anchor(ctx: Context, at: Date, json: string): Promise<void> {
  const { claim: id, ...receipt } = parseJson(paymentReceipt, json, 'receipt');
  const adjudicator = await requireAdjudicator(ctx);
  const claim = await getClaim(ctx, id);
  requireOwnInsurer(adjudicator, claim);
  const { chainId, contract, transactionHash, logIndex } = receipt;
  const entry = [claim.insurer, contract, transactionHash, `${chainId}`, `${logIndex}`];
  await requireNew(ctx, 'logEntry', entry);
  transitions.requireClaim(claim, 'paid');
  if (claim.receipts.length >= mostReceipts) throw new LedgerError('WRONG_STATE', `${mostReceipts} receipts are all`);
  requireAmount(claim, receipt);
  const receipts = [...claim.receipts, { ...receipt, at: at.toISOString() }];
  await putClaimIndex(ctx, 'logEntry', entry, id);
  const anchored = transitions.afterReceipt({ ...claim, receipts, version: claim.version + 1 });
  await putClaim(ctx, anchored, ['claims:anchor', at]);
}

/** Throws AMOUNT_EXCEEDED for more than is left of the share, or for a refund of more than was paid. */
function requireAmount(claim: Claim, { kind, payer, amount }: Omit<PaymentReceipt, 'claim'>): void {
  const due = payer === 'insurer' ? dueOfInsurer(claim) : dueOfPatient(claim);
  if (amount > (kind === 'payment' ? due : paidBy(claim, payer))) {
    throw new LedgerError('AMOUNT_EXCEEDED', `${amount} is more than the ${kind} that ${payer} may make`);
  }
}

/** The provider has taken the patient's share, or a part of it, in cash; once. Throws WRONG_STATE, ALREADY_EXISTS, AMOUNT_EXCEEDED. */
export async function cash(ctx: Context, at: Date, id: string, text: string): Promise<void> {
  const amount = parseValue(decimalAmount, text, 'amount');
  const staff = await requireProviderStaff(ctx, at);
  const claim = await getClaim(ctx, id);
  requireOwnProvider(staff, claim);
  transitions.requireClaim(claim, 'paid');
  if (claim.state === 'reversed') throw new LedgerError('WRONG_STATE', `${claim.id} is ${claim.state}`);
  if (claim.cash) throw new LedgerError('ALREADY_EXISTS', `cash is on ${claim.id} already`);
  if (amount > dueOfPatient(claim)) throw new LedgerError('AMOUNT_EXCEEDED', `${amount} is more than the patient owes`);
  const paid: Claim = { ...claim, cash: { amount, by: staff.id, at: at.toISOString() }, version: claim.version + 1 };
  await putClaim(ctx, paid, ['claims:cash', at]);
}
