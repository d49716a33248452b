import { z } from 'zod';
import { hex32, keyWrap, practitionerId, signature } from './identifiers.ts';

/** The seed of an institution's reading key for one member of staff; private data of `registry`. */
export const staffWrap = z.strictObject({
  practitioner: practitionerId,
  generation: z.int().positive(),
  /** Hex SHA-256 of the member's public reading key. */
  readerKeyHash: hex32,
  wrap: keyWrap,
  /** The admin's `staffWrapStatement`. */
  signature,
});
export type StaffWrap = z.infer<typeof staffWrap>;
export const staffWraps = z.array(staffWrap).max(400);
/** Transient field of `putInstitutionReading` and `wrapForStaff`: JSON of `StaffWrap[]`, up to 1 MiB. */
export const staffTransientField = 'staff';
export const institutionCollection = 'institutionSecrets';
