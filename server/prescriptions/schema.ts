import { z } from 'zod';
import type { PrescriptionState } from '#chaincode/model/prescription.ts';

/** State of the prescription's token on Ethereum, as read from the chain. */
export interface TokenView {
  state: 'pending' | 'active' | 'partial' | 'dispensed' | 'cancelled' | 'unreachable';
  /** Decimal token id: keccak-256 of the prescription id. */
  tokenId: string;
  holder?: string;
  commitment?: string;
  issuer?: string;
  transactionHash?: string;
}

/** One row of a list of prescriptions; no clinical content, the page decrypts that. */
export interface PrescriptionSummary {
  id: string;
  channel: string;
  state: PrescriptionState | 'expired';
  authoredOn: string;
  expires: string;
  /** `id` is the author's `prac-…`, to which the ciphertext is bound. */
  author: { id: string; name: string; institution: string };
  /** Present only for the author and the pharmacy of the author's own lists. */
  patient?: { personId: string; name: string };
  holder?: { institution: string; since: string };
  quantity: number;
  fills: number;
  left: number;
  codeValid: boolean;
  version: number;
  cid: string;
  contentHash: string;
  commitment: string;
  reason?: string;
  dispenses: {
    id: string;
    quantity: number;
    at: string;
    cid: string;
    contentHash: string;
    /** `prac-…` of the pharmacist, to which the ciphertext is bound. */
    practitionerId: string;
    institution: string;
  }[];
  token: TokenView;
}

/** Found by the hash of the redeeming key, never by the access code, which no server sees. */
export const lookupPrescription = z.object({ redeemHash: z.string().regex(/^[0-9a-f]{64}$/) });

export type CheckState = 'pass' | 'pending' | 'fail' | 'unreachable';

/** The authenticity verdict, each check named. Fabric decides; a pending token is amber and delays nothing. */
export interface Verdict {
  prescription: PrescriptionSummary;
  /** `yours` when the actor's institution holds it. */
  outcome: 'acceptable' | 'yours' | 'refused';
  /** Ledger error code of a refusal: HELD_BY_ANOTHER, COMPLETED, CANCELLED, EXPIRED, CODE_VOID, SUSPENDED, LICENCE_INVALID. */
  refusal?: string;
  checks: {
    ledger: CheckState;
    issuer: CheckState;
    token: CheckState;
    /** The token's commitment is compared in the page, once the content is decrypted. */
  };
  issuer: { name: string; institution: string; licence: string; specialty: string; validTo: string; status: string };
  proof: {
    channel: string;
    blockNumber?: string;
    transactionId?: string;
    cid: string;
    contentHash: string;
    tokenId: string;
    tokenTransaction?: string;
  };
}

/** Two identifiers that the pharmacist confirms by asking the person; compared in the page with the decrypted content. */
export const identityConfirmation = z.object({ name: z.boolean(), birthDate: z.boolean() });
