import { z } from 'zod';
import { category, purpose, someCategories } from './category.ts';
import { categoryView } from './healthRecord.ts';
import { careId, institutionId, patientPseudonym, practitionerId, readingKey } from './identifiers.ts';

/** Readings of records, each on the ledger before a key is given out, and emergencies. */

export const accessId = careId('acc');
export const emergencyId = careId('emg');

/** How long one `access:request` lets its reader ask for keys, in hours; consent is asked anew each time. */
export const accessHours = 12;
/** How long an emergency opens what it opens, in hours; a confirmation begins the hours anew. */
export const emergencyHours = 4;

/** Argument of `access:request`. */
export const newAccess = z.strictObject({
  id: accessId,
  patient: patientPseudonym,
  /** The emergency that allows it instead of a consent. */
  emergency: emergencyId.optional(),
});
export type NewAccess = z.infer<typeof newAccess>;

/** Transient field of `access:request`, and its private part. */
export const accessTransientField = 'access';
export const accessTerms = z.strictObject({ categories: someCategories, purpose });
export type AccessTerms = z.infer<typeof accessTerms>;

/** A release of keys. */
export const accessRecord = z.strictObject({
  id: accessId,
  patient: patientPseudonym,
  /** `prac-…`, or the pseudonym of the patient or a representative. */
  reader: z.union([practitionerId, patientPseudonym]),
  institution: institutionId.optional(),
  /** The emergency that allows it instead of a consent. */
  emergency: emergencyId.optional(),
  at: z.iso.datetime(),
  /** When it can no longer be asked for keys. */
  until: z.iso.datetime(),
});
export type Access = z.infer<typeof accessRecord>;
/** As the patient reads it; `terms.categories` are those that were released. */
export const fullAccess = accessRecord.extend({ terms: accessTerms });
export type FullAccess = z.infer<typeof fullAccess>;

/** What `access:read` answers: the released categories that are permitted still, and all others. */
export const accessView = z.strictObject({ categories: z.array(categoryView), withheld: z.array(category) });
export type AccessView = z.infer<typeof accessView>;

/** Argument of `access:openEmergency`. `reason`: in words, for patient and regulator, without diagnosis or name. */
export const newEmergency = z.strictObject({
  id: emergencyId,
  patient: patientPseudonym,
  reason: z.string().trim().min(3).max(300),
});
export type NewEmergency = z.infer<typeof newEmergency>;

/** One clinician opens `summary`; a second one of the institution opens `full`: everything, for four hours. */
export const emergencyLevels = ['summary', 'full'] as const;
export const reviewOutcomes = ['justified', 'unjustified'] as const;
export const emergencyReview = z.strictObject({
  outcome: z.enum(reviewOutcomes),
  /** In words, public like the reason. */
  note: z.string().trim().min(3).max(300),
});
export type EmergencyReview = z.infer<typeof emergencyReview>;
export const emergency = z.strictObject({
  id: emergencyId,
  patient: patientPseudonym,
  actor: practitionerId,
  institution: institutionId,
  level: z.enum(emergencyLevels),
  /** In words, for patient and regulator: no diagnosis and no name belongs into it, since blocks keep it. */
  reason: z.string(),
  at: z.iso.datetime(),
  /** When it closes. */
  until: z.iso.datetime(),
  confirmedBy: practitionerId.optional(),
  confirmedAt: z.iso.datetime().optional(),
  review: emergencyReview.extend({ by: practitionerId, at: z.iso.datetime() }).optional(),
  version: z.int().positive(),
});
export type Emergency = z.infer<typeof emergency>;

/** Why an organisation's connector may give its share of a category's seed to a person; what `access:mayRelease` answers. */
export const release = z.strictObject({
  reason: z.enum(['emergency', 'representative', 'reenrolment']),
  /** Emergency, representation or, of a re-enrolment, the pseudonym that allows it. */
  id: z.string(),
  /** The reader's present reading key, to which the share is wrapped anew. */
  reader: z.string(),
  readingKey,
  /** Absent where it does not end. */
  until: z.iso.datetime().optional(),
});
export type Release = z.infer<typeof release>;
