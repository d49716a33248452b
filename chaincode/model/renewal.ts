import { z } from 'zod';
import { careId, deviceId, institutionId, patientPseudonym, practitionerId } from './identifiers.ts';

/** A request that a prescription be written anew, from the patient or the pharmacy to its author. */

export const renewalId = careId('rn');
const prescriptionId = careId('rx');
const instant = z.iso.datetime();

/** asked → approved or changed by a new prescription (`issue` with `renews`), → denied, → withdrawn. */
export const renewalStates = ['asked', 'approved', 'changed', 'denied', 'withdrawn'] as const;
export type RenewalState = (typeof renewalStates)[number];

/** Argument of `askRenewal`, as JSON. */
export const renewalArgument = z.strictObject({ id: renewalId, prescription: prescriptionId });
export type RenewalArgument = z.infer<typeof renewalArgument>;
/** Second argument of `answerRenewal`, as JSON. The reason is public to the channel. */
export const renewalDenial = z.strictObject({ outcome: z.literal('denied'), reason: z.string() });
export type RenewalDenial = z.infer<typeof renewalDenial>;

export const renewal = z.strictObject({
  ...renewalArgument.shape,
  patient: patientPseudonym,
  /** Of the prescription; a doctor of the same institution may answer too. */
  author: practitionerId,
  authorInstitution: institutionId,
  /** Who asked: patient, representative or pharmacist. */
  by: z.union([practitionerId, patientPseudonym]),
  /** Of the pharmacist who asked. */
  byInstitution: institutionId.optional(),
  state: z.enum(renewalStates),
  at: instant,
  answeredAt: instant.optional(),
  answeredBy: practitionerId.optional(),
  /** Of a denial or withdrawal. */
  reason: z.string().optional(),
  /** The new prescription. */
  next: prescriptionId.optional(),
  /** The device that signed this version for a practitioner. */
  via: deviceId.optional(),
  version: z.int().positive(),
});
export type Renewal = z.infer<typeof renewal>;
