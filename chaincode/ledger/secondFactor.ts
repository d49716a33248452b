import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { LedgerError } from '../model/errors.ts';
import {
  type Assertion,
  assertion,
  assertionTransientField,
  type Credential,
  challengeOf,
} from '../model/secondFactor.ts';
import { parseJson } from './arguments.ts';

/** WebAuthn, section 6.1: SHA-256 of the relying party's id, one byte of flags, a counter of four bytes. */
const shortestData = 37;
const userPresent = 0x01;
const userVerified = 0x04;

/** What is asked of the client's data (WebAuthn, section 5.8.1); it may say more. */
const clientData = z.object({
  type: z.literal('webauthn.get'),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.literal(false).optional(),
});

/**
 * Refuses a call that none of the credentials confirms: SECOND_FACTOR_REQUIRED where it has no assertion or the person no
 * credential, SECOND_FACTOR_INVALID where the assertion is not one of them over this very call, with its user verified
 * (WebAuthn Level 2, section 7.2). A counter is not asked for: credentials that are kept on several devices have none, and
 * an assertion counts for one proposal's arguments only.
 */
export function requireSecondFactor(ctx: Context, credentials: readonly Credential[] | undefined): void {
  const transient = ctx.stub.getTransient();
  const bytes = transient.get(assertionTransientField);
  if (!bytes || bytes.length === 0 || !credentials?.length) {
    throw new LedgerError('SECOND_FACTOR_REQUIRED', 'this needs a passkey or signing PIN');
  }
  const given = parseJson(assertion, Buffer.from(bytes).toString('utf8'), assertionTransientField);
  const credential = credentials.find(({ id }) => id === given.credentialId);
  if (!credential) throw invalid('the credential is not one of the person’s');
  requireVerifiedUser(given, credential);
  requireChallenge(ctx, given);
  if (!isSigned(given, credential)) throw invalid('the signature is not the credential’s');
}

/** For what needs a second factor only from somebody who has one. */
export function requireOwnSecondFactor(ctx: Context, credentials: readonly Credential[] | undefined): void {
  if (credentials?.length) requireSecondFactor(ctx, credentials);
}

function invalid(detail: string): LedgerError {
  return new LedgerError('SECOND_FACTOR_INVALID', detail);
}

function requireVerifiedUser({ authenticatorData }: Assertion, { rpIdHash }: Credential): void {
  const data = Buffer.from(authenticatorData, 'base64url');
  if (data.length < shortestData || data.subarray(0, 32).toString('hex') !== rpIdHash) {
    throw invalid('the assertion is for another site');
  }
  const flags = data[32] ?? 0;
  if (!(flags & userPresent) || !(flags & userVerified)) throw invalid('the user was not verified');
}

function requireChallenge(ctx: Context, { clientDataJSON }: Assertion): void {
  const said = parseClientData(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
  const { fcn, params } = ctx.stub.getFunctionAndParameters();
  const channel = ctx.stub.getChannelID();
  const expected = challengeOf({
    channel,
    contract: channel === 'registry' ? 'registry' : 'care',
    function: fcn,
    args: params,
    transient: Object.fromEntries(ctx.stub.getTransient()),
  });
  if (said !== Buffer.from(expected).toString('base64url')) throw invalid('the assertion is for another call');
}

/** The challenge that the client's data names. */
function parseClientData(text: string): string {
  try {
    const said = clientData.safeParse(JSON.parse(text));
    if (said.success) return said.data.challenge;
  } catch {
    // Not JSON: refused below, as what is JSON of something else.
  }
  throw invalid('the client’s data is not of an assertion');
}

function isSigned({ authenticatorData, clientDataJSON, signature }: Assertion, { publicKey }: Credential): boolean {
  const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
  const signed = Buffer.concat([Buffer.from(authenticatorData, 'base64url'), hash]);
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' });
    return verify('sha256', signed, key, Buffer.from(signature, 'base64url'));
  } catch {
    // A key of 91 bytes that is no point of the curve signs nothing.
    return false;
  }
}
