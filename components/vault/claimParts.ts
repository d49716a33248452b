import type { Claim } from '#chaincode/model/claim.ts';
import type { SealedContent } from '#chaincode/model/policy.ts';
import type { Bytes } from '#crypto/bytes.ts';
import {
  type ClaimContent,
  type ExplanationContent,
  openClaim,
  openClaimMessage,
  openExplanation,
} from '#crypto/claim/content.ts';
import type { SealedDocument } from '#crypto/envelope.ts';
import { CryptoError } from '#crypto/errors.ts';
import { type ErrorMessage, errorMessage } from './errors.ts';

/** Something of a claim that opened, or why it did not: one altered message keeps nothing else back. */
export type OpenedPart<Content> = { content: Content } | { problem: ErrorMessage };

/** A claim as its readers have it; parts in the ledger's order. */
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

const none = new Uint8Array();

/** Opens a claim with the claim's key. Throws where the claim itself does not open: it is not what the ledger says, or for somebody else. */
export const openWholeClaim = async (key: Bytes, claim: SealedClaim, bytes: ClaimBytes): Promise<OpenedClaim> => ({
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
});

/** A ciphertext as the ledger names it. */
export const named = ({ cid, contentHash }: SealedDocument): SealedContent => ({ cid, contentHash });

/** What opens, or why it does not. */
export async function partOf<Content>(open: () => Promise<Content>): Promise<OpenedPart<Content>> {
  try {
    return { content: await open() };
  } catch (error) {
    if (error instanceof CryptoError) return { problem: errorMessage(error) };
    throw error;
  }
}
