import type { ClaimDecision } from '#chaincode/model/claim.ts';
import type { ContentWrap, Policy } from '#chaincode/model/policy.ts';
import { type Bytes, toBase64Url } from '#crypto/bytes.ts';
import { type ExplanationContent, sealClaimMessage, sealExplanation } from '#crypto/claim/content.ts';
import { openDataKey } from '#crypto/claim/dataKey.ts';
import { openDetails, type PolicyDetails } from '#crypto/claim/details.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { type ClaimBytes, named, type OpenedClaim, openWholeClaim, type SealedClaim } from './claimParts.ts';
import { byInstitutionSeed, type OpenState } from './openVault.ts';

export type DecideIntent = Extract<TransactionIntent, { kind: 'claims:decide' }>;
export type ClaimMessageIntent = Extract<TransactionIntent, { kind: 'claims:ask' | 'claims:answer' }>;

const messageKinds = { 'claims:ask': 'question', 'claims:answer': 'answer' } as const;

/** Opens and writes what is said of claims, by the key of the institution that bills or insures. Keys stay here. */
export function claimCaseOperations(opened: () => OpenState) {
  const known = new WeakMap<OpenState, Map<string, Bytes>>();
  const keyOf = async (state: OpenState, own: ContentWrap): Promise<Bytes> => {
    const keys = known.get(state) ?? new Map<string, Bytes>();
    known.set(state, keys);
    const key = keys.get(own.id) ?? (await byInstitutionSeed(state, (seed) => openDataKey(seed, own)));
    keys.set(own.id, key);
    return key;
  };

  return {
    /** Throws where the claim itself does not open: it is not what the ledger says, or for somebody else. */
    async openClaim(input: { claim: SealedClaim; own: ContentWrap; bytes: ClaimBytes }): Promise<OpenedClaim> {
      const { claim, own, bytes } = input;
      return openWholeClaim(await keyOf(opened(), own), claim, bytes);
    },

    /** Who is insured by a policy, for its insurer. */
    async openPolicyDetails(input: {
      policy: Pick<Policy, 'id' | 'plan' | 'details'>;
      own: ContentWrap;
      bytes: Uint8Array;
    }): Promise<PolicyDetails> {
      return openDetails(await keyOf(opened(), input.own), input.policy, input.bytes);
    },

    /** A person's decision with its explanation under the claim's key; to be signed. */
    async composeClaimDecision(input: {
      own: ContentWrap;
      decision: Omit<ClaimDecision, 'explanation'>;
      explanation: ExplanationContent;
    }): Promise<DecideIntent> {
      const state = opened();
      const { own, decision, explanation } = input;
      const { claim, version } = decision;
      const by = state.owner.subjectId;
      const sealed = await sealExplanation(await keyOf(state, own), { claim, version, by }, explanation);
      return {
        kind: 'claims:decide',
        decision: { ...decision, explanation: named(sealed) },
        envelope: toBase64Url(sealed.bytes),
      };
    },

    /** A question to the provider, or the provider's answer; to be signed. Throws for no words, and for too many. */
    async composeClaimMessage(input: {
      kind: ClaimMessageIntent['kind'];
      own: ContentWrap;
      words: string;
    }): Promise<ClaimMessageIntent> {
      const state = opened();
      const { kind, own, words } = input;
      const told = { id: own.id, kind: messageKinds[kind], by: state.owner.subjectId };
      const sealed = await sealClaimMessage(await keyOf(state, own), told, words);
      return { kind, id: own.id, message: named(sealed), envelope: toBase64Url(sealed.bytes) };
    },
  };
}
