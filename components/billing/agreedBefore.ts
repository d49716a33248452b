import type { BenefitCategory } from '#chaincode/model/plan.ts';
import type { ClaimContent } from '#crypto/claim/content.ts';
import { claim } from '#fhir/claim.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import type { ClaimView } from '#server/claims/schema.ts';

/** What the insurer of a policy was asked before a service of the kind was given, in the order of `claims`, and not taken back. */
export const askedBefore = (
  claims: readonly ClaimView[],
  policy: string | undefined,
  category: BenefitCategory,
): ClaimView[] =>
  claims.filter(
    (each) =>
      each.use === 'preauthorisation' &&
      each.policy === policy &&
      each.category === category &&
      each.state !== 'reversed',
  );

export const isAgreed = ({ state }: Pick<ClaimView, 'state'>): boolean =>
  state === 'approved' || state === 'partlyApproved';

/** Whether the insurer has not said yet. */
export const isWaiting = ({ state }: Pick<ClaimView, 'state'>): boolean =>
  state === 'submitted' || state === 'inReview';

/** What the insurer has agreed to of it; a claim may name one of them. */
export const agreedBefore = (...of: Parameters<typeof askedBefore>): ClaimView[] => askedBefore(...of).filter(isAgreed);

/** Whether a claim that was opened is of nothing but this product. */
export function isOfProduct({ claim: resource }: Pick<ClaimContent, 'claim'>, product: string): boolean {
  const { data } = claim.safeParse(resource);
  return data?.item.every(({ productOrService }) => codeOf(productOrService, systems.product) === product) ?? false;
}
