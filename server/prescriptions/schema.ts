import { z } from 'zod';
import type { RegisterReference } from '#chaincode/model/controlledRegister.ts';
import type { PrescriptionState } from '#chaincode/model/prescription.ts';
import type {
  HoldNotice,
  PickupKind,
  SafetySummary,
  Series,
  Substitution,
  WithoutPacks,
} from '#chaincode/model/prescriptionTerms.ts';
import type { RenewalState } from '#chaincode/model/renewal.ts';

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

/** The care channel that an id of a patient or prescription names. */
export function careChannelOf(id: string): string {
  return `care-${id.split('-')[1]}`;
}

/** State of the prescription's token on Ethereum, as read from the chain. */
export interface TokenView {
  /** `none`: software issued it in the author's name, and no wallet signed a token. */
  state: 'none' | 'pending' | 'active' | 'partial' | 'dispensed' | 'cancelled' | 'unreachable';
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
  /** `from`: the pharmacy that transferred it, where one did. */
  holder?: { institution: string; institutionId: string; since: string; from?: string };
  /** A dispense of scanned packs that is under way at the holder. */
  reservation?: { dispenseId: string; quantity: number; packs: number; practitionerId: string; at: string };
  quantity: number;
  fills: number;
  left: number;
  /** Its author declared a controlled medicine, and signed it with a second factor. */
  controlled?: true;
  /** The entry in the authority's register; without one, pharmacies refuse a controlled medicine. */
  register?: RegisterReference;
  validFrom?: string;
  series?: Series;
  fillEveryDays?: number;
  /** Units that may be dispensed now, of what is left; and when more may be. */
  available: number;
  nextFill?: string;
  /** Ids: of the prescription that it corrects, and of the one that corrects it. */
  replaces?: string;
  replacedBy?: string;
  /** What the check at signing came to; absent where there was none. */
  safety?: SafetySummary;
  /** Somebody asks the holder to cancel it; `by` says in which role, `refused` what the holder answered. */
  cancelRequest?: {
    by: 'prescriber' | 'patient';
    at: string;
    reason: string;
    refused?: { at: string; reason: string };
  };
  holdNotice?: HoldNotice;
  /** Offered to another pharmacy. */
  transfer?: { institutionId: string; institution: string; at: string };
  pickup?: { until: string; kind: PickupKind; used?: string };
  /** The newest request for a renewal. */
  renewal?: string;
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
    withoutPacks?: WithoutPacks;
    substitution?: Substitution;
    /** Of the pharmacist's own clinical check. */
    safety?: SafetySummary;
    /** Who fetched it for the patient. */
    handedTo?: PickupKind;
    /** `prac-…` of the pharmacist, to which the ciphertext is bound. */
    practitionerId: string;
    institution: string;
  }[];
  token: TokenView;
}

/** A request for a renewal, with names. */
export interface RenewalSummary {
  id: string;
  prescription: string;
  state: RenewalState;
  /** Who asked: the patient (or for the patient), or a pharmacy by name. */
  by: { role: 'patient' | 'pharmacist'; institution?: string };
  author: { id: string; name: string };
  /** Present only for staff. */
  patient?: { personId: string; name: string };
  at: string;
  answeredAt?: string;
  reason?: string;
  /** The new prescription. */
  next?: string;
}

/** Found by the hash of the redeeming key, never by the access code, which no server sees. */
/** One dispense of a prescription. */
export const dispenseOf = z.object({ id: prescriptionId, dispenseId });
export type DispenseOf = z.infer<typeof dispenseOf>;

export const lookupPrescription = z.object({ redeemHash: z.string().regex(/^[0-9a-f]{64}$/) });

export type CheckState = 'pass' | 'pending' | 'fail' | 'unreachable';

/** The authenticity verdict, each check named. Fabric decides; a pending token is amber and delays nothing. */
export interface Verdict {
  prescription: PrescriptionSummary;
  /** `yours` when the actor's institution holds it. */
  outcome: 'acceptable' | 'yours' | 'refused';
  /** The patient's pseudonym, for the institution that holds it: an insurance card is for that. */
  patient?: string;
  /** Ledger error code of a refusal: HELD_BY_ANOTHER, COMPLETED, CANCELLED, EXPIRED, CODE_VOID, NOT_YET_VALID, CONTROLLED_INCOMPLETE, SUSPENDED, LICENCE_INVALID. */
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
