import { type Assertion, type Credential, challengeOf } from '#chaincode/model/secondFactor.ts';
import { askPasskey } from '#components/vault/passkey.ts';
import { utf8 } from '#crypto/bytes.ts';
import { sha256Hex } from '#crypto/derive.ts';
import { ledgerCall, type TransactionIntent } from '#server/transactions/schema.ts';

/** What a second factor confirms of an intent: the very call that the ledger will see, 32 bytes. */
export const challengeOfIntent = (intent: TransactionIntent): Uint8Array => challengeOf(ledgerCall(intent));

/** Second factors of a kind made for this site; one of another address of the portal cannot be asked here. */
export function factorsHere(
  credentials: readonly Credential[],
  kind: Credential['kind'],
  host = window.location.hostname,
): Credential[] {
  const rpIdHash = sha256Hex(utf8(host));
  return credentials.filter((credential) => credential.kind === kind && credential.rpIdHash === rpIdHash);
}

/** Has one of the person's passkeys confirm an intent. Throws `PASSKEY_DECLINED`, `PASSKEY_UNSUPPORTED`. */
export async function confirmByPasskey(intent: TransactionIntent, passkeys: readonly Credential[]): Promise<Assertion> {
  const ids = passkeys.map(({ id }) => id);
  return (await askPasskey(ids, challengeOfIntent(intent))).assertion;
}
