import { z } from 'zod';
import { type NewCredential, newCredential } from '#chaincode/model/secondFactor.ts';
import { type Bytes, fromBase64Url, fromUtf8, toHex, utf8 } from './bytes.ts';
import { deriveKey, requireLength, sha256, sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';

/**
 * Passkeys (WebAuthn, Level 3): a second factor that the ledger checks, and, where the authenticator offers PRF, a way to open
 * the vault. Here is what a browser's answer, in its JSON form, means; the asking is the page's.
 */

/** Which portal asks. */
export interface RelyingParty {
  /** Host of the portal. */
  rpId: string;
  /** Origin of its pages. */
  origin: string;
}

/** PRF gives 32 bytes for this input, the same each time for one passkey; the ledger gets no word of them. */
export const passkeyPrfInput: Bytes = sha256(utf8('medloom/vault/passkey/v1'));

/** The wrapping key that a passkey's PRF output gives. Throws `KEY_LENGTH` unless it has 32 bytes. */
export const passkeyLockKey = (output: Uint8Array): Bytes =>
  deriveKey(requireLength(output, 32, 'passkey output'), 'medloom/vault/passkey/v1');

const es256 = -7;
const userPresent = 0x01;
const userVerified = 0x04;

const registration = z.object({
  id: z.string(),
  response: z.object({
    clientDataJSON: z.string(),
    authenticatorData: z.string(),
    publicKey: z.string(),
    publicKeyAlgorithm: z.literal(es256),
  }),
});
const clientData = z.object({ type: z.string(), challenge: z.string(), origin: z.string() });

const refuse = (detail: string, cause?: unknown): never => {
  throw new CryptoError('PASSKEY_MALFORMED', detail, { cause });
};

/**
 * A new passkey as the ledger records it, out of the browser's `RegistrationResponseJSON`. Attestation is not asked for: any
 * authenticator that verifies its user will do. Throws `PASSKEY_MALFORMED`.
 */
export function readRegistration(answer: unknown, challenge: string, party: RelyingParty): NewCredential {
  const { id, response } = parse(registration, answer);
  requireClient(response.clientDataJSON, 'webauthn.create', challenge, party);
  requireAuthenticator(response.authenticatorData, party);
  const credential = newCredential.safeParse({
    id,
    kind: 'passkey',
    publicKey: response.publicKey,
    rpIdHash: sha256Hex(utf8(party.rpId)),
  });
  return credential.success ? credential.data : refuse('credential', credential.error);
}

function parse<Shape extends z.ZodType>(shape: Shape, answer: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(answer);
  return parsed.success ? parsed.data : refuse('answer', parsed.error);
}

function requireClient(text: string, type: string, challenge: string, { origin }: RelyingParty): void {
  const data = parse(clientData, json(text));
  if (data.type !== type) refuse('type');
  if (data.challenge !== challenge) refuse('challenge');
  if (data.origin !== origin) refuse('origin');
}

function json(base64Url: string): unknown {
  try {
    return JSON.parse(fromUtf8(fromBase64Url(base64Url)));
  } catch (cause) {
    return refuse('client data', cause);
  }
}

/** The user was there and was verified, by an authenticator that made the passkey for this portal. */
function requireAuthenticator(text: string, { rpId }: RelyingParty): void {
  const data = fromBase64Url(text);
  if (data.length < 37 || toHex(data.subarray(0, 32)) !== sha256Hex(utf8(rpId))) refuse('portal');
  if (((data[32] ?? 0) & userPresent) === 0 || ((data[32] ?? 0) & userVerified) === 0) refuse('user not verified');
}
