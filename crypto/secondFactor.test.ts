import { createPublicKey, verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { assertion, type ConfirmedCall, challengeOf, newCredential } from '#chaincode/model/secondFactor.ts';
import { concat, fromBase64Url, fromUtf8, randomBytes, toBase64Url, utf8 } from './bytes.ts';
import { sha256 } from './derive.ts';
import { passkeyLockKey, readRegistration } from './passkey.ts';
import { assertByPin, createPin } from './pin.ts';
import { generateSigningKey, importSigningKey } from './signingKey.ts';

const party = { rpId: 'medloom.example', origin: 'https://medloom.example' };
const call: ConfirmedCall = {
  channel: 'care-0',
  contract: 'care',
  function: 'consents:grant',
  args: ['{}'],
  transient: { consent: utf8('terms') },
};
const refusal = (code: string, detail?: string) =>
  expect.objectContaining({ code, ...(detail !== undefined && { detail }) });

/** WebAuthn Level 2, section 7.2, as the ledger checks it. */
function isAssertion(text: unknown, publicKey: string, challenge: Uint8Array): boolean {
  const { authenticatorData, clientDataJSON, signature } = assertion.parse(text);
  const [data, client] = [fromBase64Url(authenticatorData), fromBase64Url(clientDataJSON)];
  const key = createPublicKey({ key: Buffer.from(fromBase64Url(publicKey)), format: 'der', type: 'spki' });
  const said: unknown = JSON.parse(fromUtf8(client));
  expect(said).toMatchObject({ type: 'webauthn.get', origin: party.origin, challenge: toBase64Url(challenge) });
  expect(data.subarray(0, 32)).toEqual(sha256(utf8(party.rpId)));
  expect((data[32] ?? 0) & 5).toBe(5);
  return verify('sha256', concat(data, sha256(client)), key, fromBase64Url(signature));
}

describe('a signing PIN', () => {
  let made: Awaited<ReturnType<typeof createPin>>;
  beforeAll(async () => {
    made = await createPin('246810', party.rpId);
  });

  it('confirms a call in the form of WebAuthn', async () => {
    const { credential, kept } = made;
    expect(newCredential.parse(credential)).toEqual(credential);
    const given = await assertByPin(kept, '246810', call, party.origin);
    expect(given.credentialId).toBe(credential.id);
    expect(isAssertion(given, credential.publicKey, challengeOf(call))).toBe(true);
  });

  it('is not told by what is kept of it, and opens by nothing else', async () => {
    await expect(assertByPin(made.kept, '246811', call, party.origin)).rejects.toThrow(refusal('PIN_WRONG'));
    const moved = { ...made.kept, rpId: 'other.example' };
    await expect(assertByPin(moved, '246810', call, party.origin)).rejects.toThrow(refusal('PIN_WRONG'));
    const weaker = { ...made.kept, memory: 1024 };
    await expect(assertByPin(weaker, '246810', call, party.origin)).rejects.toThrow(refusal('PASSWORD_PARAMETERS'));
    await expect(createPin('12345', party.rpId)).rejects.toThrow(refusal('PIN_TOO_SHORT'));
  });
});

describe('a passkey', () => {
  const id = toBase64Url(randomBytes(32));
  const authenticator = (flags: number, rpId = party.rpId) =>
    concat(sha256(utf8(rpId)), Uint8Array.of(flags), new Uint8Array(4));
  const client = (said: object) => utf8(JSON.stringify(said));
  let publicKey: string;
  beforeAll(async () => {
    const key = await importSigningKey(await generateSigningKey());
    publicKey = toBase64Url(new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey)));
  });

  const registered = (said: object, data = authenticator(0x45), algorithm = -7) => ({
    id,
    rawId: id,
    type: 'public-key',
    response: {
      clientDataJSON: toBase64Url(client({ type: 'webauthn.create', challenge: 'Y2g', origin: party.origin, ...said })),
      attestationObject: 'AAAA',
      authenticatorData: toBase64Url(data),
      publicKey,
      publicKeyAlgorithm: algorithm,
    },
    clientExtensionResults: {},
  });

  it('is recorded as the ledger takes it', () => {
    const credential = readRegistration(registered({}), 'Y2g', party);
    expect(newCredential.parse(credential)).toEqual(credential);
    expect(credential).toMatchObject({ id, kind: 'passkey', publicKey });
  });

  it.each([
    ['challenge', registered.bind(null, { challenge: 'other' })],
    ['origin', registered.bind(null, { origin: 'https://other.example' })],
    ['type', registered.bind(null, { type: 'webauthn.get' })],
    ['user not verified', () => registered({}, authenticator(0x41))],
    ['portal', () => registered({}, authenticator(0x45, 'other.example'))],
    ['answer', () => registered({}, authenticator(0x45), -257)],
    ['answer', () => ({})],
  ])('is refused for its %s', (detail, answer) => {
    expect(() => readRegistration(answer(), 'Y2g', party)).toThrow(refusal('PASSKEY_MALFORMED', detail));
  });

  it('gives a wrapping key by PRF', () => {
    expect(passkeyLockKey(new Uint8Array(32))).toHaveLength(32);
    expect(() => passkeyLockKey(new Uint8Array(31))).toThrow(refusal('KEY_LENGTH'));
  });
});
