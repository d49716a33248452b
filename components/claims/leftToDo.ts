import { type Claim, mostDecisionsOfClaim } from '#chaincode/model/claim.ts';
import { decisionInForce } from '#chaincode/model/usage.ts';

/** What a claim's state leaves to do, as the ledger takes it (`chaincode/claims/src/transitions.ts`, `paying.ts`). */

const appealable: readonly Claim['state'][] = ['partlyApproved', 'denied', 'anchored'];

/** Whether the member may appeal; the plan's days are the ledger's to count. */
export const mayAppeal = (claim: Pick<Claim, 'use' | 'state' | 'decisions'>): boolean =>
  claim.use === 'claim' &&
  appealable.includes(claim.state) &&
  decisionInForce(claim)?.outcome !== 'approved' &&
  claim.decisions.length < mostDecisionsOfClaim;

/** Whether the member may appeal once the insurer's payment, which is on its way, is final. */
export const mayAppealSoon = (claim: Pick<Claim, 'use' | 'state' | 'decisions'>): boolean =>
  claim.state === 'settled' && mayAppeal({ ...claim, state: 'anchored' });

/** What patient, fund and cash have paid of a claim, refunds taken off. */
export function paidByPatient({ cash, receipts }: Pick<Claim, 'cash' | 'receipts'>): number {
  const onChain = receipts
    .filter(({ payer }) => payer !== 'insurer')
    .reduce((sum, { kind, amount }) => sum + (kind === 'payment' ? amount : -amount), 0);
  return onChain + (cash?.amount ?? 0);
}

/** What the patient still has to pay; 0 for what is reversed or asked beforehand, and where nothing is decided. */
export function dueOfPatient(claim: Pick<Claim, 'use' | 'state' | 'decisions' | 'cash' | 'receipts'>): number {
  if (claim.use !== 'claim' || claim.state === 'reversed') return 0;
  return Math.max(0, (decisionInForce(claim)?.patient ?? 0) - paidByPatient(claim));
}

/** What the provider may note as paid in cash, which it may once; an appeal may yet change the share. */
export const cashDue = (claim: Pick<Claim, 'use' | 'state' | 'decisions' | 'cash' | 'receipts'>): number =>
  claim.cash === undefined && claim.state !== 'appealed' ? dueOfPatient(claim) : 0;
