import { z } from 'zod';

/** Who acts for whom, with the names that the actor may know. */
export interface RepresentationView {
  id: string;
  patient: { pseudonym: string; personId?: string; name?: string };
  representative: { pseudonym: string; name?: string };
  state: 'active' | 'ended';
  /** By an institution, on a document; else by the patient. */
  institution?: { id: string; name: string };
  /** ISO 8601 */
  since: string;
  until?: string;
  endedAt?: string;
}

export interface Representations {
  /** Those who act for the actor. */
  forMe: RepresentationView[];
  /** Those for whom the actor acts. */
  byMe: RepresentationView[];
}

/** Found only by both: an exact identifier and the birth date that belongs to it. */
export const findRepresentative = z.object({ identifier: z.string().trim().min(6).max(60), birthDate: z.iso.date() });

/** New keys for somebody who has lost the old ones. */
export interface ReenrolmentView {
  subject: string;
  name?: string;
  state: 'proposed' | 'approved' | 'completed' | 'refused';
  /** MSP ids. */
  proposedFor: string;
  approvedFor?: string;
  /** ISO 8601 */
  at: string;
  dueAt?: string;
  reason?: string;
}
