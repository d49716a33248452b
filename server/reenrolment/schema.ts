import { z } from 'zod';
import { patientPseudonym, practitionerId } from '#chaincode/model/identifiers.ts';
import type { Reenrolment } from '#chaincode/model/patient.ts';
import type { PublicKeys } from '#chaincode/model/registry.ts';
import { enrol, type Role } from '../people/schema.ts';

/** Who has lost password and recovery phrase. */
export const ofPerson = z.object({ subject: z.union([practitionerId, patientPseudonym]) });

/** What shows that somebody is meant by a link: its token, and the e-mail of the account. */
export const claimLink = enrol.pick({ token: true, email: true });

/** New keys as the link's page made them; the same as at an enrolment. */
export const newAccountKeys = enrol;

/** What the link's page says to the person. */
export interface LinkView {
  name: string;
  role: Role;
  institution: string | null;
  /** What the certificate request must name as its subject. */
  subjectId: string;
  /** ISO 8601 */
  expiresAt: string;
}

/** What the person compares with what the institution and the authority see. */
export interface MadeKeys {
  /** Hex SHA-256 of the new signing key. */
  signingKeyHash: string;
}

/** How far somebody's new keys are, as an institution's admin sees it. */
export interface NewKeysView {
  subject: string;
  name: string;
  /** Of an open link, ISO 8601. */
  linkUntil?: string;
  /** As they were made and can be proposed. */
  made?: { keys: Pick<PublicKeys, 'signingKeyHash' | 'readingKey' | 'wallet'>; at: string };
  /** What became of the last proposal, while it is open, of the keys that were made, or refused lately. ISO 8601. */
  onLedger?: { state: Reenrolment['state']; at: string; dueAt?: string; reason?: string };
}

/** What somebody who is signed in must know of new keys in the own name. */
export interface OwnNewKeys {
  /** From when they count, once they are approved; ISO 8601. */
  dueAt?: string;
}
