import type { RegisterReference } from './controlledRegister.ts';
import type {
  CancelRequest,
  HoldNotice,
  Pickup,
  PickupKind,
  RenewalAnswer,
  SafetySummary,
  Series,
  Substitution,
  TransferOffer,
  WithoutPacks,
} from './prescriptionTerms.ts';

/** State types of the `prescriptions` contract (channels `care-*`). Nothing here says what the medicine is or who the patient is. */

/**
 * active → accepted (one pharmacy holds it) → partial → completed; accepted or partial → active by return, or by the patient
 * after a notice; active → cancelled, and from a hold where the holder agrees. A reservation changes no state, but stands in
 * the way of return and close. Expiry is not stored: it follows from `expires` and the clock.
 */
export const prescriptionStates = ['active', 'accepted', 'partial', 'completed', 'cancelled'] as const;
export type PrescriptionState = (typeof prescriptionStates)[number];

/** What the prescriber submits as the one argument of `issue`, as JSON. */
export interface PrescriptionIssue {
  /** `rx-<channel number>-` and 26 lower-case base32 characters. */
  id: string;
  /** Pseudonym of the patient, of the same channel. */
  patient: string;
  /** ISO 8601 instant until which it can be accepted (exclusive); at most 366 days ahead. */
  expires: string;
  /** CID (v1, base32) of the encrypted FHIR MedicationRequest on IPFS. */
  cid: string;
  /** Hex SHA-256 of the encrypted bytes. */
  contentHash: string;
  /** Hex SHA-256 of the redeeming key that is derived from the access code. */
  redeemHash: string;
  /** The token's commitment, 0x and 64 hex digits. */
  commitment: string;
  /** Units (tablets, mL …) of one fill; a positive integer up to 100,000. */
  quantity: number;
  /** 1 plus the number of repeats; 1 to 13. */
  fills: number;
  /**
   * A controlled medicine: its author signs with a second factor, it has one fill, ends within 31 days, belongs to no series and
   * has an entry in the authority's register; pharmacies refuse one that is not declared.
   */
  controlled?: true;
  /** Of the register entry, which `issue` brings as transient data; only with `controlled`. */
  register?: RegisterReference;
  /** ISO 8601 instant before which it cannot be accepted; before `expires`. */
  validFrom?: string;
  series?: Series;
  /** With more than one fill: days from one fill to the next, 1 to 180 (`fills.ts`). */
  fillEveryDays?: number;
  /** The id of an active prescription for the same patient, of the author or the author's institution, that this corrects. */
  replaces?: string;
  /** The request for a renewal that this answers. */
  renews?: RenewalAnswer;
  safety?: SafetySummary;
}

export interface Holder {
  practitionerId: string;
  institutionId: string;
  /** ISO 8601 */
  since: string;
  /** The pharmacy that transferred it: this one reads the keys by `readTransfer`, having no access code. */
  from?: string;
}

/**
 * The packs of a dispense as a care channel has them: how many, and a salted commitment to which. What was dispensed to
 * whom never stands in clear here; `crypto/packs.ts` makes the commitment, and the encrypted dispense opens it.
 */
export interface PackCommitment {
  /** Packs that are scanned, 1 to 100. */
  packs: number;
  /** Hex SHA-256 over a salt and the packs' numbers. */
  packsHash: string;
}

/** What a pharmacy submits as the second argument of `reserve`, as JSON. */
export interface ReservationArgument extends PackCommitment {
  /** Of the dispense that is to complete it. */
  dispenseId: string;
  quantity: number;
  /** Who fetches it for the patient; the transient `pickupKey` proves it. */
  handedTo?: PickupKind;
}

/** So much of what is left is kept for one dispense while its packs are taken out of the supply ledger. */
export interface Reservation extends ReservationArgument {
  practitionerId: string;
  institutionId: string;
  at: string;
}

