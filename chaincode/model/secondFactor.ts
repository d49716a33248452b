import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { canonicalJson } from './state.ts';

/**
 * The second factor that the ledger itself checks: an assertion of WebAuthn (Level 2, section 7.2) whose challenge is the
 * hash of the very call. It travels as transient data, since a block needs none of it.
 */

const base64Url = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);

/**
 * `passkey`: kept by an authenticator, which saw its user. `pin`: a key in the person's vault under a PIN of its own, for
 * browsers without an authenticator; it answers in the same form.
 */
export const credentialKinds = ['passkey', 'pin'] as const;
export const mostCredentials = 8;

/** A credential as the person's entry names it. ES256 only. */
export const credential = z.strictObject({
  /** Credential id, base64url. */
  id: base64Url(16, 1366),
  kind: z.enum(credentialKinds),
  /** DER SubjectPublicKeyInfo of a P-256 key, base64url: 91 bytes. */
  publicKey: base64Url(122, 122),
  /** Hex SHA-256 of the relying party's id, the host of the portal. */
  rpIdHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601 */
  addedAt: z.iso.datetime(),
});
export type Credential = z.infer<typeof credential>;
/** What a person brings; the time is the transaction's. */
export const newCredential = credential.omit({ addedAt: true });
export type NewCredential = z.infer<typeof newCredential>;

/** Transient field that carries an assertion, as JSON. */
export const assertionTransientField = 'assertion';
export const assertion = z.strictObject({
  credentialId: base64Url(16, 1366),
  /** base64url, as the authenticator gave them. */
  authenticatorData: base64Url(50, 1024),
  clientDataJSON: base64Url(20, 2048),
  /** DER ECDSA. */
  signature: base64Url(60, 128),
});
export type Assertion = z.infer<typeof assertion>;

/** The call that a second factor confirms. */
export interface ConfirmedCall {
  channel: string;
  /** Name of the chaincode, `care` or `registry`. */
  contract: string;
  /** As it is called, for example `consents:grant`. */
  function: string;
  args: readonly string[];
  transient: Readonly<Record<string, Uint8Array>>;
}

/** The challenge, 32 bytes: SHA-256 over the canonical JSON of the call, other transient fields by their hash. */
export function challengeOf({ channel, contract, function: name, args, transient }: ConfirmedCall): Uint8Array {
  const fields = Object.entries(transient).filter(([field]) => field !== assertionTransientField);
  const hashes = Object.fromEntries(fields.map(([field, bytes]) => [field, bytesToHex(sha256(bytes))]));
  const call = { purpose: 'medloom/second-factor/v1', channel, contract, function: name, args, transient: hashes };
  return sha256(new TextEncoder().encode(canonicalJson(call)));
}
