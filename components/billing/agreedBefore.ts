import type { BenefitCategory } from '#chaincode/model/plan.ts';
import type { ClaimView } from '#server/claims/schema.ts';

/** What the insurer of a policy has agreed to before a service of the kind was given, in the order of `claims`; a claim may name one of them. */
export const agreedBefore = (
  claims: readonly ClaimView[],
  policy: string | undefined,
  category: BenefitCategory,
): ClaimView[] =>
  claims.filter(
    (each) =>
      each.use === 'preauthorisation' &&
      each.policy === policy &&
      each.category === category &&
      (each.state === 'approved' || each.state === 'partlyApproved'),
  );
