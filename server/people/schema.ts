import { z } from 'zod';
import type { Credential } from '#chaincode/model/secondFactor.ts';

export const roles = ['doctor', 'patient', 'pharmacist', 'insurer', 'supplier', 'regulator', 'admin'] as const;
export type Role = (typeof roles)[number];
/** Everybody who has an entry on `registry`. */
export const staffRoles: readonly Role[] = ['doctor', 'pharmacist', 'insurer', 'supplier', 'regulator', 'admin'];

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
  /** X-Wing public key, base64url, as recorded on the care channel; empty of a ward, who has none. */
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
  /** False for a recovery phrase from before phrases could replace a password. */
  recoverable: boolean;
}

/** A vault that takes the place of version `baseVersion`. */
const newVault = { baseVersion: z.int().min(0), record: z.string().max(65_536) };
/** 32 bytes that a browser derived to prove who is there, base64url. */
const secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
/** 16 bytes with which a browser stretches a password, base64url. */
const salt = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
/** A vault with a new password lock, and what signs in with that password. */
const newPassword = { ...newVault, salt, signInSecret: secret };

export const saveVault = z.object(newVault);

/** Proof of the recovery phrase. */
export const startRecovery = z.object({ email: z.email().max(254), recoverySecret: secret });

/** What a proved phrase gives: the right to replace the password once, and the vault to do it with. */
export interface RecoveryStarted {
  token: string;
  version: number;
  /** JSON of `crypto/vault.ts` `VaultRecord`. */
  record: string;
}

export const finishRecovery = z.object({ token: z.string().max(64), ...newPassword });

/** `proof` is the sign-in secret of the present password. */
export const changePassword = z.object({ proof: secret, ...newPassword });
export const renewPhrase = z.object({ proof: secret, ...newVault, recoverySecret: secret });
/** One more way to open the vault: a wallet's signature, or a passkey's PRF. */
export const addLock = z.object({ kind: z.enum(['wallet', 'passkey']), proof: secret, ...newVault });

export const signInSalt = z.object({ email: z.email().max(254) });

/** The token of an invitation's link. */
export const readInvitation = z.string().min(1).max(128);

const csrPem = z
  .string()
  .max(4096)
  .regex(/^-----BEGIN CERTIFICATE REQUEST-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE REQUEST-----\s*$/);
/** X-Wing public key, 1216 bytes. */
const readingKey = z.string().regex(/^[A-Za-z0-9_-]{1622}$/);

/** Next keys of a person; `proof` is the present key's signature of `rotationStatement`. */
export const requestCertificate = z.object({
  csrPem,
  readingKey,
  proof: z.string().regex(/^[A-Za-z0-9_-]{60,128}$/),
});

/** Enrolment with an invitation, whose token came in the link's fragment. */
export const enrol = z.object({
  token: z.string().max(128),
  email: z.email().max(254),
  salt,
  signInSecret: secret,
  recoverySecret: secret,
  record: z.string().max(65_536),
  csrPem,
  readingKey,
  wallet: z.string().regex(/^0x[0-9a-f]{40}$/),
  /** The wallet's signature over this enrolment (`crypto/walletProof.ts`). */
  walletProof: z.string().regex(/^0x[0-9a-f]{130}$/),
});

export interface Enrolled {
  certificatePem: string;
}

/** What a wallet is asked to sign when it is linked; a message that says anything else links nothing. */
export function linkStatement(subjectId: string): string {
  return `Link this wallet to ${subjectId} in Medloom. From then on it can sign in as this person.`;
}

/** In lower case. */
export const walletAddress = z.string().regex(/^0x[0-9a-f]{40}$/);
export const unlinkWallet = z.object({ address: walletAddress });

/** A wallet of a person. */
export interface WalletView {
  /** Lower case. */
  address: string;
  kind: 'builtIn' | 'linked';
  /** ISO 8601 instant; absent where it is on the registry only. */
  linkedAt?: string;
  /** On `registry`, so that a doctor can prescribe with it; undefined where the registry does not answer or has no entry. */
  recorded?: boolean;
}

/** What a person may know of the own keys; all of it is public. */
export interface KeysView {
  /** ISO 8601 instants. */
  certificate: { subjectId: string; mspId: string; serial: string; validFrom: string; validUntil: string };
  /** Hex SHA-256 of the signing key, as the ledgers know the person, and of the reading key. */
  signingKeyHash: string;
  readingKeyHash: string;
  /** Whether the ledger names this very signing key; undefined while it does not answer. */
  recorded?: boolean;
  /** Second factors as the ledger has them, oldest first; undefined while it does not answer. */
  credentials?: Credential[];
  /** New keys that somebody asks for in this person's name. ISO 8601 instants; `proposedFor` is an organisation's MSP id. */
  reenrolment?: { state: 'proposed' | 'approved'; at: string; dueAt?: string; proposedFor: string };
  wallets: WalletView[];
}

/** An EIP-4361 message with the signature of the wallet that it names. */
export const signedWalletMessage = z.object({
  message: z.string().max(4096),
  signature: z.string().regex(/^0x[0-9a-fA-F]{2,2048}$/),
});
