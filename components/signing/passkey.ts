import { type Assertion, type Credential, challengeOf } from '#chaincode/model/secondFactor.ts';
import { VaultError } from '#components/vault/errors.ts';
import { copyBytes, fromBase64Url, toBase64Url, utf8 } from '#crypto/bytes.ts';
import { sha256Hex } from '#crypto/derive.ts';
import { t } from '#messages/en.ts';
import { ledgerCall, type TransactionIntent } from '#server/transactions/schema.ts';

const text = t.signing.factor;

/** What a second factor confirms of an intent: the very call that the ledger will see, 32 bytes. */
export const challengeOfIntent = (intent: TransactionIntent): Uint8Array => challengeOf(ledgerCall(intent));

/** Whether this browser has passkeys at all. */
export const hasPasskeys = (): boolean => typeof PublicKeyCredential === 'function';

/** Passkeys made for this site; one of another address of the portal cannot be asked here. */
export function passkeysHere(credentials: readonly Credential[], host = window.location.hostname): Credential[] {
  const rpIdHash = sha256Hex(utf8(host));
  return credentials.filter(({ kind, rpIdHash: made }) => kind === 'passkey' && made === rpIdHash);
}

/**
 * Has one of the person's passkeys confirm an intent, its user verified (WebAuthn Level 2, section 5.1.4). Throws
 * `PASSKEY_DECLINED`, `PASSKEY_UNSUPPORTED`.
 */
export async function confirmByPasskey(
  intent: TransactionIntent,
  credentials: readonly Credential[],
): Promise<Assertion> {
  if (!hasPasskeys()) throw new VaultError('PASSKEY_UNSUPPORTED', text.unsupported, { next: text.unsupportedNext });
  let given: globalThis.Credential | null;
  try {
    given = await navigator.credentials.get({
      publicKey: {
        challenge: copyBytes(challengeOfIntent(intent)),
        rpId: window.location.hostname,
        userVerification: 'required',
        allowCredentials: credentials.map(({ id }) => ({ type: 'public-key', id: fromBase64Url(id) })),
      },
    });
  } catch (cause) {
    throw new VaultError('PASSKEY_DECLINED', text.declined, { next: text.declinedNext, cause });
  }
  if (!(given instanceof PublicKeyCredential) || !(given.response instanceof AuthenticatorAssertionResponse)) {
    throw new VaultError('PASSKEY_DECLINED', text.declined, { next: text.declinedNext });
  }
  const { authenticatorData, clientDataJSON, signature } = given.response;
  return {
    credentialId: toBase64Url(new Uint8Array(given.rawId)),
    authenticatorData: toBase64Url(new Uint8Array(authenticatorData)),
    clientDataJSON: toBase64Url(new Uint8Array(clientDataJSON)),
    signature: toBase64Url(new Uint8Array(signature)),
  };
}
