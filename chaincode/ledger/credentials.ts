import { LedgerError } from '../model/errors.ts';
import { type Credential, mostCredentials, type NewCredential } from '../model/secondFactor.ts';
import { keyOfP256 } from './publicKey.ts';

/** The second factors on a person's entry, oldest first. */
type Credentials = readonly Credential[] | undefined;

/** One more: ALREADY_EXISTS, WRONG_STATE where there are as many as may be, INVALID_ARGUMENT for no key of P-256. */
export function withCredential(credentials: Credentials, added: NewCredential, at: Date): Credential[] {
  const before = credentials ?? [];
  if (before.some(({ id }) => id === added.id)) {
    throw new LedgerError('ALREADY_EXISTS', 'this passkey or PIN is registered already');
  }
  if (before.length >= mostCredentials) {
    throw new LedgerError('WRONG_STATE', `there are ${mostCredentials} passkeys and PINs already`);
  }
  if (!keyOfP256(added.publicKey)) throw new LedgerError('INVALID_ARGUMENT', 'credential.publicKey: no key of P-256');
  return [...before, { ...added, addedAt: at.toISOString() }];
}

/** One less: NOT_FOUND. Undefined where none is left. */
export function withoutCredential(credentials: Credentials, id: string): Credential[] | undefined {
  const left = (credentials ?? []).filter((credential) => credential.id !== id);
  if (left.length === (credentials?.length ?? 0)) throw new LedgerError('NOT_FOUND', 'there is no such passkey or PIN');
  return left.length > 0 ? left : undefined;
}
