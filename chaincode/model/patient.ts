import { z } from 'zod';
import { careId, hex32, patientPseudonym, readingKey, signature } from './identifiers.ts';
import { credential } from './secondFactor.ts';
import { newKeys, publicKeys } from './shapes/keys.ts';

/** People of a care channel: who they are on the ledger, who acts for them, and how they get new keys. */

export const representativeId = careId('rep');

/** Argument of `patients:register`. A ward whom somebody represents may have no keys. */
export const patientRegistration = z.strictObject({ pseudonym: patientPseudonym, keys: newKeys.optional() });

export const patientRecord = z.strictObject({
  pseudonym: patientPseudonym,
  /** Absent for a ward without keys. */
  keys: publicKeys.optional(),
  credentials: z.array(credential).max(8).optional(),
  status: z.enum(['active', 'suspended']),
  version: z.int().positive(),
});
export type Patient = z.infer<typeof patientRecord>;

/**
 * Somebody who acts for a patient: grants, revokes, answers requests and reads, but passes nothing on and changes no keys.
 * Argument of `patients:appoint`.
 */
export const appointment = z.strictObject({
  id: representativeId,
  patient: patientPseudonym,
  /** The representative's own pseudonym, of any care channel. */
  representative: patientPseudonym,
  /** Hex SHA-256 of the document that an institution relies on; absent where the patient appoints. */
  documentHash: hex32.optional(),
  /** ISO 8601; an institution must name it. */
  until: z.iso.datetime().optional(),
});
export type Appointment = z.infer<typeof appointment>;
export const representation = appointment.extend({
  state: z.enum(['active', 'ended']),
  /** The patient's pseudonym, or the `prac-…` of the institution's admin. */
  by: z.string(),
  institution: z.string().optional(),
  since: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** Why it was ended. */
  reason: z.string().optional(),
  version: z.int().positive(),
});
export type Representation = z.infer<typeof representation>;

/**
 * New keys for somebody who has lost the old ones, on `registry` for practitioners and on the care channel for patients:
 * one organisation proposes, another approves, and they count after a delay in which the person can object.
 */
export const reenrolment = z.strictObject({
  /** `prac-…` or `pt-…` */
  subject: z.string(),
  keys: newKeys,
  proposedBy: z.string(),
  /** MSP ids. */
  proposedFor: z.string(),
  approvedFor: z.string().optional(),
  at: z.iso.datetime(),
  approvedAt: z.iso.datetime().optional(),
  /** From when it can be completed: `reenrolmentDelayHours` after the approval. */
  dueAt: z.iso.datetime().optional(),
  state: z.enum(['proposed', 'approved', 'completed', 'refused']),
  /** Of a refusal. */
  reason: z.string().optional(),
  version: z.int().positive(),
});
export type Reenrolment = z.infer<typeof reenrolment>;
export const reenrolmentDelayHours = 72;

/** Organisations whose connectors hold shares: those with a peer on every care channel. */
export const escrowMsps = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'] as const;
/** X-Wing public key to which an organisation's connector receives its escrow shares, with its registrar's word for it. */
export const escrowKey = z.strictObject({
  mspId: z.string(),
  readingKey,
  /** The registrar's certificate, PEM, and the statement over organisation, version and key that its key signed. */
  certificatePem: z.string().max(4096),
  signature,
  version: z.int().positive(),
});
export type EscrowKey = z.infer<typeof escrowKey>;
