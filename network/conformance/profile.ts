import { readFileSync } from 'node:fs';
import { z } from 'zod';

const pem = z.string().startsWith('-----BEGIN ');
const credential = z.strictObject({ mspId: z.string().min(1), certPem: pem, keyPem: pem });
const gateway = z.strictObject({
  /** host:port of the organisation's gateway peer. */
  address: z.string().min(1),
  /** Root of the gateway's TLS certificate. */
  tlsCaPem: pem,
  /** The name in the gateway's TLS certificate. */
  serverName: z.string().min(1).default('localhost'),
});

/**
 * Where a network of the suite's shape (docs/conformance.md) is reached, and as whom. Identities with peers of their own go
 * through these; the guest goes through Alpha's.
 */
export const profileSchema = z.strictObject({
  /** What it is, for the report. */
  ledger: z.string().min(1),
  gateways: z.strictObject({ alpha: gateway, beta: gateway, gamma: gateway }),
  identities: z.strictObject({
    alpha: credential,
    beta: credential,
    gamma: credential,
    guest: credential,
    /** Of AlphaMSP, in a revocation list of the channel's MSP. */
    revoked: credential,
    /** Of AlphaMSP, beyond its validity. */
    expired: credential,
    /** Of an MSP that the channels do not know. */
    foreign: credential,
  }),
  /** Roots of the orderers' certificates. */
  ordererRootsPem: z.array(pem).min(1),
});

export type Profile = z.infer<typeof profileSchema>;
export type Credential = z.infer<typeof credential>;
export type GatewayName = keyof Profile['gateways'];
export type IdentityName = keyof Profile['identities'];

/** Reads a profile (JSON). Throws with every fault of it. */
export function readProfile(file: string): Profile {
  const parsed = profileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a profile of the suite:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
