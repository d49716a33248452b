import type { ClaimBytes, SealedClaim } from './claimParts.ts';
import { askPortal } from './portal.ts';

/** Ciphertext that a claim, a policy or an authorisation names. Throws what asking throws. */
export const fetchContent = async (id: string, cid: string): Promise<Uint8Array> =>
  new Uint8Array(await (await askPortal(`/api/claims/${id}/${cid}`)).arrayBuffer());

/** All ciphertexts of a claim, in its order. */
export async function fetchClaimBytes({
  id,
  content,
  decisions,
  messages,
}: Pick<SealedClaim, 'id' | 'content' | 'decisions' | 'messages'>): Promise<ClaimBytes> {
  const fetchAll = (cids: string[]) => Promise.all(cids.map((cid) => fetchContent(id, cid)));
  const [body, explanations, said] = await Promise.all([
    fetchContent(id, content.cid),
    fetchAll(decisions.map(({ explanation }) => explanation.cid)),
    fetchAll(messages.map(({ cid }) => cid)),
  ]);
  return { content: body, explanations, messages: said };
}