/** What a pharmacy submits as the second argument of `dispense`, as JSON. */
export interface DispenseArgument {
  /** `disp-` and 26 lower-case base32 characters. */
  id: string;
  quantity: number;
  /** CID and hash of the encrypted FHIR MedicationDispense. */
  cid: string;
  contentHash: string;
  substitution?: Substitution;
  /** Of the pharmacist's own clinical check; the details lie encrypted in the MedicationDispense. Absent where none was made. */
  safety?: SafetySummary;
  /** Why there are no packs; never with a reservation. */
  withoutPacks?: WithoutPacks;
  /** As in the reservation, whose word counts where there is one. */
  handedTo?: PickupKind;
}

export interface Dispense extends DispenseArgument, Partial<PackCommitment> {
  practitionerId: string;
  institutionId: string;
  at: string;
}

export interface Prescription extends PrescriptionIssue {
  author: string;
  authorInstitution: string;
  authoredOn: string;
  state: PrescriptionState;
  /** Units that may still be dispensed: `quantity × fills` less what was dispensed. */
  left: number;
  /** Present in `accepted` and `partial`. */
  holder?: Holder;
  /** Present only in `accepted` and `partial`, while a dispense of packs is under way. */
  reservation?: Reservation;
  dispenses: Dispense[];
  /** False after the patient voided the access code, until it is renewed. */
  codeValid: boolean;
  /** Reason of a cancellation or of closing short; `replaced` where another took its place. */
  reason?: string;
  /** The institution's software that signed this version in the name of a practitioner, who delegated it. */
  via?: string;
  /** The one that signed the issue so: such a prescription has no token, which its author's own wallet would sign. */
  issuedVia?: string;
  /** The prescription that replaces it. */
  replacedBy?: string;
  cancelRequest?: CancelRequest;
  /** While it is held. */
  holdNotice?: HoldNotice;
  /** While it is held. */
  transfer?: TransferOffer;
  pickup?: Pickup;
  /** Rises by one with every change; attestations name it. */
  version: number;
}

/** Transient field of `issue` and `renewCode`, as UTF-8 JSON; kept in the private data collection `prescriptionSecrets`. */
export const secretsTransientField = 'secrets';
export interface PrescriptionSecrets {
  /**
   * HPKE wraps, base64url: the patient's holds data key and access code, so that the patient can show the code; the
   * author's holds the data key. `renewCode` brings a new `patientWrap` with the new code and leaves `authorWrap`.
   */
  patientWrap?: string;
  authorWrap?: string;
  /** The data key under the key derived from access code and release share, base64url. */
  codeWrap: string;
  /** 32 random bytes, base64url. */
  releaseShare: string;
}

/** Transient field of `accept`: the redeeming key, 32 bytes. */
export const redeemTransientField = 'redeemKey';

/** Private data collection: the organisations that need the secrets; patients read as clients. */
export const secretsCollection = 'prescriptionSecrets';

/** What `readRelease` answers to the pharmacy that holds the prescription. */
export interface Release {
  codeWrap: string;
  releaseShare: string;
}

/** Event name and payload (JSON) of every change of a prescription. */
export const prescriptionEvent = 'PrescriptionChanged';
export interface PrescriptionChanged {
  id: string;
  /** The function that changed it. */
  change: string;
  state: PrescriptionState;
  version: number;
  at: string;
  /** The prescription that the same transaction cancelled, since this one replaces it. */
  replaced?: string;
  /** The request for a renewal that the same transaction changed. */
  renewal?: string;
}

/** What `readWraps` answers for each prescription asked for. */
export interface PrescriptionWrap {
  id: string;
  /** HPKE wrap of the data key for the caller, base64url. */
  wrap: string;
}

/** One entry of `history`, oldest first. */
export interface PrescriptionHistoryEntry {
  transactionId: string;
  /** ISO 8601 time of the transaction. */
  at: string;
  prescription: Prescription;
}
