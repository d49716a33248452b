import { z } from 'zod';
import { hex32, keyWrap, practitionerId, signature } from './identifiers.ts';
import { institutionLadder, institutionReading } from './records.ts';

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
/** With the admin who wrapped it, in whose name the statement is. */
export const storedStaffWrap = staffWrap.extend({ by: practitionerId });
export type StoredStaffWrap = z.infer<typeof storedStaffWrap>;
/**
 * What `readStaffWrap` answers a member of staff: the newest key of the institution, its seed, and the ladders of generations
 * before, newest first, by which it opens what was wrapped for any of them.
 */
export const ownStaffWrap = z.strictObject({
  reading: institutionReading,
  wrap: storedStaffWrap,
  ladders: z.array(institutionLadder),
});
export type OwnStaffWrap = z.infer<typeof ownStaffWrap>;
/** One of the answers of `readStaffWraps`: who holds the newest seed, under which key. */
export const heldStaffWrap = staffWrap.pick({ practitioner: true, generation: true, readerKeyHash: true });
export type HeldStaffWrap = z.infer<typeof heldStaffWrap>;
/** Transient field of `putInstitutionReading` and `wrapForStaff`: JSON of `StaffWrap[]`, up to 1 MiB. */
export const staffTransientField = 'staff';
/** Private data collections by whose institutions they are for; that of the authority is kept by the regulator's peer alone. */
export const institutionCollection = 'institutionSecrets';
export const authorityCollection = 'authoritySecrets';
