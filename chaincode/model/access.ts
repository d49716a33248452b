import { z } from 'zod';
import { type Purpose, purpose, someCategories } from './category.ts';
import { careId } from './identifiers.ts';

/** Readings of records, each on the ledger before a key is given out, and emergencies. */

export const accessId = careId('acc');
export const emergencyId = careId('emg');

/** How long one `access:request` lets its reader ask for keys, in hours; consent is asked anew each time. */
export const accessHours = 12;
/** How long an emergency opens what it opens, in hours; a confirmation begins the hours anew. */
export const emergencyHours = 4;

/** Transient data of `access:request`, and its private part. */
export const accessTerms = z.strictObject({ categories: someCategories, purpose });
export type AccessTerms = z.infer<typeof accessTerms>;

/** A release of keys. */
export interface Access {
  id: string;
  patient: string;
  /** `prac-…`, or the pseudonym of a representative. */
  reader: string;
  institution?: string;
  /** The emergency that allows it instead of a consent. */
  emergency?: string;
  /** ISO 8601 */
  at: string;
  until: string;
}
/** As the patient reads it; `terms.categories` are those that were released. */
export interface FullAccess extends Access {
  terms: AccessTerms;
  purpose: Purpose;
}

/** One clinician opens `summary`; a second one of the institution opens `full`: everything, for four hours. */
export const emergencyLevels = ['summary', 'full'] as const;
export interface Emergency {
  id: string;
  patient: string;
  actor: string;
  institution: string;
  level: (typeof emergencyLevels)[number];
  /** In words, for patient and regulator: no diagnosis and no name belongs into it, since blocks keep it. */
  reason: string;
  at: string;
  /** ISO 8601; when it closes. */
  until: string;
  confirmedBy?: string;
  confirmedAt?: string;
  review?: { by: string; at: string; outcome: 'justified' | 'unjustified'; note: string };
  version: number;
}

/** Why an organisation's connector may give its share of a category's seed to a person. */
export interface Release {
  reason: 'emergency' | 'representative' | 'reenrolment';
  /** Emergency, representation or re-enrolment that allows it. */
  id: string;
  /** The reader's present reading key, to which the share is wrapped anew. */
  reader: string;
  readingKey: string;
  /** ISO 8601; absent where it does not end. */
  until?: string;
}
