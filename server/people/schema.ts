import { z } from 'zod';

export const roles = ['doctor', 'patient', 'pharmacist', 'insurer', 'supplier', 'regulator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** The signed-in person on whose behalf a service acts; every service takes it first. */
export interface Actor {
  personId: string;
  sessionId: string;
  role: Role;
  name: string;
  /** `prac-…` of staff; `pt-…` of a patient. */
  subjectId: string;
  institutionId: string | null;
  institutionName: string | null;
  mspId: string;
  /** False until the person has enrolled keys. */
  enrolled: boolean;
}

export const findPatients = z.object({ query: z.string().trim().min(2).max(100) });

export interface PatientSummary {
  personId: string;
  name: string;
  /** ISO date */
  birthDate: string;
  sex: 'male' | 'female' | 'other' | 'unknown';
  /** National or institutional identifier of the demonstration. */
  identifier: string;
  pseudonym: string;
  /** X-Wing public key, base64url, as recorded on the care channel. */
  readingKey: string;
}

/** What a browser needs to open the person's keys. */
export interface VaultState {
  /** Compare-and-swap version. */
  version: number;
  /** JSON of `crypto/vault.ts` `VaultRecord`. */
  record: string;
  certificatePem: string;
  wallet: string;
}

export const saveVault = z.object({ baseVersion: z.int().min(0), record: z.string().max(65_536) });

export const signInSalt = z.object({ email: z.email().max(254) });

/** The token of an invitation's link. */
export const readInvitation = z.string().min(1).max(128);

/** Enrolment with an invitation, whose token came in the link's fragment. */
export const enrol = z.object({
  token: z.string().max(128),
  email: z.email().max(254),
  salt: z.string().max(64),
  signInSecret: z.string().max(64),
  record: z.string().max(65_536),
  csrPem: z.string().max(4096),
  readingKey: z.string().max(4096),
  wallet: z.string().regex(/^0x[0-9a-f]{40}$/),
});

export interface Enrolled {
  certificatePem: string;
}

/** An EIP-4361 message with the signature of the wallet that it names. */
export const signedWalletMessage = z.object({
  message: z.string().max(4096),
  signature: z.string().regex(/^0x[0-9a-fA-F]{2,2048}$/),
});
