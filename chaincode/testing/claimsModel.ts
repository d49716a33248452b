import { type Claim, type ClaimState, type Payer, payers } from '../model/claim.ts';

/** What holds of claims, told a second time and as simply as can be: to compare the contract with. */

/** What somebody tries, on claims and policies by their numbers. */
export type Attempt =
  | { name: 'submit'; claim: number; policy: number; service: number }
  | { name: 'review' | 'appeal' | 'reverse'; claim: number }
  /** The shares in minor units; both 0 denies. `late`: on the account before the newest. */
  | { name: 'decide'; claim: number; person: boolean; insurer: number; patient: number; late: boolean }
  | { name: 'settle'; claim: number; transaction: number }
  | { name: 'anchor'; claim: number; payer: Payer; refund: boolean; amount: number; transaction: number }
  | { name: 'cash'; claim: number; amount: number };

interface Shared {
  insurer: number;
  patient: number;
}
interface ModelClaim {
  policy: number;
  state: ClaimState;
  decisions: Shared[];
  paid: Record<Payer, number>;
  cash: number;
  onItsWay?: number | undefined;
}

export const billed = 1_000;

/** Claims as the attempts that were taken leave them. */
export class ClaimsModel {
  readonly claims = new Map<number, ModelClaim>();
  private readonly services = new Set<number>();
  /** Those that are anchored, by insurer. */
  private readonly transactions = new Set<string>();
  /** How often each policy's account has changed. */
  private readonly changes = new Map<number, number>();

  /** Takes an attempt where it is allowed; whether it was. */
  take(attempt: Attempt): boolean {
    if (attempt.name === 'submit') return this.submit(attempt);
    const claim = this.claims.get(attempt.claim);
    if (!claim) return false;
    switch (attempt.name) {
      case 'review':
        return this.move(claim, ['submitted'], 'inReview');
      case 'appeal':
        return isPartial(claim) && this.move(claim, ['partlyApproved', 'denied', 'anchored'], 'appealed');
      case 'decide':
        return this.decide(claim, attempt);
      case 'settle':
        return this.settle(claim, attempt.transaction);
      case 'anchor':
        return this.anchor(claim, attempt);
      case 'cash':
        if (claim.state === 'reversed' || claim.cash > 0 || attempt.amount > dueOf(claim, 'patient')) return false;
        claim.cash = attempt.amount;
        return true;
      case 'reverse':
        if (claim.state === 'denied' || claim.state === 'reversed') return false;
        this.change(claim, claim.decisions.at(-1), undefined);
        claim.state = 'reversed';
        return true;
    }
  }

  accountVersion(policy: number): number {
    return this.changes.get(policy) ?? 0;
  }

  private submit({ claim, policy, service }: Extract<Attempt, { name: 'submit' }>): boolean {
    if (this.claims.has(claim) || this.services.has(service)) return false;
    this.services.add(service);
    const paid = { insurer: 0, patient: 0, assistance: 0 };
    this.claims.set(claim, { policy, state: 'submitted', decisions: [], paid, cash: 0 });
    return true;
  }

  private decide(claim: ModelClaim, attempt: Extract<Attempt, { name: 'decide' }>): boolean {
    const { insurer, patient, person, late } = attempt;
    const decidable: ClaimState[] = person ? ['submitted', 'inReview', 'appealed'] : ['submitted'];
    if (late || !decidable.includes(claim.state) || insurer < claim.paid.insurer) return false;
    this.change(claim, claim.decisions.at(-1), attempt);
    claim.decisions.push({ insurer, patient });
    claim.onItsWay = undefined;
    claim.state = decidedState(claim);
    return true;
  }

  private settle(claim: ModelClaim, transaction: number): boolean {
    if (!['approved', 'partlyApproved', 'settled'].includes(claim.state)) return false;
    if (dueOf(claim, 'insurer') <= 0 || claim.onItsWay === transaction) return false;
    claim.onItsWay = transaction;
    claim.state = 'settled';
    return true;
  }

  private anchor(claim: ModelClaim, attempt: Extract<Attempt, { name: 'anchor' }>): boolean {
    const { payer, refund, amount, transaction } = attempt;
    const entry = `${insurerOf(claim)} ${transaction}`;
    if (this.transactions.has(entry)) return false;
    if (amount > (refund ? claim.paid[payer] : dueOf(claim, payer))) return false;
    this.transactions.add(entry);
    claim.paid[payer] += refund ? -amount : amount;
    if (claim.state === 'appealed' || claim.state === 'reversed') return true;
    const isOwed = dueOf(claim, 'insurer') > 0;
    if (claim.state === 'settled' && isOwed) return true;
    if (isOwed) claim.onItsWay = undefined;
    claim.state = decidedState(claim);
    return true;
  }

  private move(claim: ModelClaim, from: ClaimState[], to: ClaimState): boolean {
    if (!from.includes(claim.state)) return false;
    claim.state = to;
    return true;
  }

  private change({ policy }: ModelClaim, before: Shared | undefined, after: Shared | undefined): void {
    const isSame = (before?.insurer ?? 0) === (after?.insurer ?? 0) && (before?.patient ?? 0) === (after?.patient ?? 0);
    if (!isSame) this.changes.set(policy, this.accountVersion(policy) + 1);
  }

  /** What a policy has used: the sum of what is in force. */
  usage(policy: number): Shared {
    const counted = [...this.claims.values()]
      .filter((claim) => claim.policy === policy && claim.state !== 'reversed')
      .flatMap(({ decisions }) => decisions.at(-1) ?? []);
    return {
      insurer: counted.reduce((sum, { insurer }) => sum + insurer, 0),
      patient: counted.reduce((sum, { patient }) => sum + patient, 0),
    };
  }
}

/** Policy 3 is of another insurer. */
const insurerOf = ({ policy }: ModelClaim) => (policy === 3 ? 2 : 1);

const isPartial = ({ decisions }: ModelClaim) => {
  const last = decisions.at(-1);
  return last !== undefined && outcomeOf(last) !== 'approved';
};

/** Shares that make the whole bill are approved. */
export function outcomeOf({ insurer, patient }: Shared) {
  if (insurer + patient === 0) return 'denied';
  return insurer + patient === billed ? 'approved' : 'partlyApproved';
}

function decidedState(claim: ModelClaim): ClaimState {
  const last = claim.decisions.at(-1) ?? { insurer: 0, patient: 0 };
  return last.insurer > 0 && claim.paid.insurer === last.insurer ? 'anchored' : outcomeOf(last);
}

function dueOf({ decisions, paid, cash }: ModelClaim, payer: Payer): number {
  const share = decisions.at(-1) ?? { insurer: 0, patient: 0 };
  return payer === 'insurer' ? share.insurer - paid.insurer : share.patient - paid.patient - paid.assistance - cash;
}

/** What a claim of the ledger says, as the model has it. */
export function seenAs({ state, decisions, receipts, cash }: Claim) {
  const paid = Object.fromEntries(
    payers.map((payer) => [
      payer,
      receipts
        .filter((receipt) => receipt.payer === payer)
        .reduce((sum, { kind, amount }) => sum + (kind === 'payment' ? amount : -amount), 0),
    ]),
  );
  return {
    ...{ state, paid, cash: cash?.amount ?? 0 },
    decisions: decisions.map(({ insurer, patient }) => ({ insurer, patient })),
  };
}
