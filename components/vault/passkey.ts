import type { Assertion, NewCredential } from '#chaincode/model/secondFactor.ts';
import { type Bytes, copyBytes, fromBase64Url, randomBytes, toBase64Url, utf8 } from '#crypto/bytes.ts';
import { passkeyPrfInput, readRegistration } from '#crypto/passkey.ts';
import { VaultError } from './errors.ts';

/** Asking the browser for passkeys (WebAuthn, Level 3). What its answers mean is told by `crypto/passkey.ts`. */

/** Whether this browser has passkeys at all. */
export const hasPasskeys = (): boolean => typeof PublicKeyCredential === 'function';

const declined = (cause?: unknown) => new VaultError('PASSKEY_DECLINED', 'The passkey did not confirm it.', { cause });

function requirePasskeys(): void {
  if (!hasPasskeys()) throw new VaultError('PASSKEY_UNSUPPORTED', 'This browser cannot use passkeys.');
}

const prf = { prf: { eval: { first: passkeyPrfInput } } };

/** What the browser hands over; throws `PASSKEY_DECLINED` where it is no passkey's. */
async function answerOf(asking: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const given = await asking.catch((cause: unknown) => {
    throw declined(cause);
  });
  if (!(given instanceof PublicKeyCredential)) throw declined();
  return given;
}

/** The 32 bytes that the PRF gave, secret; null where the passkey has none, or tells it only when it signs. */
function outputOf(given: PublicKeyCredential): Bytes | null {
  const first = given.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  return copyBytes(
    first instanceof ArrayBuffer
      ? new Uint8Array(first)
      : new Uint8Array(first.buffer, first.byteOffset, first.byteLength),
  );
}

const idOf = (given: PublicKeyCredential) => toBase64Url(new Uint8Array(given.rawId));

/**
 * Has one of these passkeys sign a challenge, its user verified; with `opens`, it is asked for its PRF too. An empty list
 * lets the person choose among all that the browser has for this portal. Throws `PASSKEY_DECLINED`, `PASSKEY_UNSUPPORTED`.
 */
export async function askPasskey(
  credentialIds: readonly string[],
  challenge: Uint8Array = randomBytes(32),
  opens = false,
): Promise<{ assertion: Assertion; output: Bytes | null }> {
  requirePasskeys();
  const given = await answerOf(
    navigator.credentials.get({
      publicKey: {
        challenge: copyBytes(challenge),
        rpId: window.location.hostname,
        userVerification: 'required',
        allowCredentials: credentialIds.map((id) => ({ type: 'public-key', id: fromBase64Url(id) })),
        ...(opens && { extensions: prf }),
      },
    }),
  );
  if (!(given.response instanceof AuthenticatorAssertionResponse)) throw declined();
  const { authenticatorData, clientDataJSON, signature } = given.response;
  const text = (bytes: ArrayBuffer) => toBase64Url(new Uint8Array(bytes));
  return {
    assertion: {
      credentialId: idOf(given),
      authenticatorData: text(authenticatorData),
      clientDataJSON: text(clientDataJSON),
      signature: text(signature),
    },
    output: outputOf(given),
  };
}

/** The passkey's PRF output, which opens the vault. Throws `PASSKEY_NO_PRF` besides what `askPasskey` throws. */
export async function askPasskeyOutput(
  credentialIds: readonly string[],
): Promise<{ credentialId: string; output: Bytes }> {
  const { assertion, output } = await askPasskey(credentialIds, randomBytes(32), true);
  if (output === null) throw new VaultError('PASSKEY_NO_PRF', 'This passkey cannot open keys.');
  return { credentialId: assertion.credentialId, output };
}

/**
 * Makes a passkey of this person: ES256, user verified, kept where the person chooses; PRF is asked for. Throws
 * `PASSKEY_DECLINED`, `PASSKEY_UNSUPPORTED`, `PASSKEY_MALFORMED`.
 */
export async function makePasskey(
  person: { subjectId: string; name: string },
  known: readonly string[],
): Promise<{ credential: NewCredential; offersPrf: boolean }> {
  requirePasskeys();
  const challenge = randomBytes(32);
  const { hostname: rpId, origin } = window.location;
  const given = await answerOf(
    navigator.credentials.create({
      publicKey: {
        challenge,
        rp: { id: rpId, name: 'Medloom' },
        user: { id: utf8(person.subjectId), name: person.name, displayName: person.name },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
        attestation: 'none',
        excludeCredentials: known.map((id) => ({ type: 'public-key', id: fromBase64Url(id) })),
        extensions: prf,
      },
    }),
  );
  const credential = readRegistration(given.toJSON(), toBase64Url(challenge), { rpId, origin });
  return { credential, offersPrf: given.getClientExtensionResults().prf?.enabled === true };
}
