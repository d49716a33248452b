import { z } from 'zod';
import type { PrescriptionState } from '#chaincode/model/prescription.ts';

export const base64Url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);
export const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const identifier = (prefix: string) => z.string().regex(new RegExp(`^${prefix}-[a-z2-7]{26}$`));

export const prescriptionId = z.string().regex(/^rx-[0-9]{1,4}-[a-z2-7]{26}$/);
export const patientPseudonym = z.string().regex(/^pt-[0-9]{1,4}-[a-z2-7]{26}$/);
export const dispenseId = identifier('disp');

export const prescriptionSecrets = z.object({
  patientWrap: base64Url(4096).optional(),
  authorWrap: base64Url(4096).optional(),
  codeWrap: base64Url(512),
  releaseShare: base64Url(64),
});

export const prescriptionIssue = z.object({
  id: prescriptionId,
  patient: patientPseudonym,
  expires: z.iso.datetime(),
  cid: z.string().regex(/^b[a-z2-7]{58}$/),
  contentHash: hex32,
  redeemHash: hex32,
  commitment: z.string().regex(/^0x[0-9a-f]{64}$/),
  quantity: z.int().min(1).max(100_000),
  fills: z.int().min(1).max(13),
  /** A controlled medicine: the ledger demands a second factor. */
  controlled: z.literal(true).optional(),
});

/** What is reserved for a dispense of scanned packs: how many units and packs, and a salted commitment to which packs. */
export const reservation = z.object({
  dispenseId,
  quantity: z.int().min(1).max(1_300_000),
  packs: z.int().min(1).max(100),
  packsHash: hex32,
});

/** The care channel that an id of a patient or prescription names. */
export function careChannelOf(id: string): string {
  return `care-${id.split('-')[1]}`;
}

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
  /** A dispense of scanned packs that is under way at the holder. */
  reservation?: { dispenseId: string; quantity: number; packs: number; practitionerId: string; at: string };
  quantity: number;
  fills: number;
  left: number;
  /** Its author declared a controlled medicine, and signed it with a second factor. */
  controlled?: true;
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
    /** Scanned packs; none where the packs had no serial to scan. */
    packs?: number;
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
