import type { Claim } from '#chaincode/model/claim.ts';
import type { ClaimContent } from '#crypto/claim/content.ts';
import type { Encounter } from '#crypto/claim/service.ts';
import { claim as claimResource } from '#fhir/claim.ts';
import { codeOf, systems } from '#fhir/coding.ts';

/** The day of an encounter, as `claims` names it. `servedAt`: ISO 8601 instant. */
export const dayOf = (servedAt: string): string => new Date(servedAt).toISOString().slice(0, 10);

/** What encounter a claim is for: of one service, by whom who bills it; null for a medicine, a question, and what is none. */
export function encounterOf(
  { category, use, servedAt }: Pick<Claim, 'category' | 'use' | 'servedAt'>,
  content: Pick<ClaimContent, 'claim'>,
): Encounter | null {
  if (category === 'medicine' || use === 'preauthorisation') return null;
  const resource = claimResource.safeParse(content.claim).data;
  const [item] = resource?.item ?? [];
  const code = item && codeOf(item.productOrService, systems.service);
  const practitioner = resource?.careTeam[0]?.provider.identifier.value;
  if (code === undefined || practitioner === undefined) return null;
  return { day: dayOf(servedAt), code, practitioner };
}
