import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Assertion, type ConfirmedCall, challengeOf, type NewCredential } from '../model/secondFactor.ts';
import type { Identity } from './identity.ts';

/** What people sign in tests besides proposals: statements, and assertions of second factors. */

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The signature of a statement (`model/statements.ts`): DER, low S, base64url. `highS` gives its other form, which is refused. */
export function signStatement(
  { privateKey }: Pick<Identity, 'privateKey'>,
  statement: Uint8Array,
  highS = false,
): string {
  const raw = sign('sha256', statement, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const s = BigInt(`0x${raw.subarray(32).toString('hex')}`);
  const wanted = s > order / 2n === highS ? s : order - s;
  const body = Buffer.concat(
    [raw.subarray(0, 32), Buffer.from(wanted.toString(16).padStart(64, '0'), 'hex')].map(integer),
  );
  return Buffer.concat([Buffer.from([0x30, body.length]), body]).toString('base64url');
}

function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(Math.max(first, 0));
  const padded = (digits[0] ?? 0) >= 0x80 ? [0, ...digits] : [...digits];
  return Buffer.from([0x02, padded.length, ...padded]);
}

/** A passkey or PIN in a test. */
export interface TestCredential {
  /** As a person brings it. */
  credential: NewCredential;
  /** What its authenticator answers for a call; `change` falsifies it. */
  assert(call: ConfirmedCall, change?: AssertionChange): Assertion;
}

export interface AssertionChange {
  flags?: number;
  type?: string;
  rpId?: string;
  challenge?: Uint8Array;
  key?: KeyObject;
}

const rpIdOfTests = 'medloom.example';
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
const flagsUpUv = 0x05;

export function createCredential(kind: NewCredential['kind'] = 'passkey'): TestCredential {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credential: NewCredential = {
    id: randomBytes(16).toString('base64url'),
    kind,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
    rpIdHash: sha256(rpIdOfTests).toString('hex'),
  };
  const assert = (call: ConfirmedCall, change: AssertionChange = {}): Assertion => {
    const { flags = flagsUpUv, type = 'webauthn.get', rpId = rpIdOfTests, key = privateKey } = change;
    const authenticatorData = Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, 1])]);
    const challenge = Buffer.from(change.challenge ?? challengeOf(call)).toString('base64url');
    const clientData = Buffer.from(JSON.stringify({ type, challenge, origin: `https://${rpId}`, crossOrigin: false }));
    return {
      credentialId: credential.id,
      authenticatorData: authenticatorData.toString('base64url'),
      clientDataJSON: clientData.toString('base64url'),
      signature: sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), key).toString('base64url'),
    };
  };
  return { credential, assert };
}

/** Transient data of a call with the second factor's assertion over it. */
export function confirmed(
  { assert }: TestCredential,
  call: Omit<ConfirmedCall, 'transient'> & Partial<Pick<ConfirmedCall, 'transient'>>,
  change: AssertionChange = {},
): Record<string, Uint8Array> {
  const transient = call.transient ?? {};
  return { ...transient, assertion: Buffer.from(JSON.stringify(assert({ ...call, transient }, change))) };
}
