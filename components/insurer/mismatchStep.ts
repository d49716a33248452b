import { z } from 'zod';
import type { ClaimPayouts } from '#server/claims/schema.ts';

type MismatchEntry = ClaimPayouts['mismatches'][number];

/** What the portal offers about an entry of the work list: a place where it is done, or coins of `amount` (minor units) to pay in. */
export type MismatchStep =
  | { kind: 'release' | 'pay' | 'ask'; href: string }
  | { kind: 'payIn'; amount: number }
  | undefined;

/** What is asked of a provider that has to give something back. */
export const refundQuestion = z.enum(['tooMuch', 'otherInsurer']);
export type RefundQuestion = z.infer<typeof refundQuestion>;

/** Where the release of a claim's share stands on the page of payouts. */
export const releaseAnchor = (claim: string): string => `release-${claim}`;

const approved: readonly (string | null)[] = ['approved', 'partlyApproved'];
/** The ledger takes questions while a person decides, and at no other time. */
const inQuestion: readonly (string | null)[] = ['inReview', 'appealed'];
/** What stands among what the provider has to give back. */
const askable: Partial<Record<MismatchEntry['what'], RefundQuestion>> = {
  ...{ PAID_TWICE: 'tooMuch', WRONG_AMOUNT: 'tooMuch', REFUND_OWED: 'tooMuch', WRONG_INSURER: 'otherInsurer' },
};

/**
 * The next step of an entry; undefined where there is none but to look at the claim. `missing`: what the account holds too little, in minor
 * units, null where the chain does not answer.
 */
export function mismatchStep(
  { what, claim, state }: Pick<MismatchEntry, 'what' | 'claim' | 'state'>,
  { releases, missing }: { releases: readonly { claim: string }[]; missing: number | null },
): MismatchStep {
  if (claim === null) return undefined;
  if (what === 'UNPAID') {
    if (releases.some((release) => release.claim === claim)) {
      return { kind: 'release', href: `#${releaseAnchor(claim)}` };
    }
    if (missing === null || !approved.includes(state)) return undefined;
    return missing > 0
      ? { kind: 'payIn', amount: missing }
      : { kind: 'pay', href: `/insurer/claims/${claim}#payments` };
  }
  const question = askable[what];
  if (question === undefined || !inQuestion.includes(state)) return undefined;
  return { kind: 'ask', href: `/insurer/claims/${claim}?ask=${question}` };
}
