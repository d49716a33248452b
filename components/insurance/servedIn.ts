import type { ClaimContent } from '#crypto/claim/content.ts';
import { claim } from '#fhir/claim.ts';

/** What a claim is for, in the words of who billed it; undefined for what is no FHIR Claim. */
export function servedIn({ claim: resource }: Pick<ClaimContent, 'claim'>): string | undefined {
  const parsed = claim.safeParse(resource);
  if (!parsed.success) return undefined;
  return parsed.data.item
    .map(({ productOrService: { text, coding } }) => text ?? coding?.[0]?.display ?? '')
    .filter((name) => name !== '')
    .join(', ');
}
