import { z } from 'zod';
import { base64Url, careId, hex32, institutionId, practitionerId } from './identifiers.ts';

/** The entry that a prescription of a controlled medicine makes in the authority's register. */

/** Private data collection: the hospitals, whose doctors write it, and the regulator, whose staff open it. */
export const registerCollection = 'controlledRegister';
/** Transient field of `issue`: JSON of `SealedRegisterEntry`. */
export const registerTransientField = 'register';

/** Longest validity of a controlled medicine. */
export const longestControlledMs = 31 * 24 * 60 * 60 * 1000;
/** Most units of one: what lasts a month of the smallest that there are, where others may have a hundred times as many. */
export const mostControlledUnits = 1_000;

/** Sealed by `crypto/controlledRegister.ts` to the reading key of an institution of kind `authority`. */
export const sealedRegisterEntry = z.strictObject({
  /** HPKE wrap of a fresh key for the institution's reading key. */
  wrap: base64Url(1, 4096),
  /** The entry under that key. */
  ciphertext: base64Url(1, 4096),
});
export type SealedRegisterEntry = z.infer<typeof sealedRegisterEntry>;

/** What the prescription says of its entry, in clear. */
export const registerReference = z.strictObject({
  /** Hex SHA-256 of the sealed entry as canonical JSON. */
  hash: hex32,
  to: institutionId,
  /** Of the institution's reading key. */
  generation: z.int().positive(),
});
export type RegisterReference = z.infer<typeof registerReference>;

/** What is in the entry; only the regulator reads it. */
export const registerEntry = z.strictObject({
  /** Of the prescription. */
  id: careId('rx'),
  /** Of the product in the formulary. */
  medicine: z.string().min(1).max(32),
  atc: z.string().min(1).max(7),
  name: z.string().min(1).max(200),
  /** Units in all, and what a unit is. */
  quantity: z.int().positive(),
  unit: z.string().min(1).max(40),
  author: practitionerId,
  /** ISO 8601, when it was written. */
  at: z.iso.datetime(),
});
export type RegisterEntry = z.infer<typeof registerEntry>;

/** One of the answers of `readRegister`. */
export const heldRegisterEntry = z.strictObject({
  id: careId('rx'),
  author: practitionerId,
  authorInstitution: institutionId,
  authoredOn: z.iso.datetime(),
  /** Units in all, as the prescription has them. */
  quantity: z.int().positive(),
  generation: z.int().positive(),
  ...sealedRegisterEntry.shape,
});
export type HeldRegisterEntry = z.infer<typeof heldRegisterEntry>;
