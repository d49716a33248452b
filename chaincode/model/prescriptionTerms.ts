import { z } from 'zod';
import { base64Url, careId, hex32, institutionId, patientPseudonym, practitionerId } from './identifiers.ts';
import { words } from './shapes/text.ts';

/** What may stand beside a prescription: how it is to be filled, and what people have said about it since. */

const instant = z.iso.datetime();

/**
 * One of several prescriptions that were written together (E-Rezept: Mehrfachverordnung). Each part has its own code, token
 * and window, and is redeemed independently of the others; `(id, part)` is there once on a channel.
 */
export const series = z
  .strictObject({ id: careId('rs'), part: z.int().min(1).max(12), of: z.int().min(2).max(12) })
  .refine(({ part, of }) => part <= of, { path: ['part'], message: 'must be one of them' });
export type Series = z.infer<typeof series>;

export const safetyOutcomes = ['clear', 'overridden', 'incomplete'] as const;
/**
 * That the clinical check ran before signing or before handing out, and what came of it; where this is absent it was not made. The
 * hash is over the details, which lie encrypted inside the MedicationRequest or MedicationDispense.
 */
export const safetySummary = z.strictObject({
  tableVersion: words(1, 32),
  outcome: z.enum(safetyOutcomes),
  /** Hex SHA-256. */
  hash: hex32,
});
export type SafetySummary = z.infer<typeof safetySummary>;

/** Which request for a renewal a new prescription answers: with the same content, or with another. */
export const renewalAnswer = z.strictObject({ id: careId('rn'), outcome: z.enum(['approved', 'changed']) });
export type RenewalAnswer = z.infer<typeof renewalAnswer>;

/**
 * Asked of the pharmacy that holds it, by the prescriber or for the patient. An open request takes effect as soon as nobody
 * holds the prescription; while it is open, nothing new is dispensed. The reasons are public to the channel.
 */
export const cancelRequest = z.strictObject({
  by: z.union([practitionerId, patientPseudonym]),
  at: instant,
  reason: z.string(),
  /** The holder declined. */
  refused: z.strictObject({ by: practitionerId, at: instant, reason: z.string() }).optional(),
});
export type CancelRequest = z.infer<typeof cancelRequest>;
/** Whether the holder has a request that it has not answered. */
export const isCancelOpen = (request: CancelRequest | undefined): request is CancelRequest =>
  request !== undefined && request.refused === undefined;

/** The patient's word that the hold is to end: from `endsAt` on the patient may end it. */
export const holdNotice = z.strictObject({ at: instant, endsAt: instant });
export type HoldNotice = z.infer<typeof holdNotice>;
/** So long a pharmacy holds a prescription undisturbed, and so long a notice runs. */
export const holdBeforeNoticeMs = 24 * 60 * 60 * 1000;
export const holdNoticeMs = 24 * 60 * 60 * 1000;

/** The holder offers it to another pharmacy. */
export const transferOffer = z.strictObject({ to: institutionId, at: instant });
export type TransferOffer = z.infer<typeof transferOffer>;
/** Second argument of `offerTransfer`, as JSON. */
export const transferArgument = z.strictObject({ to: institutionId });
/**
 * Transient field of `offerTransfer`: data key and access code, wrapped for the reading key of the other institution and for
 * those of its systems (`crypto/transfer.ts`), base64url in UTF-8. Kept in `prescriptionSecrets`, and purged when the offer or the hold ends.
 */
export const transferTransientField = 'transferWrap';
export const longestTransferWrap = 16_384;
export const transferWrap = base64Url(1, longestTransferWrap);
/** What `readTransfer` answers. */
export const transferKeys = z.strictObject({ wrap: transferWrap });
export type TransferKeys = z.infer<typeof transferKeys>;

export const pickupKinds = ['representative', 'courier'] as const;
/** Second argument of `authorisePickup`, as JSON. */
export const pickupArgument = z.strictObject({
  /** Hex SHA-256 of the key that `crypto/pickup.ts` derives from the one-time code. */
  hash: hex32,
  until: instant,
  kind: z.enum(pickupKinds),
});
export type PickupArgument = z.infer<typeof pickupArgument>;
/** Who may fetch it for the patient, with a code that counts once. */
export const pickup = pickupArgument.extend({
  used: z.strictObject({ dispenseId: z.string(), at: instant }).optional(),
});
export type Pickup = z.infer<typeof pickup>;
export type PickupKind = (typeof pickupKinds)[number];
/** Longest that a pickup can be authorised for. */
export const longestPickupMs = 31 * 24 * 60 * 60 * 1000;
/** Transient field of `reserve` and `dispense`: the pickup's key, 32 bytes; demanded where `handedTo` says so. */
export const pickupTransientField = 'pickupKey';

export const substitutionReasons = ['generic', 'shortage', 'patient', 'clinical'] as const;
/** That another product was handed over than was prescribed, and why; which one is encrypted. */
export const substitution = z.strictObject({ reason: z.enum(substitutionReasons) });
export type Substitution = z.infer<typeof substitution>;

/** Why a dispense names no packs: they have no serial number, or the ledgers were away. */
export const withoutPacksReasons = ['noSerial', 'downtime'] as const;
export type WithoutPacks = (typeof withoutPacksReasons)[number];
