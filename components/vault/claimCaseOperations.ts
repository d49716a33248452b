import type { Claim, ClaimDecision } from '#chaincode/model/claim.ts';
import type { ContentWrap, Policy } from '#chaincode/model/policy.ts';
import { type Bytes, toBase64Url } from '#crypto/bytes.ts';
import {
  type ClaimContent,
  type ExplanationContent,
  openClaim,
  openClaimMessage,
  openExplanation,
  sealClaimMessage,
  sealExplanation,
} from '#crypto/claim/content.ts';
import { openDataKey } from '#crypto/claim/dataKey.ts';
import { openDetails, type PolicyDetails } from '#crypto/claim/details.ts';
import type { SealedDocument } from '#crypto/envelope.ts';
import { CryptoError } from '#crypto/errors.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { type ErrorMessage, errorMessage, VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

export type DecideIntent = Extract<TransactionIntent, { kind: 'claims:decide' }>;
export type ClaimMessageIntent = Extract<TransactionIntent, { kind: 'claims:ask' | 'claims:answer' }>;

/** Something of a claim that opened, or why it did not: one altered message keeps nothing else back. */
export type OpenedPart<Content> = { content: Content } | { problem: ErrorMessage };

/** A claim as the staff of its insurer or provider read it; parts in the ledger's order. */
export interface OpenedClaim {
  content: ClaimContent;
  explanations: OpenedPart<ExplanationContent>[];
  /** In words. */
  messages: OpenedPart<string>[];
}

/** What of a claim on the ledger says how it is opened. */
export type SealedClaim = Pick<Claim, 'id' | 'by' | 'content' | 'reference' | 'decisions' | 'messages'>;
/** Ciphertexts as they lie on IPFS, in the claim's order. */
export interface ClaimBytes {
  content: Uint8Array;
  explanations: Uint8Array[];
  messages: Uint8Array[];
}

const messageKinds = { 'claims:ask': 'question', 'claims:answer': 'answer' } as const;
const none = new Uint8Array();

/** Opens and writes what is said of claims, by the key of the institution that bills or insures. Keys stay here. */
export function claimCaseOperations(opened: () => OpenState) {
  const known = new WeakMap<OpenState, Map<string, Bytes>>();
  const keyOf = async (state: OpenState, own: ContentWrap): Promise<Bytes> => {
    const keys = known.get(state) ?? new Map<string, Bytes>();
    known.set(state, keys);
    const key = keys.get(own.id) ?? (await unwrap(state, own));
    keys.set(own.id, key);
    return key;
  };

  return {
    /** Throws where the claim itself does not open: it is not what the ledger says, or for somebody else. */
    async openClaim(input: { claim: SealedClaim; own: ContentWrap; bytes: ClaimBytes }): Promise<OpenedClaim> {
      const { claim, own, bytes } = input;
      const key = await keyOf(opened(), own);
      return {
        content: await openClaim(key, claim, bytes.content),
        explanations: await Promise.all(
          claim.decisions.map((decision, place) =>
            partOf(() => openExplanation(key, decision, bytes.explanations[place] ?? none)),
          ),
        ),
        messages: await Promise.all(
          claim.messages.map((message, place) =>
            partOf(() => openClaimMessage(key, claim.id, message, bytes.messages[place] ?? none)),
          ),
        ),
      };
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

const named = ({ cid, contentHash }: SealedDocument) => ({ cid, contentHash });

async function partOf<Content>(open: () => Promise<Content>): Promise<OpenedPart<Content>> {
  try {
    return { content: await open() };
  } catch (error) {
    if (error instanceof CryptoError) return { problem: errorMessage(error) };
    throw error;
  }
}

/** By whichever generation of the institution's key it was wrapped for. */
async function unwrap({ records }: OpenState, own: ContentWrap): Promise<Bytes> {
  let refusal: unknown = new VaultError('INSTITUTION_LOCKED', 'Your institution has not shared its key with you.');
  for (const seed of records.institutionSeeds.values()) {
    try {
      return await openDataKey(seed, own);
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}
