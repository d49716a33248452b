import { z } from 'zod';

/** The directory of an institution's patients: who is who, registration, and duplicates. */

const identity = {
  name: z.string().trim().min(2).max(120),
  birthDate: z.iso.date(),
  identifier: z.string().trim().max(60).default(''),
};
export const findSimilar = z.object(identity);

const sex = z.enum(['male', 'female', 'other', 'unknown']);
/** The actor has seen those who are similar, and this is somebody else. */
const isAnother = z.boolean().default(false);
export const registerPatient = z.object({ ...identity, sex, isAnother, email: z.email().max(254) });
/** A minor or ward has no account. */
export const registerWard = z.object({ ...identity, sex, isAnother });
export const findEntries = z.object({ query: z.string().trim().min(2).max(100) });
export const someEntry = z.object({ personId: z.uuid() });

/** Why two entries may be one person. */
export const likenesses = ['identifier', 'birthDate', 'sameName', 'similarName', 'swappedName'] as const;
export type Likeness = (typeof likenesses)[number];

export interface DirectoryEntry {
  personId: string;
  name: string;
  /** ISO date */
  birthDate: string;
  identifier: string;
  pseudonym: string;
  /** Has keys, so that nothing of it can become another's. */
  enrolled: boolean;
  /** Has no account: others act for the patient. `waiting`: and is not on the ledger yet. */
  ward?: 'registered' | 'waiting';
}

/** An entry that resembles what was asked for, the likest first. */
export interface SimilarPatient extends DirectoryEntry {
  why: Likeness[];
}

/** Two entries of one institution that may be one person. */
export interface PossibleDuplicate {
  entries: [DirectoryEntry, DirectoryEntry];
  why: Likeness[];
}

export const takeOn = z.object({ personId: z.uuid() });
export const mergePatients = z.object({ keepId: z.uuid(), mergeId: z.uuid() });
export const undoMerge = z.object({ id: z.uuid() });

export interface RegisteredPatient {
  personId: string;
  /** Of the invitation; shown once, it goes into a link's fragment. */
  token: string;
  /** ISO 8601 */
  expiresAt: string;
}

export interface MergeView {
  id: string;
  kept: DirectoryEntry;
  merged: DirectoryEntry;
  by: string;
  /** ISO 8601 */
  at: string;
  undoneAt?: string;
  /** Whether it can be undone still. */
  reversible: boolean;
}
