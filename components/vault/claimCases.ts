import type { ClaimDecision } from '#chaincode/model/claim.ts';
import { type ContentWrap, contentWrap, type Policy } from '#chaincode/model/policy.ts';
import type { ExplanationContent } from '#crypto/claim/content.ts';
import type { PolicyDetails } from '#crypto/claim/details.ts';
import type { ClaimMessageIntent, DecideIntent } from './claimCaseOperations.ts';
import { fetchClaimBytes, fetchContent } from './claimContents.ts';
import type { OpenedClaim, SealedClaim } from './claimParts.ts';
import { vaultClient } from './client.ts';
import { openInstitutionKey, read } from './records.ts';

/** What the pages do with claims of the person's institution, which bills or insures. Keys stay in the worker. */

/** The data key of a claim or a policy, as it is wrapped for the institution. */
const ownWrap = (id: string): Promise<ContentWrap> => read({ kind: 'claims:readWrap', id }, contentWrap);

/** Opens a claim whose institution's key was opened before (`openInstitutionKey`). */
async function openOne(claim: SealedClaim): Promise<OpenedClaim> {
  const { id, by, content, reference, decisions, messages } = claim;
  const [own, bytes] = await Promise.all([ownWrap(id), fetchClaimBytes(claim)]);
  return vaultClient().call('openClaim', {
    claim: { id, by, content, reference, decisions, messages },
    own,
    bytes,
  });
}

/** A claim with all that was said of it. `institution`: whose staff the person is. */
export async function openClaim(claim: SealedClaim, institution: string): Promise<OpenedClaim> {
  await openInstitutionKey(institution);
  return openOne(claim);
}

/** Several, one after the other; `onEach` gets each that opens, or what kept it closed. */
export async function openClaims<Sealed extends SealedClaim>(
  claims: readonly Sealed[],
  institution: string,
  onEach: (claim: Sealed, opened: OpenedClaim | { problem: unknown }) => void,
): Promise<void> {
  await openInstitutionKey(institution);
  for (const claim of claims) onEach(claim, await openOne(claim).catch((problem: unknown) => ({ problem })));
}

/** Who is insured by a policy of the insurer `institution`. */
export async function openPolicyDetails(
  policy: Pick<Policy, 'id' | 'plan' | 'details'>,
  institution: string,
): Promise<PolicyDetails> {
  await openInstitutionKey(institution);
  const { id, plan, details } = policy;
  const [own, bytes] = await Promise.all([ownWrap(id), fetchContent(id, details.cid)]);
  return vaultClient().call('openPolicyDetails', { policy: { id, plan, details }, own, bytes });
}

/** A person's decision; to be signed. */
export async function composeClaimDecision(
  decision: Omit<ClaimDecision, 'explanation'>,
  explanation: ExplanationContent,
  institution: string,
): Promise<DecideIntent> {
  await openInstitutionKey(institution);
  const own = await ownWrap(decision.claim);
  return vaultClient().call('composeClaimDecision', { own, decision, explanation });
}

/** A question to the provider, or an answer to the insurer; to be signed. */
export async function composeClaimMessage(
  kind: ClaimMessageIntent['kind'],
  id: string,
  words: string,
  institution: string,
): Promise<ClaimMessageIntent> {
  await openInstitutionKey(institution);
  return vaultClient().call('composeClaimMessage', { kind, own: await ownWrap(id), words });
}
